package room

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/auth/limit"
	"stube/internal/auth/password"
	"stube/internal/ortc"
	"stube/internal/room/attempt"
	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// The limits of a House whose Config has none.
const (
	DefaultMaxRooms        = 1000
	DefaultMaxParticipants = 500
	DefaultHoldTime        = 10 * time.Minute
)

// lobbies is how many rooms there can be for each that may have a meeting: in the others somebody waits for a host.
const lobbies = 4

// How often somebody may ask about rooms in vain, and try passwords: at once, and then one each interval. A school
// whose classes wait at the same time behind one address stays below.
const (
	lookupBurst, lookupPause = 600, time.Second
	guessBurst, guessPause   = 5, 30 * time.Second  // at one room, from one network
	floodBurst, floodPause   = 100, 5 * time.Second // at one room
)

// How much an account, and a kept room, may have written to the disk: at once, and then one thing each interval.
const keptBurst, keptPause = 300, 2 * time.Second

// hashers is how many passwords are hashed at a time.
const hashers = 2

// joinAttempts is how often a room may end under the hands of somebody who enters it.
const joinAttempts = 8

// Config is what a House is made of.
type Config struct {
	Media Media

	// Open lets anybody start rooms, and be their host. Otherwise only callers who may create do (criterion 1).
	Open bool
	// Instant are the settings of rooms that nobody keeps; nil: Safe.
	Instant *protocol.Settings
	// HoldTime is how long a room waits for a host to come back; 0: DefaultHoldTime.
	HoldTime time.Duration

	Tokens      Tokens           // of other systems; nil: none is taken
	Rooms       keep.Rooms       // nil: in memory
	Invitations keep.Invitations // of named rooms; nil: in memory
	Bans        keep.Bans        // from named rooms; nil: in memory

	Admission Admission // nil: whatever comes is taken on

	MaxRooms        int // with a meeting; 0: DefaultMaxRooms
	MaxParticipants int // in one room; 0: DefaultMaxParticipants
	Log             *slog.Logger
}

// Admission tells what the server can take on beside what goes on. Its methods don't wait.
type Admission interface {
	MayBegin() bool // one more meeting
	MayEnter() bool // one more in a meeting that goes on
}

// House holds the rooms of a server. A room is there while somebody is in it, or waits.
type House struct {
	// Set once.
	cfg       Config
	needs     map[protocol.Method]rights.Need
	instant   keep.Invitations // of instant rooms
	passwords *password.Hasher
	lookups   *attempt.Limit // by network
	guesses   *attempt.Limit // of passwords, by room and network
	floods    *attempt.Limit // of passwords, by room
	kept      *limit.Limit   // of what is written to the disk, by account or room
	checks    *attempt.Limit // by network
	wg        sync.WaitGroup // the rooms' loops

	participants, waiting atomic.Int64

	// Guarded by mu.
	mu    sync.Mutex
	rooms map[string]*Room // by the key of their name
	live  int              // meetings
	// checking is how many of the rooms are of checks.
	checking int
	closed   bool
}

// NewHouse makes a house without rooms.
func NewHouse(cfg Config) *House {
	if cfg.Instant == nil {
		safe := Safe()
		cfg.Instant = &safe
	}
	if cfg.HoldTime == 0 {
		cfg.HoldTime = DefaultHoldTime
	}
	memory := keep.NewMemory()
	if cfg.Rooms == nil {
		cfg.Rooms = memory
	}
	if cfg.Invitations == nil {
		cfg.Invitations = memory
	}
	if cfg.Bans == nil {
		cfg.Bans = memory
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
	return &House{
		cfg: cfg, rooms: map[string]*Room{}, needs: rights.Needs(), instant: keep.NewMemory(),
		passwords: password.NewHasher(password.Usual(), hashers), lookups: attempt.New(lookupPause, lookupBurst),
		guesses: attempt.New(guessPause, guessBurst), floods: attempt.New(floodPause, floodBurst),
		kept:   limit.New(keptPause, keptBurst),
		checks: attempt.New(checkPause, checkBurst),
	}
}

// Entry is somebody who joins.
type Entry struct {
	Caller       Caller
	Room         string
	Name         string
	Capabilities ortc.RTPCapabilities
	Invite       string // the secret of a link
	Password     string
	Token        string // of another system
	Knock        string // the ticket of a place in the lobby
	Outbox       Outbox
}

// Join lets somebody enter a room, or wait in its lobby: then the error is a *Waiting. Notifications to the outbox
// belong behind the answer. Errors that a client causes are of type *Error.
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
	if err := e.check(); err != nil {
		return nil, none, err
	}
	if e.Knock == "" && !h.lookups.Allowed(e.Caller.AddressKey) {
		return nil, none, refuse(protocol.ErrTryLater, "too many look-ups")
	}
	session, joined, err := h.join(ctx, room, e)
	var refused *Error
	if errors.As(err, &refused) && e.Knock == "" {
		switch refused.Code {
		case protocol.ErrWaiting, protocol.ErrInviteInvalid, protocol.ErrTokenInvalid, protocol.ErrPasswordRequired:
			h.lookups.Failed(e.Caller.AddressKey)
		}
	}
	return session, joined, err
}

