package room

import (
	"log/slog"
	"slices"
	"time"

	"stube/internal/signal/protocol"
)

// Room is a handle on a meeting that may be used on any goroutine.
type Room struct {
	// Set once.
	house *House
	name  roomName
	log   *slog.Logger
	inbox *inbox
	done  chan struct{} // closed when the loop has ended
}

// state is a meeting as its loop sees it, and nobody else.
type state struct {
	room         *Room
	meeting      *meeting       // nil while nobody is in the room
	participants []*participant // in order of joining
	entering     []*participant // whose transports are being made
	waiting      []*place       // in order of coming
	used         bool           // somebody has come: a room that was used and is empty ends
	closing      bool
	producers    map[string]*producer // of all participants, by id
	speakers     protocol.Speakers
	news         news
}

// newRoom starts a room's loop.
func newRoom(h *House, name roomName) *Room {
	r := &Room{house: h, name: name, inbox: newInbox(), done: make(chan struct{})}
	r.log = h.cfg.Log.With("room_id", newID())
	s := &state{room: r, producers: map[string]*producer{}, speakers: protocol.Speakers{Speaking: []string{}}}
	h.wg.Go(func() { r.run(s) })
	r.log.Info("room opened")
	return r
}

// run is the loop.
func (r *Room) run(s *state) {
	defer close(r.done)
	due := time.NewTimer(0)
	defer due.Stop()
	for !s.over() {
		select {
		case <-r.inbox.filled:
			for _, f := range r.inbox.take() {
				f(s)
			}
			s.finishIfEmpty()
		case <-due.C:
		}
		if wait, waiting := s.publish(time.Now()); waiting {
			due.Reset(wait)
		}
	}
	r.house.forget(r)
	for _, p := range s.participants {
		s.release(p)
	}
	for _, w := range slices.Clone(s.waiting) {
		s.giveUp(w, protocol.LobbyGone)
	}
	s.participants, s.entering = nil, nil
	s.finish()
	r.log.Info("room closed")
}

// over tells whether the room has nothing to be there for.
func (s *state) over() bool {
	return s.closing || s.used && len(s.participants)+len(s.entering)+len(s.waiting) == 0
}

func (s *state) shutDown() {
	s.closing = true
	for _, p := range s.participants {
		p.end(protocol.ErrShuttingDown)
	}
}

// post puts f into the loop's inbox and returns at once. A room that has ended drops it.
func (r *Room) post(f func(*state)) { r.inbox.put(f) }

// ask runs f in the loop and waits for what it gives, or errEnded. It must not be called in the loop.
func ask[T any](r *Room, f func(*state) (T, error)) (T, error) {
	var (
		answer T
		err    error
	)
	answered := make(chan struct{})
	r.post(func(s *state) {
		answer, err = f(s)
		close(answered)
	})
	select {
	case <-answered:
		return answer, err
	case <-r.done:
	}
	select {
	case <-answered: // the last thing that the loop did
		return answer, err
	default:
		var none T
		return none, errEnded
	}
}
