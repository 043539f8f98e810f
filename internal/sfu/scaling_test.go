package sfu

import (
	"net/netip"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"stube/internal/sfu/srtp"
	"stube/internal/sfu/udp"
)

// BenchmarkForwardScaling has two Workers of one Server carry a room each, in turns one Worker alone and both at the
// same time. It reports how much more two carry than one by CPU time, and the share of the time in which a Worker
// waited for a lock. Without a shared lock or a shared line of memory on the path the first is 2.
func BenchmarkForwardScaling(b *testing.B) {
	const consumers, rounds = 100, 20
	rooms := newRooms(b, 2, consumers, srtp.AEADAES128GCM)
	one, two := rooms[:1], rooms
	carry(b, two, 600) // fill the history, and all that is made once
	var alone, together, waited, passed time.Duration
	b.ResetTimer()
	for b.Loop() {
		alone += carry(b, one, rounds)
		lock, start := lockWait(), time.Now()
		together += carry(b, two, rounds)
		waited += lockWait() - lock
		passed += time.Since(start)
	}
	b.ReportMetric(2*float64(alone)/(float64(together)/2), "times-one-core")
	b.ReportMetric(100*float64(waited)/float64(len(two))/float64(passed), "%-waiting")
	b.ReportMetric(0, "ns/op")
}

// carry takes so many frames through each room, each on a thread of its own, and returns the Workers' CPU time.
func carry(b *testing.B, rooms []*forwarding, frames int) time.Duration {
	b.Helper()
	spent := make([]time.Duration, len(rooms))
	var all sync.WaitGroup
	for i, f := range rooms {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for range frames {
				spent[i] += f.round(b)
			}
		})
	}
	all.Wait()
	var sum time.Duration
	for _, s := range spent {
		sum += s
	}
	return sum
}

// lockWait is how long goroutines have waited for locks since the start, all added up.
func lockWait() time.Duration {
	sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
	metrics.Read(sample)
	return time.Duration(sample[0].Value.Float64() * float64(time.Second))
}

// newRooms makes a room on each of some Workers of one Server.
func newRooms(tb testing.TB, n, consumers int, profile srtp.Profile) []*forwarding {
	tb.Helper()
	local := netip.MustParseAddrPort("127.0.0.1:0")
	s, err := New(Config{Listen: []netip.AddrPort{local}, Workers: 1})
	if err != nil {
		tb.Fatal(err)
	}
	own := s.sockets
	tb.Cleanup(func() {
		s.sockets = own
		_ = s.Close()
	})
	var rooms []*forwarding
	for range n {
		rooms = append(rooms, newRoom(tb, s, profile, consumers))
	}
	return rooms
}

// newRoom makes a room on a Worker that is stepped by hand and has a socket of its own: the server's first one goes on
// by itself.
func newRoom(tb testing.TB, s *Server, profile srtp.Profile, consumers int) *forwarding {
	tb.Helper()
	sockets, err := udp.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sockets[0].Close() })
	s.sockets = [][]*udp.Socket{sockets}
	f := &forwarding{worker: newWorker(s, 0, 0, sockets[0]), to: udp.Path{Remote: sockets[0].LocalAddr()}}
	router := s.NewRouter(RouterConfig{})
	producer := f.publish(tb, router, profile)
	for range consumers {
		f.consume(tb, router, producer, profile)
	}
	return f
}
