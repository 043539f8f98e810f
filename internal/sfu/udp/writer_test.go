//go:build linux

package udp

import (
	"bytes"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// write commits packets of the given sizes to p; the first byte of each counts from first.
func write(w *Writer, p Path, first int, sizes ...int) {
	w.Begin(p)
	for i, size := range sizes {
		b := w.Buffer(size)
		clear(b)
		b[0] = byte(first + i)
		w.Commit(size)
	}
}

// expect reads datagrams until all of sizes came, in order, with their first byte counting from 0.
func expect(t testing.TB, r *Reader, sizes ...int) {
	t.Helper()
	for i := 0; i < len(sizes); {
		for _, d := range read(t, r) {
			if i == len(sizes) {
				t.Fatalf("more than %d datagrams came", len(sizes))
			}
			if len(d.Payload) != sizes[i] || d.Payload[0] != byte(i) {
				t.Fatalf("datagram %d is number %d of %d bytes", i, int(d.Payload[0]), len(d.Payload))
			}
			i++
		}
	}
}

func TestTrainArrivesAsItsPackets(t *testing.T) {
	sizes := []int{1100, 1100, 1100, 1100, 1100, 900}
	from := listenOn(t, "127.0.0.1", 1)[0]
	for _, gro := range []bool{true, false} {
		to := listenOn(t, "127.0.0.1", 1)[0]
		if !gro {
			withoutGRO(t, to)
		} else if !to.gro || !from.gso.Load() {
			t.Fatal("this kernel has no UDP offload")
		}
		w := NewWriter(from)
		write(w, Path{Remote: to.LocalAddr()}, 0, sizes...)
		w.Flush()
		if got, want := w.Stats(), (Stats{Packets: 6, Messages: 1, Syscalls: 1}); got != want {
			t.Errorf("sent %+v, want %+v", got, want)
		}
		r := NewReader(to, 1) // one message a system call
		if gro {
			if got := read(t, r); len(got) != 6 {
				t.Errorf("one system call brought %d datagrams, want 6", len(got))
			}
			continue
		}
		for i, size := range sizes {
			if got := read(t, r); len(got) != 1 || len(got[0].Payload) != size || got[0].Payload[0] != byte(i) {
				t.Errorf("datagram %d: got %d of %d bytes", i, len(got), len(got[0].Payload))
			}
		}
	}
}

func TestRunsBecomeTrains(t *testing.T) {
	many := func(n, size int) []int { return slices.Repeat([]int{size}, n) }
	tests := []struct {
		name     string
		sizes    []int
		messages uint64
	}{
		{"one", many(1, 100), 1},
		{"equal", many(6, 100), 1},
		{"a last smaller one", []int{100, 100, 99}, 1},
		{"nothing behind the smaller one", []int{100, 99, 99, 99}, 2},
		{"the smaller one first", []int{99, 100, 100, 100}, 2},
		{"64 packets", many(64, 100), 1},
		{"65 packets", many(65, 100), 2},
		{"65000 bytes", many(50, 1300), 1},
		{"more than 65000 bytes", many(51, 1300), 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
			w := NewWriter(from)
			write(w, Path{Remote: to.LocalAddr()}, 0, test.sizes...)
			w.Flush()
			want := Stats{Packets: uint64(len(test.sizes)), Messages: test.messages, Syscalls: 1}
			if got := w.Stats(); got != want {
				t.Errorf("sent %+v, want %+v", got, want)
			}
			expect(t, NewReader(to, 4), test.sizes...)
		})
	}
}

func TestPathsStayApart(t *testing.T) {
	from := listenOn(t, "127.0.0.1", 1)[0]
	a, b := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	w := NewWriter(from)
	write(w, Path{Remote: a.LocalAddr()}, 0, 100, 100)
	write(w, Path{Remote: a.LocalAddr()}, 2, 100) // the same path goes on
	write(w, Path{Remote: b.LocalAddr()}, 0, 100, 100)
	write(w, Path{Remote: a.LocalAddr()}, 3, 100)
	w.Buffer(1000)
	w.Commit(0) // discarded
	w.Flush()
	if got, want := w.Stats(), (Stats{Packets: 6, Messages: 3, Syscalls: 1}); got != want {
		t.Errorf("sent %+v, want %+v", got, want)
	}
	expect(t, NewReader(a, 4), 100, 100, 100, 100)
	expect(t, NewReader(b, 4), 100, 100)
}

