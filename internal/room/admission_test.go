package room

import (
	"errors"
	"testing"
	"testing/synctest"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// busy is a server under load.
type busy struct{ meetings, people bool } // taken

func (b *busy) MayBegin() bool { return b.meetings }
func (b *busy) MayEnter() bool { return b.people }

func TestBusyServerStartsNoMeetings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := &busy{meetings: true, people: true}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}, Admission: load})
		defer h.Close()
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: Caller{Browser: "anna"}})

		load.meetings = false
		_, err := try(t, h, Entry{Room: "other", Name: "Clara"})
		refused(t, err, protocol.ErrServerBusy)
		ben := enter(t, h, "r", "Ben")
		checker := Checker{Capabilities: ortc.RouterCapabilities(), Outbox: &page{t: t}}
		if _, _, err := h.Check(t.Context(), checker); err != nil {
			t.Errorf("who could enter a meeting cannot check the way to it: %v", err)
		}

		load.people = false
		_, _, err = h.Check(t.Context(), checker)
		refused(t, err, protocol.ErrServerBusy)
		_, err = try(t, h, Entry{Room: "r", Name: "Clara"})
		refused(t, err, protocol.ErrServerBusy)
		if err := anna.session.Leave(); err != nil {
			t.Fatal(err)
		}
		come(t, h, Entry{Room: "r", Name: "Anna", Caller: Caller{Browser: "anna"}}) // its host

		ben.session.Drop()
		_, _, err = h.Resume(t.Context(), Return{Room: "r", Ticket: ben.joined.Ticket, Outbox: ben})
		if err != nil {
			t.Errorf("whose connection was lost cannot come back: %v", err)
		}
		load.meetings, load.people = true, true
		enter(t, h, "other", "Clara")
		var other *Error
		if _, err := try(t, h, Entry{Room: "other", Name: "Dora"}); errors.As(err, &other) {
			t.Errorf("when there is room again: %v", err)
		}
	})
}
