package room

import (
	"slices"

	"stube/internal/signal/protocol"
)

// LogOut takes everybody out of all rooms and lobbies who came by a log-in of an account that has ended; ended tells by
// Caller.Session which those are. It does not wait.
func (h *House) LogOut(account string, ended func(session string) bool) {
	h.mu.Lock()
	rooms := make([]*Room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	gone := func(c *claim) bool {
		return account != "" && c.caller.Account == account && c.caller.Session != "" && ended(c.caller.Session)
	}
	for _, r := range rooms {
		r.post(func(s *state) { s.logOut(gone) })
	}
}

// logOut takes those out whose log-in has ended. The browser that they came by is a stranger's from now on.
func (s *state) logOut(gone func(*claim) bool) {
	for _, p := range s.entering {
		if gone(p.claim) {
			p.loggedOut = true
			s.forgetBrowser(p.claim)
		}
	}
	for _, w := range slices.Clone(s.waiting) {
		if gone(w.claim) {
			if w.outbox != nil {
				w.outbox.End(protocol.ErrLoggedOut)
				w.outbox = nil
			}
			s.giveUp(w, protocol.LobbyGone)
		}
	}
	for _, p := range slices.Clone(s.participants) {
		if gone(p.claim) {
			s.forgetBrowser(p.claim)
			p.end(protocol.ErrLoggedOut)
			s.leave(p, protocol.LeftByChoice)
		}
	}
}

// forgetBrowser takes from a browser what its account gave it in this meeting; what hosts took from it stays taken.
func (s *state) forgetBrowser(c *claim) {
	if s.meeting == nil || c.caller.Browser == "" {
		return
	}
	key := c.caller.browserKey()
	delete(s.meeting.hosts, key)
	if before, found := s.meeting.standings[key]; found {
		s.meeting.standings[key] = before.taken()
	}
}
