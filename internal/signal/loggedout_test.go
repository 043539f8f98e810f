package signal

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"testing"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// logIns is a house with log-ins of Anna's, and one of Ben's, at a header that only this test knows. One has ended.
func logIns(t *testing.T, ended *string) *house {
	return startHouse(t, room.Config{}, func(s *Server) {
		s.callers = newCallers(Config{Identify: func(r *http.Request) (room.Caller, bool) {
			session := r.Header.Get("X-Test-Session")
			who := room.Caller{Account: "anna", Session: session, Name: "Anna", MayCreate: true}
			if session == "member" {
				who.Account, who.Name, who.MayCreate = "ben", "Ben", false
			}
			return who, session != "" && session != *ended
		}})
	})
}

func (h *house) dialBy(t *testing.T, session string) *client {
	return h.dialWith(t, http.Header{"X-Test-Session": {session}})
}

// Over real sockets: who has logged out is out of meetings and lobbies at once, also on a connection that was lost, and
// the browser that is left is a stranger's. Another log-in of the account goes on.
func TestLogOutEndsConnections(t *testing.T) {
	ended := ""
	h := logIns(t, &ended)
	first := h.dialBy(t, "one")
	joined := first.join("r", "Anna")
	other := h.dialBy(t, "two")
	other.join("r", "Anna too")
	idle := h.dialBy(t, "one")
	lost := h.dialBy(t, "one")
	ticket := lost.join("r", "Anna, elsewhere").Ticket
	if err := lost.socket.CloseNow(); err != nil {
		t.Fatal(err)
	}

	h.server.LogOut("ben", func(string) bool { return true })
	h.server.LogOut("anna", func(session string) bool { return session == "one" })
	for name, c := range map[string]*client{"in the meeting": first, "in no meeting": idle} {
		if closed := await[protocol.Closed](c, protocol.MethodClosed); closed.Reason != protocol.ErrLoggedOut {
			t.Errorf("a connection %s ended by %q", name, closed.Reason)
		}
	}
	left := map[string]bool{}
	for len(left) < 2 {
		for _, who := range await[protocol.Delta](other, protocol.MethodDelta).Left {
			left[who.ParticipantID] = true
		}
	}
	if !left[joined.ParticipantID] {
		t.Errorf("%v left", left)
	}
	back := h.dial(t)
	back.refused(protocol.MethodResume, protocol.Resume{Room: "r", Ticket: ticket}, protocol.ErrResumeExpired)
	again := h.dialWith(t, http.Header{"Cookie": {first.cookies[0].Name + "=" + first.cookies[0].Value}})
	again.knock(protocol.Join{Room: "r", Name: "Anna"})
	if fresh := h.dialBy(t, "three").join("r", "Anna"); fresh.You.Role != protocol.Host {
		t.Errorf("after logging in again she is %s", fresh.You.Role)
	}
}

// A log-in that has become too old takes with it what it has open; where nobody knows, all stays.
func TestLogInsExpire(t *testing.T) {
	ended := ""
	h := logIns(t, &ended)
	old, young := h.dialBy(t, "one"), h.dialBy(t, "two")
	old.join("r", "Anna")
	young.join("r", "Anna too")
	broken := errors.New("the disk is gone")
	var asked map[string]bool
	err := h.server.LogOutExpired(t.Context(), func(_ context.Context, used map[string]bool) (map[string]bool, error) {
		asked = used
		return nil, broken
	})
	if !maps.Equal(asked, map[string]bool{"one": true, "two": true}) {
		t.Errorf("in use are %v", asked)
	}
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	live := func(context.Context, map[string]bool) (map[string]bool, error) {
		return map[string]bool{"two": true}, nil
	}
	if err := h.server.LogOutExpired(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	if closed := await[protocol.Closed](old, protocol.MethodClosed); closed.Reason != protocol.ErrLoggedOut {
		t.Errorf("the connection ended by %q", closed.Reason)
	}
	for len(await[protocol.Delta](young, protocol.MethodDelta).Left) == 0 {
	}
}

// Who waits is sent away, and a connection that comes at the moment at which its log-in ends is not taken.
func TestLogOutWhileComing(t *testing.T) {
	ended := ""
	h := logIns(t, &ended)
	host := h.dialBy(t, "host")
	host.join("r", "Host")
	waiting := h.dialBy(t, "member")
	waiting.knock(protocol.Join{Room: "r", Name: "Member"})
	knocks := await[protocol.Knocks](host, protocol.MethodKnocks)
	for len(knocks.Knocks) == 0 {
		knocks = await[protocol.Knocks](host, protocol.MethodKnocks)
	}
	h.server.LogOut("ben", func(session string) bool { return session == "member" })
	if closed := await[protocol.Closed](waiting, protocol.MethodClosed); closed.Reason != protocol.ErrLoggedOut {
		t.Errorf("the connection ended by %q", closed.Reason)
	}
	if gone := await[protocol.Knocks](host, protocol.MethodKnocks).Gone; len(gone) != 1 || gone[0] != knocks.Knocks[0].ID {
		t.Errorf("%v left the lobby, want %s", gone, knocks.Knocks[0].ID)
	}

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.web.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Test-Session", "late")
	who, _ := h.server.callers.identify(r)
	if !h.server.callers.still(who, r) {
		t.Error("a log-in that goes on is refused")
	}
	if ended = "late"; h.server.callers.still(who, r) {
		t.Error("a log-in that has ended still holds")
	}
}