func TestBufferAndCommitFlushByThemselves(t *testing.T) {
	const packets = 300
	from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	r := NewReader(to, 64)
	for _, size := range []int{50, 1400} { // more messages than there are headers; more bytes than the arena has
		w := NewWriter(from)
		sizes := make([]int, packets)
		for i := range sizes {
			sizes[i] = size + i%2 // no trains: a larger one follows
			if i%2 == 1 {
				w.Begin(Path{})
			}
			write(w, Path{Remote: to.LocalAddr()}, i, sizes[i])
		}
		if w.Stats().Packets == 0 {
			t.Error("nothing was sent before Flush")
		}
		w.Flush()
		if got := w.Stats(); got.Packets != packets || got.Dropped != 0 || got.Syscalls > 3 {
			t.Errorf("sent %+v", got)
		}
		expect(t, r, sizes...)
	}
}

func TestDestinationsThatFail(t *testing.T) {
	from := listenOn(t, "127.0.0.1", 1)[0]
	a, b := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	good := Path{Remote: a.LocalAddr()}
	bad := []Path{
		{Remote: netip.MustParseAddrPort("255.255.255.255:9")}, // not allowed without SO_BROADCAST
		{Remote: b.LocalAddr(), Local: netip.MustParseAddr("192.0.2.1")},
		{Remote: b.LocalAddr(), Local: netip.MustParseAddr("2001:db8::1")},
		{Remote: netip.MustParseAddrPort("[2001:db8::1]:9")},
		{Remote: netip.AddrPortFrom(a.LocalAddr().Addr(), 0)},
		{},
	}
	w := NewWriter(from)
	r := NewReader(a, 8)
	for _, path := range bad {
		before := w.Stats()
		write(w, good, 0, 100, 100)
		write(w, path, 0, 100, 100, 100)
		write(w, good, 2, 100)
		w.Flush()
		after := w.Stats()
		if after.Packets-before.Packets != 3 || after.Dropped-before.Dropped != 3 {
			t.Errorf("%v: from %+v to %+v", path, before, after)
		}
		expect(t, r, 100, 100, 100)
	}
	if !from.gso.Load() {
		t.Error("a failing destination ended trains")
	}
}

func TestTrainsRefused(t *testing.T) {
	tests := []struct {
		errno unix.Errno
		left  int // flushes until no more trains are tried
	}{
		{unix.EIO, 1},
		{unix.EOPNOTSUPP, 1},
		{unix.EINVAL, maxRefusals},
		{unix.EMSGSIZE, maxRefusals},
	}
	for _, test := range tests {
		from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
		w, r := NewWriter(from), NewReader(to, 8)
		w.send = func(fd uintptr, hs []header) (int, unix.Errno) {
			for i := range hs {
				if hs[i].Controllen == 0 {
					continue
				}
				if i == 0 {
					return 0, test.errno
				}
				return sendMessages(fd, hs[:i])
			}
			return sendMessages(fd, hs)
		}
		for i := range test.left {
			if !from.gso.Load() {
				t.Fatalf("%v: trains ended after %d refusals, want %d", test.errno, i, test.left)
			}
			write(w, Path{Remote: to.LocalAddr()}, 0, 200)
			write(w, Path{Remote: to.LocalAddr()}, 1, 300, 300, 250)
			write(w, Path{Remote: to.LocalAddr()}, 4, 300)
			w.Flush()
			expect(t, r, 200, 300, 300, 250, 300)
		}
		if from.gso.Load() {
			t.Errorf("%v: trains go on after %d refusals", test.errno, test.left)
		}
		before := w.Stats().Syscalls
		write(w, Path{Remote: to.LocalAddr()}, 0, 300, 300, 250)
		w.Flush()
		expect(t, r, 300, 300, 250)
		if got := w.Stats(); got.Dropped != 0 || got.Packets != got.Messages || got.Syscalls != before+1 {
			t.Errorf("%v: %+v", test.errno, got)
		}
	}
}

