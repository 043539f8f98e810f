package signal

import (
	"fmt"
	"sync"
	"testing"

	"golang.org/x/time/rate"

	"stube/internal/signal/protocol"
)

// Fifty who join at once and leave at once all see each other, and leave nothing behind.
func TestStorm(t *testing.T) {
	const guests = 50
	h := newHouse(t, nil)
	clients := make([]*client, guests)
	for i := range clients {
		clients[i] = h.dial(t)
	}
	host := h.dial(t)
	host.join("r", "host")
	var joined, done sync.WaitGroup
	seen := make(chan struct{})
	joined.Add(guests)
	for i, c := range clients {
		done.Go(func() {
			c.join("r", fmt.Sprint("guest ", i))
			joined.Done()
			<-seen
			ask[protocol.Empty](c, protocol.MethodLeave, protocol.Empty{})
		})
	}
	joined.Wait()
	came, left := map[string]bool{}, map[string]bool{}
	deltas := uint64(0)
	for len(left) < guests {
		delta := await[protocol.Delta](host, protocol.MethodDelta)
		if deltas++; delta.Sequence != deltas {
			t.Fatalf("delta %d came as number %d", delta.Sequence, deltas)
		}
		before := len(came)
		for _, p := range delta.Participants {
			came[p.ID] = true
		}
		for _, l := range delta.Left {
			left[l.ParticipantID] = true
		}
		if len(came) == guests+1 && before <= guests {
			close(seen)
		}
	}
	done.Wait()
}

// BenchmarkJoin tells how long a join takes from the request to the answer, in a room of so many.
func BenchmarkJoin(b *testing.B) {
	for _, size := range []int{1, 50, 400} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			h := newHouse(b, func(s *Server) { s.pace.budget = rate.Inf })
			for range size {
				h.dial(b).join("r", "somebody")
			}
			c := h.dial(b)
			b.ReportAllocs()
			for b.Loop() {
				c.join("r", "somebody more")
				b.StopTimer()
				ask[protocol.Empty](c, protocol.MethodLeave, protocol.Empty{})
				c.told = nil
				b.StartTimer()
			}
		})
	}
}
