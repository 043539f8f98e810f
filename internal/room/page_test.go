package room

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// page is a client's side of a Session: it keeps what it is told, and follows the roster as a browser does.
type page struct {
	t       *testing.T
	house   *House
	entry   Entry
	session *Session
	place   *Place // while it waits
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
	return come(t, h, Entry{Room: room, Name: name})
}

// come joins, and must get in.
func come(t *testing.T, h *House, e Entry) *page {
	t.Helper()
	p, err := try(t, h, e)
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	return p
}

// try joins, or fails.
func try(t *testing.T, h *House, e Entry) (*page, error) {
	t.Helper()
	p := &page{t: t, house: h, entry: e}
	e.Outbox, e.Capabilities = p, ortc.RouterCapabilities()
	session, joined, err := h.Join(t.Context(), e)
	if err != nil {
		return p, err
	}
	p.session, p.joined = session, joined
	p.sequence, p.roster = joined.Snapshot.Sequence, joined.Snapshot.Participants
	return p, nil
}

// wait joins, and must get a place in the lobby.
func wait(t *testing.T, h *House, e Entry) *page {
	t.Helper()
	p, err := try(t, h, e)
	var waiting *Waiting
	if !errors.As(err, &waiting) {
		t.Fatalf("%s does not wait: %v", e.Name, err)
	}
	refused(t, err, protocol.ErrWaiting)
	p.place = waiting.Place
	return p
}

// lobby is the last that a page was told while it waits.
func (p *page) lobby() protocol.Lobby {
	p.t.Helper()
	synctest.Wait()
	all := told[protocol.Lobby](p)
	if len(all) == 0 {
		p.t.Fatalf("%s was told nothing of the lobby", p.entry.Name)
	}
	return all[len(all)-1]
}

// again joins with the ticket of the place in the lobby.
func (p *page) again() (*page, error) {
	p.t.Helper()
	e := p.entry
	e.Knock = p.lobby().Ticket
	return try(p.t, p.house, e)
}

// knocks is who waits, as far as a page was told.
func (p *page) knocks() []protocol.Knock {
	p.t.Helper()
	time.Sleep(publishInterval)
	synctest.Wait()
	var all []protocol.Knock
	for _, news := range told[protocol.Knocks](p) {
		if news.Complete {
			all = nil
		}
		all = slices.DeleteFunc(all, func(k protocol.Knock) bool { return slices.Contains(news.Gone, k.ID) })
		for _, k := range news.Knocks {
			i := slices.IndexFunc(all, func(other protocol.Knock) bool { return other.ID == k.ID })
			if i < 0 {
				all = append(all, k)
			} else {
				all[i] = k
			}
		}
	}
	return all
}

// admit lets everybody in who waits.
func (p *page) admit() {
	p.t.Helper()
	if err := p.session.Admit(protocol.Admit{Everyone: true}); err != nil {
		p.t.Fatalf("admit: %v", err)
	}
}

// you is what a page knows about its own rights.
func (p *page) you() protocol.You {
	synctest.Wait()
	all := append([]protocol.You{p.joined.You}, told[protocol.You](p)...)
	return all[len(all)-1]
}

// of gives a participant as a page sees it.
func (p *page) of(other *page) protocol.Participant {
	p.t.Helper()
	time.Sleep(publishInterval)
	synctest.Wait()
	for _, seen := range p.follow() {
		if seen.ID == other.joined.ParticipantID {
			return seen
		}
	}
	p.t.Fatalf("%s does not see %s", p.entry.Name, other.entry.Name)
	return protocol.Participant{}
}

func (p *page) id() string { return p.joined.ParticipantID }

// account is somebody who has signed in.
func account(name string, create bool) Caller {
	return Caller{
		Account: "id of " + name, Name: name, ProviderName: "Google", MayCreate: create, Browser: "b " + name,
		AddressKey: "net " + name,
	}
}

// stranger is a guest at a browser of its own.
func stranger(name string) Caller { return Caller{Browser: "b " + name, AddressKey: "net " + name} }

// must fails unless something went well.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
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
	var got *Error
	if !errors.As(err, &got) || got.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
