package room

import (
	"log/slog"
	"time"

	"stube/internal/signal/protocol"
)

// Room is a handle on a meeting that may be used on any goroutine.
type Room struct {
	// Set once.
	house  *House
	name   roomName
	log    *slog.Logger
	router Router
	inbox  *inbox
	done   chan struct{} // closed when the loop has ended
}

// state is a meeting as its loop sees it, and nobody else.
type state struct {
	room         *Room
	participants []*participant // in order of joining
	entering     int            // places kept for those whose transports are being made
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
	r.router = h.cfg.Media.NewRouter(func(dominant string, speaking []string) {
		r.post(func(s *state) { s.setSpeakers(dominant, speaking) })
	})
	s := &state{room: r, producers: map[string]*producer{}, speakers: protocol.Speakers{Speaking: []string{}}}
	h.wg.Go(func() { r.run(s) })
	r.log.Info("room started")
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
	r.router.Close()
	r.log.Info("room ended")
}

// over tells whether the room has nothing to be there for.
func (s *state) over() bool {
	return s.closing || s.used && len(s.participants) == 0 && s.entering == 0
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