func TestTrainLargerThanThePathIsSentInPieces(t *testing.T) {
	from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	err := control(from.raw, func(fd int) error { // an option that trains don't go with: EINVAL
		return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NO_CHECK, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(from)
	write(w, Path{Remote: to.LocalAddr()}, 0, 500, 500, 500)
	w.Flush()
	expect(t, NewReader(to, 8), 500, 500, 500)
	if got, want := w.Stats(), (Stats{Packets: 3, Messages: 3, Syscalls: 4}); got != want {
		t.Errorf("sent %+v, want %+v", got, want)
	}
}

func TestPartialAndInterruptedSends(t *testing.T) {
	from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	w := NewWriter(from)
	calls := 0
	w.send = func(fd uintptr, hs []header) (int, unix.Errno) {
		calls++
		switch calls % 4 {
		case 0:
			return 0, unix.EINTR
		case 1:
			return 0, unix.EAGAIN // and yet poll says that there is room
		}
		return sendMessages(fd, hs[:(len(hs)+1)/2])
	}
	sizes := []int{10, 20, 30, 40, 50, 60, 70}
	write(w, Path{Remote: to.LocalAddr()}, 0, sizes...)
	w.Flush()
	expect(t, NewReader(to, 2), sizes...)
	if got := w.Stats(); got.Packets != 7 || got.Messages != 7 || got.Dropped != 0 || got.Syscalls != uint64(calls) {
		t.Errorf("sent %+v", got)
	}
}

func TestFullSocketDropsAfterAWhile(t *testing.T) {
	from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	w := NewWriter(from)
	full := true
	w.send = func(fd uintptr, hs []header) (int, unix.Errno) {
		if full {
			return 0, unix.EAGAIN
		}
		return sendMessages(fd, hs)
	}
	start := time.Now()
	write(w, Path{Remote: to.LocalAddr()}, 0, 10, 20, 30, 30)
	w.Flush()
	if took := time.Since(start); took < writableWait || took > patience {
		t.Errorf("gave up after %v", took)
	}
	if got := w.Stats(); got.Packets != 0 || got.Dropped != 4 {
		t.Errorf("sent %+v", got)
	}
	full = false
	write(w, Path{Remote: to.LocalAddr()}, 0, 10, 20)
	w.Flush()
	expect(t, NewReader(to, 2), 10, 20)
}

func TestFlushOfAClosedSocketDrops(t *testing.T) {
	from := listenOn(t, "127.0.0.1", 1)[0]
	w := NewWriter(from)
	write(w, Path{Remote: from.LocalAddr()}, 0, 10, 10, 20)
	if err := from.Close(); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	w.Flush()
	if got, want := w.Stats(), (Stats{Dropped: 3}); got != want {
		t.Errorf("sent %+v, want %+v", got, want)
	}
}

func TestWritersOnOneSocket(t *testing.T) {
	const writers, rounds = 4, 50
	from, to := listenOn(t, "127.0.0.1", 1)[0], listenOn(t, "127.0.0.1", 1)[0]
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			w := NewWriter(from)
			for range rounds {
				w.Begin(Path{Remote: to.LocalAddr()})
				for range 3 {
					b := w.Buffer(200)
					copy(b, bytes.Repeat([]byte{byte(i)}, len(b)))
					w.Commit(len(b))
				}
				w.Flush()
			}
		})
	}
	r := NewReader(to, 16)
	counts := [writers]int{}
	for total := 0; total < writers*rounds*3; {
		for _, d := range read(t, r) {
			if len(d.Payload) != 200 || d.Payload[0] != d.Payload[199] {
				t.Fatal("packets were mixed up")
			}
			counts[d.Payload[0]]++
			total++
		}
	}
	group.Wait()
	for i, n := range counts {
		if n != rounds*3 {
			t.Errorf("%d packets of writer %d came", n, i)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "0.0.0.0", "::"} {
		from, to := listenOn(t, ip, 1)[0], listenOn(t, ip, 1)[0]
		w, r := NewWriter(from), NewReader(to, 8)
		target := netip.MustParseAddr("127.0.0.1")
		path := Path{Remote: netip.AddrPortFrom(target, to.LocalAddr().Port())}
		if ip != "127.0.0.1" {
			path.Local = target
		}
		sizes := []int{1100, 1100, 1100, 900, 1000}
		allocated := testing.AllocsPerRun(200, func() {
			write(w, path, 0, sizes...)
			write(w, Path{Remote: netip.MustParseAddrPort("255.255.255.255:9")}, 0, sizes...) // the way of failure
			w.Flush()
			for got := 0; got < len(sizes); {
				datagrams, err := r.Read()
				if err != nil {
					t.Fatal(err)
				}
				got += len(datagrams)
			}
		})
		if allocated != 0 {
			t.Errorf("%s: %v allocations", ip, allocated)
		}
	}
}
