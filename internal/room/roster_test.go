package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

func TestJoinIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna := enter(t, h, "Küche", "Anna")
		time.Sleep(time.Second)
		ben := enter(t, h, "KÜCHE", "Ben")
		synctest.Wait()
		if room := ben.joined.Snapshot.Room; room != "Küche" {
			t.Errorf("the room is called %q by the second who came", room)
		}
		if len(ben.joined.Snapshot.Participants) != 2 || ben.joined.Ticket == anna.joined.Ticket {
			t.Errorf("got %+v", ben.joined)
		}
		anna.sees(ben.joined.Snapshot.Participants)
		ben.sees(ben.joined.Snapshot.Participants)
		if err := anna.session.Rename("Anne"); err != nil {
			t.Fatal(err)
		}
		if err := ben.session.Leave(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(publishInterval)
		synctest.Wait()
		roster := anna.follow()
		if len(roster) != 1 || roster[0].Name != "Anne" || roster[0].Connection != protocol.Connected {
			t.Errorf("Anna sees %+v", roster)
		}
		refused(t, ben.session.Rename("x"), protocol.ErrNotJoined)
	})
}

// A quiet room tells at once.
func TestQuietRoomTellsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		time.Sleep(publishInterval)
		before := time.Now()
		enter(t, h, "r", "Ben")
		synctest.Wait()
		if len(anna.follow()) != 2 || time.Since(before) != 0 {
			t.Errorf("Anna sees %+v after %v", anna.follow(), time.Since(before))
		}
	})
}

// Five hundred who join within a second cost each of them a few dozen messages, not five hundred.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		pages := make([]*page, DefaultMaxParticipants)
		var wg sync.WaitGroup
		for i := range pages {
			wg.Go(func() { pages[i] = enter(t, h, "r", fmt.Sprint("p", i)) })
			if i%2 == 1 {
				time.Sleep(4 * time.Millisecond)
			}
		}
		wg.Wait()
		time.Sleep(publishInterval)
		synctest.Wait()
		messages := 0
		for _, p := range pages {
			messages += len(p.told)
			if len(p.follow()) != len(pages) {
				t.Fatalf("somebody sees %d of %d", len(p.roster), len(pages))
			}
		}
		if limit := len(pages) * 27; messages > limit {
			t.Errorf("%d messages, want at most %d", messages, limit)
		}
		_, _, err := h.Join(t.Context(), Entry{Room: "r", Name: "too many", Outbox: &page{}})
		refused(t, err, protocol.ErrRoomFull)
	})
}

// Whatever happens, each page that follows the deltas sees what a snapshot shows, but for the order of those who
// are in a snapshot before the delta that brings them.
func TestDeltasAddUp(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
			defer h.Close()
			enter(t, h, "r", "stays")
			var pages []*page
			for range 300 {
				pages = step(t, h, random, pages)
			}
			time.Sleep(publishInterval)
			synctest.Wait()
			last := enter(t, h, "r", "last")
			time.Sleep(publishInterval)
			synctest.Wait()
			for _, p := range pages {
				p.sees(last.joined.Snapshot.Participants)
			}
		})
	}
}

// step lets something happen in the room.
func step(t *testing.T, h *House, random *rand.Rand, pages []*page) []*page {
	time.Sleep(time.Duration(random.IntN(30)) * time.Millisecond)
	if len(pages) < 3 || random.IntN(4) == 0 {
		return append(pages, enter(t, h, "r", "somebody"))
	}
	i := random.IntN(len(pages))
	p := pages[i]
	switch random.IntN(4) {
	case 0:
		if err := p.session.Leave(); err != nil {
			t.Fatal(err)
		}
		return slices.Delete(pages, i, i+1)
	case 1:
		if err := p.session.Rename(fmt.Sprint("name", random.IntN(5))); err != nil {
			t.Fatal(err)
		}
	case 2:
		if len(p.session.participant.producers) == 0 {
			p.produce(protocol.Camera)
		}
	case 3:
		if random.IntN(2) == 0 {
			p.session.Drop()
			time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		}
		pages[i] = p.comeBack("r")
	}
	return pages
}
