package room

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// page is a client's side of a Session: it keeps what it is told, and follows the roster as a browser does.
type page struct {
	t       *testing.T
	house   *House
	session *Session
	joined  protocol.Joined
	resumed protocol.Resumed // when it came back

	mu       sync.Mutex
	told     []*Notification
	reason   protocol.ErrorCode
	sequence uint64
	roster   []protocol.Participant
}

func (p *page) Send(n *Notification) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, n)
}

func (p *page) End(reason protocol.ErrorCode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reason = reason
}

// casual are the settings of tests that are not about the door.
func casual() *protocol.Settings {
	s := Casual()
	return &s
}

func enter(t *testing.T, h *House, room, name string) *page {
	t.Helper()
	p := &page{t: t, house: h}
	session, joined, err := h.Join(t.Context(), Entry{
		Room: room, Name: name, Outbox: p, Capabilities: ortc.RouterCapabilities(),
	})
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	p.session, p.joined = session, joined
	p.sequence, p.roster = joined.Snapshot.Sequence, joined.Snapshot.Participants
	return p
}

// told gives the parameters of all notifications of type T so far, in order.
func told[T any](p *page) []T {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []T
	for _, n := range p.told {
		if params, ok := n.params.(T); ok {
			all = append(all, params)
		}
	}
	return all
}

// forget lets go of what the page was told.
func (p *page) forget() {
	p.follow()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = nil
}

// follow applies the deltas, which must have no gaps, and gives the roster.
func (p *page) follow() []protocol.Participant {
	p.t.Helper()
	for _, delta := range told[protocol.Delta](p) {
		if delta.Sequence <= p.sequence {
			continue
		}
		if delta.Sequence != p.sequence+1 {
			p.t.Fatalf("delta %d came after %d", delta.Sequence, p.sequence)
		}
		p.sequence = delta.Sequence
		p.roster = slices.DeleteFunc(slices.Clone(p.roster), func(o protocol.Participant) bool {
			return slices.ContainsFunc(delta.Left, func(l protocol.Left) bool { return l.ParticipantID == o.ID })
		})
		for _, changed := range delta.Participants {
			i := slices.IndexFunc(p.roster, func(o protocol.Participant) bool { return o.ID == changed.ID })
			if i < 0 {
				p.roster = append(p.roster, changed)
			} else {
				p.roster[i] = changed
			}
		}
	}
	return p.roster
}

// sees fails unless the page's roster is what somebody who joins now would be told.
func (p *page) sees(want []protocol.Participant) {
	p.t.Helper()
	if got := p.follow(); !reflect.DeepEqual(got, want) {
		p.t.Errorf("the page of %s sees %+v, want %+v", p.joined.ParticipantID, got, want)
	}
}

func (p *page) endedBy() protocol.ErrorCode {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reason
}

// produce starts a track of one source.
func (p *page) produce(source protocol.Source) string {
	p.t.Helper()
	rule, _ := ruleFor(source)
	made, err := p.session.Produce(protocol.Produce{
		TransportID: p.joined.Send.ID, Kind: rule.kind, Source: source,
	})
	if err != nil {
		p.t.Fatalf("produce: %v", err)
	}
	return made.ProducerID
}

// refused fails unless err is a refusal with the code.
func refused(t *testing.T, err error, want protocol.ErrorCode) {
	t.Helper()
	got, ok := err.(*Error)
	if !ok || got.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
