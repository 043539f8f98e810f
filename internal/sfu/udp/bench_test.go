//go:build linux

package udp

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkWriter sends a frame's run of six packets to each of 100 sockets that nobody reads, so that it counts
// the way of sending only. One iteration is one packet.
func BenchmarkWriter(b *testing.B) {
	const destinations, run, size = 100, 6, 1100
	for _, gso := range []bool{true, false} {
		b.Run(fmt.Sprintf("gso=%v", gso), func(b *testing.B) {
			from := listenOn(b, "127.0.0.1", 1)[0]
			if !gso {
				from.gso.Store(false)
			}
			paths := make([]Path, destinations)
			for i := range paths {
				to := listenOn(b, "127.0.0.1", 1)[0]
				shrink(b, to)
				paths[i].Remote = to.LocalAddr()
			}
			w := NewWriter(from)
			packet := make([]byte, size)
			b.ReportAllocs()
			b.SetBytes(size)
			sent := 0
			for b.Loop() {
				if sent%run == 0 {
					w.Begin(paths[sent/run%destinations])
				}
				w.Commit(copy(w.Buffer(size), packet))
				sent++
			}
			w.Flush()
			stats := w.Stats()
			b.ReportMetric(float64(stats.Packets)/float64(stats.Syscalls), "packets/syscall")
			if stats.Dropped > 0 {
				b.Errorf("%d packets dropped", stats.Dropped)
			}
		})
	}
}

// shrink gives s the smallest receive buffer, which is soon full.
func shrink(b *testing.B, s *Socket) {
	b.Helper()
	err := control(s.raw, func(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1) })
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReader receives runs of six packets. One iteration is one packet, sending it included.
func BenchmarkReader(b *testing.B) {
	const run, size = 6, 1100
	for _, gro := range []bool{true, false} {
		b.Run(fmt.Sprintf("gro=%v", gro), func(b *testing.B) {
			from, to := listenOn(b, "127.0.0.1", 1)[0], listenOn(b, "127.0.0.1", 1)[0]
			if !gro {
				withoutGRO(b, to)
			}
			w, r := NewWriter(from), NewReader(to, 32)
			w.Begin(Path{Remote: to.LocalAddr()})
			if err := to.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.SetBytes(size)
			left := 0
			for b.Loop() {
				for left == 0 {
					for range run {
						w.Buffer(size)
						w.Commit(size)
					}
					w.Flush()
					datagrams, err := r.Read()
					if err != nil {
						b.Fatal(err)
					}
					left = len(datagrams)
				}
				left--
			}
		})
	}
}
