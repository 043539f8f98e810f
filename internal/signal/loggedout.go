package signal

import (
	"context"
	"fmt"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// LogOut ends all connections of an account that came by a log-in which has ended, and takes their holders out of rooms
// and lobbies; ended tells by room.Caller.Session which log-ins those are. It does not wait.
func (s *Server) LogOut(account string, ended func(session string) bool) {
	var gone []*connection
	s.mu.Lock()
	for c := range s.open {
		if isOf(c.caller, account) && ended(c.caller.Session) {
			gone = append(gone, c)
		}
	}
	s.mu.Unlock()
	for _, c := range gone {
		c.loggedOut.Store(true)
		c.outbox.End(protocol.ErrLoggedOut)
	}
	s.house.LogOut(account, ended)
}

// LogOutExpired does what LogOut does for the log-ins of all open connections that live no longer tells. live is told
// which they are: an open connection is a use of its log-in. Those that begin while it asks are not touched. The error
// is that of live, and nothing is ended then.
func (s *Server) LogOutExpired(
	ctx context.Context, live func(ctx context.Context, used map[string]bool) (map[string]bool, error),
) error {
	accounts, used := map[string]string{}, map[string]bool{} // by log-in
	s.mu.Lock()
	for c := range s.open {
		if isOf(c.caller, c.caller.Account) {
			accounts[c.caller.Session], used[c.caller.Session] = c.caller.Account, true
		}
	}
	s.mu.Unlock()
	if len(accounts) == 0 {
		return nil
	}
	still, err := live(ctx, used)
	if err != nil {
		return fmt.Errorf("find the log-ins that have expired: %w", err)
	}
	for session, account := range accounts {
		if !still[session] {
			s.LogOut(account, func(other string) bool { return other == session })
		}
	}
	return nil
}

func isOf(who room.Caller, account string) bool {
	return account != "" && who.Account == account && who.Session != ""
}

// drop leaves the room and the lobby of a connection that has ended. Who is only lost may come back; a log-in that has
// ended leaves nothing behind, not even of a request that was under way.
func (c *connection) drop() {
	gone := c.loggedOut.Load()
	switch {
	case c.session == nil:
	case gone:
		_ = c.session.Leave() // fails when the house was faster
	default:
		c.session.Drop()
	}
	switch {
	case c.place == nil:
	case gone:
		c.place.Withdraw()
	default:
		c.place.Drop()
	}
}
