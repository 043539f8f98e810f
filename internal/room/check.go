package room

import (
	"context"
	"strings"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

const (
	// checkTime is how long a check may take.
	checkTime = 20 * time.Second
	// maxChecks is how many checks go on at once.
	maxChecks = 20
	// So many checks one network may begin in a row, and then one in each pause.
	checkBurst, checkPause = 10, 10 * time.Second
	// checkPrefix begins the key of a check's room: a sign that no room's name may have.
	checkPrefix = "/check/"
)

// Checker is somebody who tries the way to the server before joining.
type Checker struct {
	Caller       Caller
	Capabilities ortc.RTPCapabilities
	Outbox       Outbox
}

// Check gives somebody a room of their own for a short while, which nobody else can enter, and in which they may
// receive what they send: so a page learns by real media what the way to the server carries. It ends by itself.
func (h *House) Check(_ context.Context, who Checker) (*Session, protocol.Checking, error) {
	var none protocol.Checking
	if err := who.Capabilities.Validate(); err != nil {
		return nil, none, mediaError("validate capabilities", err)
	}
	if !h.checks.Allowed(who.Caller.AddressKey) {
		return nil, none, refuse(protocol.ErrTryLater, "too many checks")
	}
	h.checks.Failed(who.Caller.AddressKey) // each counts
	r, err := h.openCheck()
	if err != nil {
		return nil, none, err
	}
	caller := who.Caller
	caller.MayCreate = true
	entry := Entry{Caller: caller, Name: "-", Capabilities: who.Capabilities, Outbox: who.Outbox}
	session, joined, err := r.join(entry, &claim{caller: caller, name: entry.Name, identity: caller.identity()})
	if err != nil {
		return nil, none, err
	}
	r.post(func(s *state) { s.after(checkTime, (*state).end) })
	return session, protocol.Checking{Send: joined.Send, Receive: joined.Receive}, nil
}

// openCheck makes the room of a check.
func (h *House) openCheck() (*Room, error) {
	name := roomName{key: checkPrefix + newID()}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return nil, refuse(protocol.ErrShuttingDown, "house is closed")
	case h.checking >= maxChecks:
		return nil, refuse(protocol.ErrTryLater, "there are %d checks", h.checking)
	}
	h.checking++
	r := newRoom(h, name)
	h.rooms[name.key] = r
	return r, nil
}

// isCheck tells whether the room is one of a check.
func (r *Room) isCheck() bool { return strings.HasPrefix(r.name.key, checkPrefix) }
