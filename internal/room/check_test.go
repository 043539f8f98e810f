package room

import (
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// begin begins a check.
func begin(t *testing.T, h *House, network string) (*page, error) {
	t.Helper()
	p := &page{t: t, house: h}
	session, _, err := h.Check(t.Context(), Checker{
		Caller: Caller{AddressKey: network}, Capabilities: ortc.RouterCapabilities(), Outbox: p,
	})
	p.session = session
	return p, err
}

// TestCheck: without any right to create a meeting somebody gets their own pictures back, and it ends by itself.
func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Media: media})
		defer h.Close()
		p, err := begin(t, h, "here")
		if err != nil {
			t.Fatal(err)
		}
		sender, receiver := media.children[0].children[0], media.children[0].children[1]
		if len(receiver.calls) != 1 || receiver.calls[0] != "explore" {
			t.Errorf("the way to the page is not tried: %q", receiver.calls)
		}
		made, err := p.session.Produce(protocol.Produce{
			TransportID: sender.id, Kind: ortc.Video, Source: protocol.Camera,
		})
		if err != nil {
			t.Fatal(err)
		}
		consumed, err := p.session.Consume(protocol.Consume{ProducerIDs: []string{made.ProducerID}})
		if err != nil || len(consumed.Consumers) != 1 {
			t.Errorf("consumed %+v, %v", consumed, err)
		}
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("a check counts as a meeting: %+v", stats)
		}
		time.Sleep(checkTime)
		synctest.Wait()
		if p.reason != protocol.ErrEnded {
			t.Errorf("ended by %q", p.reason)
		}
		if stats := h.Stats(); stats != (Stats{}) || h.checking != 0 {
			t.Errorf("the house holds %+v and %d checks", stats, h.checking)
		}
	})
}

// TestCheckIsNobodyElses: no room's name leads there.
func TestCheckIsNobodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		p, err := begin(t, h, "here")
		if err != nil {
			t.Fatal(err)
		}
		_, err = try(t, h, Entry{Room: p.session.room.name.key, Name: "Eve"})
		refused(t, err, protocol.ErrInvalidRoom)
	})
}

// criterion 30: neither one network nor many fill the server with checks.
func TestCriterion30ChecksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Media: &fake{}})
		defer h.Close()
		for i := range checkBurst {
			p, err := begin(t, h, "here")
			if err != nil {
				t.Fatalf("check %d: %v", i, err)
			}
			if err := p.session.Leave(); err != nil {
				t.Fatal(err)
			}
		}
		_, err := begin(t, h, "here")
		refused(t, err, protocol.ErrTryLater)
		synctest.Wait()
		for i := range maxChecks {
			if _, err := begin(t, h, string(rune('a'+i))); err != nil {
				t.Fatalf("check %d at once: %v", i, err)
			}
		}
		_, err = begin(t, h, "elsewhere")
		refused(t, err, protocol.ErrTryLater)
	})
}
