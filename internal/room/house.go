package room

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// The limits of a House whose Config has none.
const (
	DefaultMaxRooms        = 1000
	DefaultMaxParticipants = 500
)

// joinAttempts is how often a room may end under the hands of somebody who enters it.
const joinAttempts = 8

// Config is what a House is made of.
type Config struct {
	Media           Media
	Admission       Admission // nil: Everyone
	MaxRooms        int       // 0: DefaultMaxRooms
	MaxParticipants int       // in one room; 0: DefaultMaxParticipants
	Log             *slog.Logger
}

// House holds the rooms of a server. A room is there while somebody is in it.
type House struct {
	// Set once.
	cfg Config
	wg  sync.WaitGroup // the rooms' loops

	participants atomic.Int64

	// Guarded by mu.
	mu     sync.Mutex
	rooms  map[string]*Room // by the key of their name
	closed bool
}

// NewHouse makes a house without rooms.
func NewHouse(cfg Config) *House {
	if cfg.Admission == nil {
		cfg.Admission = Everyone{}
	}
	if cfg.MaxRooms == 0 {
		cfg.MaxRooms = DefaultMaxRooms
	}
	if cfg.MaxParticipants == 0 {
		cfg.MaxParticipants = DefaultMaxParticipants
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &House{cfg: cfg, rooms: map[string]*Room{}}
}

// Entry is somebody who joins.
type Entry struct {
	Room         string
	Name         string
	Capabilities ortc.RTPCapabilities
	Outbox       Outbox
}

// Join lets somebody enter a room, which starts with its first participant. Notifications to the outbox belong
// behind the answer. Errors that a client causes are of type *Error.
func (h *House) Join(ctx context.Context, e Entry) (*Session, protocol.Joined, error) {
	var none protocol.Joined
	room, err := cleanRoomName(e.Room)
	if err != nil {
		return nil, none, err
	}
	if e.Name, err = cleanName(e.Name); err != nil {
		return nil, none, err
	}
	if err := e.Capabilities.Validate(); err != nil {
		return nil, none, mediaError("validate capabilities", err)
	}
	knock := Knock{Room: room.key, Name: e.Name, Starts: h.find(room.key) == nil}
	grant, err := h.cfg.Admission.Admit(ctx, knock)
	if err != nil {
		return nil, none, err
	}
	for range joinAttempts {
		r, err := h.open(room, grant.Start)
		if err != nil {
			return nil, none, err
		}
		session, joined, err := r.join(e, grant.Rights)
		if !errors.Is(err, errEnded) {
			return session, joined, err
		}
	}
	return nil, none, refuse(protocol.ErrInternal, "room ended at each of %d attempts to join", joinAttempts)
}

// Return is somebody who comes back on a new connection.
type Return struct {
	Room   string
	Ticket string
	Outbox Outbox
}

// Resume takes up a participant whose connection was lost. The error is the same for a room that is not there and a
// ticket that is not valid.
func (h *House) Resume(_ context.Context, back Return) (*Session, protocol.Resumed, error) {
	expired := refuse(protocol.ErrResumeExpired, "nobody to resume with this ticket")
	name, err := cleanRoomName(back.Room)
	if err != nil {
		return nil, protocol.Resumed{}, expired
	}
	r := h.find(name.key)
	if r == nil {
		return nil, protocol.Resumed{}, expired
	}
	session, resumed, err := r.resume(back)
	if errors.Is(err, errEnded) {
		err = expired
	}
	return session, resumed, err
}

// Stats counts what is in a House.
type Stats struct {
	Rooms        int
	Participants int
}

// Stats tells what is in the house now.
func (h *House) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{Rooms: len(h.rooms), Participants: int(h.participants.Load())}
}

// Close ends all rooms, tells their participants that the server shuts down, and waits for the loops.
func (h *House) Close() {
	h.mu.Lock()
	h.closed = true
	rooms := make([]*Room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.post((*state).shutDown)
	}
	h.wg.Wait()
}

func (h *House) find(key string) *Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[key]
}

// open finds a room, or starts it when that is allowed.
func (h *House) open(name roomName, start bool) (*Room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, refuse(protocol.ErrShuttingDown, "house is closed")
	}
	if r := h.rooms[name.key]; r != nil {
		return r, nil
	}
	if !start {
		return nil, refuse(protocol.ErrForbidden, "room has not been started")
	}
	if len(h.rooms) >= h.cfg.MaxRooms {
		return nil, refuse(protocol.ErrServerFull, "there are %d rooms", len(h.rooms))
	}
	r := newRoom(h, name)
	h.rooms[name.key] = r
	return r, nil
}

// forget removes a room that ends.
func (h *House) forget(r *Room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[r.name.key] == r {
		delete(h.rooms, r.name.key)
	}
}

// newID makes a random identifier of 80 bits.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
