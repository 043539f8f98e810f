package room

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"stube/internal/signal/protocol"
)

// maxWaitingNear is how many can wait in a lobby who come from one network, so that nobody fills it alone.
const maxWaitingNear = protocol.MaxWaiting / 2

// lobbyTimeout is how long a place in the lobby is kept without a connection, and after its holder was admitted.
const lobbyTimeout = protocol.LobbySeconds * time.Second

// place is somebody's place in the lobby. Nothing of the meeting is ever sent to who has one, but what
// protocol.Lobby holds.
type place struct {
	// Set once.
	id     string
	ticket string
	since  time.Time

	// Touched by the loop only.
	claim    *claim
	outbox   Outbox // nil while the connection is lost
	epoch    int    // counts connections
	seen     bool   // those who admit are told of it
	admitted bool
	byHand   bool           // somebody admitted, who may
	told     protocol.Lobby // the last that the page was told
	expiry   *time.Timer
}

// Waiting is the error of a Join that ended in the lobby. It wraps an *Error with protocol.ErrWaiting.
type Waiting struct {
	cause error
	// Place is what the connection now holds.
	Place *Place
}

// Error tells that somebody waits.
func (w *Waiting) Error() string { return w.cause.Error() }

// Unwrap gives the refusal.
func (w *Waiting) Unwrap() error { return w.cause }

// Place is a place in a lobby on one connection. Its methods don't wait, and may come after the place is gone.
type Place struct {
	room  *Room
	place *place
	epoch int
}

// Drop tells that the connection is lost. The place is kept for a minute.
func (x *Place) Drop() {
	x.room.post(func(s *state) {
		if x.current(s) {
			x.place.outbox = nil
			s.expire(x.place)
			s.touchPlace(x.place)
		}
	})
}

// Withdraw gives the place up.
func (x *Place) Withdraw() {
	x.room.post(func(s *state) {
		if x.current(s) {
			x.place.outbox = nil
			s.giveUp(x.place, protocol.LobbyGone)
		}
	})
}

func (x *Place) current(s *state) bool {
	return x.place.epoch == x.epoch && slices.Contains(s.waiting, x.place)
}

// again is the claim of somebody who comes back to a place: what counts is what the place was given for. What is new
// is the connection, and a ban since.
func (c *claim) again(now *claim) *claim {
	same := *c
	same.banned = c.banned || now.banned
	if now.password != "" {
		same.password = now.password
	}
	same.record = now.record
	return &same
}

// place finds the place whose ticket it is: by the id before the point, then by the whole in constant time.
func (s *state) place(ticket string) *place {
	id, _, _ := strings.Cut(ticket, ".")
	for _, w := range s.waiting {
		if w.id == id {
			if subtle.ConstantTimeCompare([]byte(w.ticket), []byte(ticket)) == 1 {
				return w
			}
			return nil
		}
	}
	return nil
}

// queue gives somebody a place in the lobby, or a new connection to the one they had.
func (s *state) queue(e Entry, c *claim, w *place, seen bool) error {
	if w == nil {
		if len(s.waiting) >= protocol.MaxWaiting {
			return refuse(protocol.ErrRoomFull, "%d wait", len(s.waiting))
		}
		if near := s.waitingFrom(c.caller.AddressKey); near >= maxWaitingNear {
			return refuse(protocol.ErrTryLater, "%d wait from one network", near)
		}
		id := newID()
		w = &place{id: id, ticket: id + "." + rand.Text(), claim: c, since: time.Now()}
		s.waiting = append(s.waiting, w)
		s.room.house.waiting.Add(1)
		s.room.log.Info("somebody waits", "knock_id", id, "waiting", len(s.waiting))
	}
	w.stay()
	w.epoch++
	w.claim = c
	w.outbox = e.Outbox
	w.told = protocol.Lobby{}
	s.show(w, seen)
	s.touchPlace(w)
	s.tellPlace(w)
	return &Waiting{
		cause: refuse(protocol.ErrWaiting, "caller waits in the lobby"),
		Place: &Place{room: s.room, place: w, epoch: w.epoch},
	}
}

// stay makes an admission void; the place is kept as long as its connection.
func (w *place) stay() {
	w.admitted, w.byHand = false, false
	if w.expiry != nil {
		w.expiry.Stop()
		w.expiry = nil
	}
}

// waitingFrom counts who waits from one network.
func (s *state) waitingFrom(network string) (count int) {
	for _, w := range s.waiting {
		if network != "" && w.claim.caller.AddressKey == network {
			count++
		}
	}
	return count
}

// expire gives up a place in a while, unless its connection is back.
func (s *state) expire(w *place) {
	epoch := w.epoch
	if w.expiry != nil {
		w.expiry.Stop()
	}
	w.expiry = time.AfterFunc(lobbyTimeout, func() {
		s.room.post(func(s *state) {
			if w.epoch == epoch && slices.Contains(s.waiting, w) {
				s.giveUp(w, protocol.LobbyGone)
			}
		})
	})
}

// giveUp takes a place away, and tells its page what became of it.
func (s *state) giveUp(w *place, why protocol.LobbyState) {
	s.waiting = slices.DeleteFunc(s.waiting, func(other *place) bool { return other == w })
	s.room.house.waiting.Add(-1)
	w.epoch++
	if w.expiry != nil {
		w.expiry.Stop()
	}
	if w.outbox != nil && why != "" {
		w.outbox.Send(notify(protocol.MethodLobby, protocol.Lobby{State: why, Ticket: w.ticket}))
	}
	s.hide(w)
}
