package room

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"time"

	"stube/internal/ortc"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// participant is somebody in a room.
type participant struct {
	// Set once.
	id           string
	ticket       string
	capabilities ortc.RTPCapabilities
	claim        *claim
	place        *place // from which it was let in; nil when it did not wait
	sender       Sender
	receiver     Receiver

	// Touched by the loop only.
	name      string
	role      protocol.Role
	allowed   rights.Set    // exceptions
	denied    rights.Set    // exceptions
	halted    bool          // by the panic button
	rights    rights.Set    // what holds now; follows from the rest
	told      protocol.Role // the page knows
	hand      uint64        // 0 when it is not raised
	tongue    tongue
	outbox    Outbox // nil while the connection is lost
	epoch     int    // counts connections; a Session of an older one is told that it was replaced
	expiry    *time.Timer
	producers []*producer          // in the order of their making
	consumers map[string]*consumer // by id
	follows   map[string]*consumer // by producer's id
	quality   quality
	ended     []string // consumers that ended and the page has not been told of
	shown     protocol.Participant
	changed   bool // shown is no longer true, and the others are to be told
	inside    bool // from entering to leaving
	loggedOut bool // while it was about to enter
}

func newParticipant(e Entry, c *claim) *participant {
	id := newID()
	return &participant{
		id: id, ticket: id + "." + rand.Text(), capabilities: e.Capabilities, claim: c, name: c.name, tongue: newTongue(),
		outbox: e.Outbox, consumers: map[string]*consumer{}, follows: map[string]*consumer{}, changed: true,
	}
}

// holds tells in constant time whether ticket is the participant's.
func (p *participant) holds(ticket string) bool {
	return subtle.ConstantTimeCompare([]byte(p.ticket), []byte(ticket)) == 1
}

// send tells the page something, if it is connected.
func (p *participant) send(n *Notification) {
	if p.outbox != nil {
		p.outbox.Send(n)
	}
}

// end closes the page's connection, if there is one.
func (p *participant) end(reason protocol.ErrorCode) {
	if p.outbox != nil {
		p.outbox.End(reason)
		p.outbox = nil
	}
}

// public is the participant as others see it. What it gives is never changed.
func (p *participant) public() protocol.Participant {
	if !p.changed {
		return p.shown
	}
	p.shown = protocol.Participant{
		ID: p.id, Name: p.name, Connection: protocol.Connected, Role: p.role, Identity: p.claim.identity, Hand: p.hand,
		Halted: p.halted, Producers: make([]protocol.Producer, len(p.producers)),
	}
	if p.outbox == nil {
		p.shown.Connection = protocol.Reconnecting
	}
	if p.allowed != rights.None {
		p.shown.Allowed = p.allowed.Words()
	}
	if p.denied != rights.None {
		p.shown.Denied = p.denied.Words()
	}
	for i, producer := range p.producers {
		p.shown.Producers[i] = producer.public
	}
	return p.shown
}

// leave takes p out of the room.
func (s *state) leave(p *participant, reason protocol.LeaveReason) {
	s.participants = slices.DeleteFunc(s.participants, func(other *participant) bool { return other == p })
	s.news.left = append(s.news.left, protocol.Left{ParticipantID: p.id, Reason: reason})
	for _, producer := range p.producers {
		delete(s.producers, producer.public.ID)
	}
	s.quiet(p)
	s.release(p)
	s.calm()
	s.watchHosts()
	s.room.log.Info("participant left", "participant_id", p.id, "reason", reason)
}

// release lets go of all that p holds.
func (s *state) release(p *participant) {
	p.inside = false
	p.outbox = nil
	p.epoch++
	if p.expiry != nil {
		p.expiry.Stop()
	}
	p.sender.Close()
	p.receiver.Close()
	s.room.house.participants.Add(-1)
}

func (s *state) rename(p *participant, name string) error {
	clean, err := cleanName(name)
	if err != nil {
		return err
	}
	if clean != p.name {
		p.name = clean
		s.touch(p)
	}
	return nil
}
