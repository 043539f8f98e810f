package room

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

func TestRoomEndsWithItsLastParticipant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna, ben := enter(t, h, "Room", "Anna"), enter(t, h, "room", "Ben")
		if stats := h.Stats(); stats != (Stats{Rooms: 1, Participants: 2}) {
			t.Errorf("the house holds %+v", stats)
		}
		for _, p := range []*page{anna, ben} {
			if err := p.session.Leave(); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("the house holds %+v", stats)
		}
		if calls := media.children[0].calls; len(calls) != 1 || calls[0] != "close" {
			t.Errorf("the router got %v", calls)
		}
		refused(t, anna.session.Leave(), protocol.ErrNotJoined)
		anna.session.Drop()
		if again := enter(t, h, "room", "Anna"); again.joined.Snapshot.Room != "room" {
			t.Errorf("the new room is the old one: %+v", again.joined.Snapshot)
		}
	})
}

// Rooms that start and end all the time lose nobody.
func TestJoinWhileRoomEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 100 {
					if err := enter(t, h, "r", "x").session.Leave(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("the house holds %+v", stats)
		}
	})
}

func TestCloseTellsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		var pages []*page
		for i := range 6 {
			pages = append(pages, enter(t, h, fmt.Sprint("room", i%2), "x"))
		}
		h.Close()
		for _, p := range pages {
			if reason := p.endedBy(); reason != protocol.ErrShuttingDown {
				t.Errorf("ended by %q", reason)
			}
			p.session.Drop()
		}
		_, _, err := h.Join(t.Context(), Entry{Room: "r", Name: "late"})
		refused(t, err, protocol.ErrShuttingDown)
	})
}

func TestCriterion30JoinRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}, MaxRooms: 1})
		defer h.Close()
		enter(t, h, "r", "x")
		bad := ortc.RTPCapabilities{Codecs: []ortc.RTPCodecCapability{{Kind: "smell"}}}
		long := func(limit int) string { return strings.Repeat("x", limit+1) }
		for _, test := range []struct {
			entry Entry
			want  protocol.ErrorCode
		}{
			{Entry{Room: "/", Name: "x"}, protocol.ErrInvalidRoom},
			{Entry{Room: "r", Name: " "}, protocol.ErrInvalidName},
			{Entry{Room: "r", Name: "x", Capabilities: bad}, protocol.ErrInvalidParams},
			{Entry{Room: "q", Name: "x"}, protocol.ErrServerFull},
			{Entry{Room: "r", Name: "x", Invite: long(protocol.MaxSecret)}, protocol.ErrInvalidParams},
			{Entry{Room: "r", Name: "x", Knock: long(protocol.MaxSecret)}, protocol.ErrInvalidParams},
			{Entry{Room: "r", Name: "x", Password: long(protocol.MaxPassword)}, protocol.ErrInvalidParams},
			{Entry{Room: "r", Name: "x", Token: long(protocol.MaxToken)}, protocol.ErrInvalidParams},
		} {
			_, _, err := h.Join(t.Context(), test.entry)
			refused(t, err, test.want)
		}
	})
}

// A room whose first participant could not get transports ends.
func TestNoTransports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: withoutTransports{}})
		defer h.Close()
		_, _, err := h.Join(t.Context(), Entry{Room: "r", Name: "x"})
		refused(t, err, protocol.ErrInternal)
		synctest.Wait()
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("the house holds %+v", stats)
		}
	})
}

type withoutTransports struct{}

func (withoutTransports) NewRouter(func(string, []string)) Router {
	return &fake{fail: errors.New("no socket")}
}