// check bounds the secrets that somebody brings.
func (e Entry) check() error {
	if len(e.Invite) > protocol.MaxSecret || len(e.Knock) > protocol.MaxSecret || len(e.Token) > protocol.MaxToken ||
		len(e.Password) > protocol.MaxPassword {
		return refuse(protocol.ErrInvalidParams, "a secret is too long")
	}
	return nil
}

// join gathers what the entry rests on and knocks, again after a password was found to fit.
func (h *House) join(ctx context.Context, room roomName, e Entry) (*Session, protocol.Joined, error) {
	var none protocol.Joined
	claim, err := h.claim(ctx, room, e)
	if err != nil {
		return nil, none, err
	}
	for range joinAttempts {
		r, err := h.open(room)
		if err != nil {
			return nil, none, err
		}
		session, joined, err := r.join(e, claim)
		var asked needsPassword
		switch {
		case errors.As(err, &asked):
			if err := h.checkPassword(ctx, room.key, e.Caller.AddressKey, asked.hash, e.Password); err != nil {
				return nil, none, err
			}
			claim.password = asked.hash
		case !errors.Is(err, errEnded):
			return session, joined, err
		}
	}
	return nil, none, refuse(protocol.ErrInternal, "room ended at each of %d attempts to join", joinAttempts)
}

// Return is somebody who comes back on a new connection.
type Return struct {
	Caller Caller
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
	Rooms        int // with a meeting
	Participants int
	Waiting      int // in lobbies
}

// Stats tells what is in the house now. A check, of one who is not in a meeting yet, is none.
func (h *House) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{
		Rooms: max(h.live-h.checking, 0), Participants: max(int(h.participants.Load())-h.checking, 0),
		Waiting: int(h.waiting.Load()),
	}
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

// open finds a room, or makes it. A meeting does not begin by that.
func (h *House) open(name roomName) (*Room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, refuse(protocol.ErrShuttingDown, "house is closed")
	}
	if r := h.rooms[name.key]; r != nil {
		return r, nil
	}
	if len(h.rooms) >= lobbies*h.cfg.MaxRooms {
		return nil, refuse(protocol.ErrServerFull, "there are %d rooms", len(h.rooms))
	}
	r := newRoom(h, name)
	h.rooms[name.key] = r
	return r, nil
}

// goLive counts a meeting that begins, if there may be one more. Who checks the way to the server is perhaps about to
// enter a meeting that goes on.
func (h *House) goLive(check bool) error {
	if a := h.cfg.Admission; a != nil && !a.MayBegin() && (!check || !a.MayEnter()) {
		return refuse(protocol.ErrServerBusy, "the load is too high for one more meeting")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.live >= h.cfg.MaxRooms {
		return refuse(protocol.ErrServerFull, "there are %d meetings", h.live)
	}
	h.live++
	return nil
}

// mayEnter tells whether somebody may come to a meeting that goes on. Its hosts always may: without them it stands
// still.
func (h *House) mayEnter(host bool) error {
	if a := h.cfg.Admission; a != nil && !host && !a.MayEnter() {
		return refuse(protocol.ErrServerBusy, "the load is too high for one more participant")
	}
	return nil
}

// goQuiet counts a meeting that has ended.
func (h *House) goQuiet() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.live--
}

// forget removes a room that ends.
func (h *House) forget(r *Room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[r.name.key] == r {
		delete(h.rooms, r.name.key)
		if r.isCheck() {
			h.checking--
		}
	}
}

// newID makes a random identifier of 80 bits.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
