//go:build linux

package udp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const patience = 5 * time.Second // what a test waits for a datagram that should be there

// listenOn binds n sockets to a free port of ip, for the time of the test.
func listenOn(t testing.TB, ip string, n int) []*Socket {
	t.Helper()
	sockets, err := Listen(netip.AddrPortFrom(netip.MustParseAddr(ip), 0), n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, s := range sockets {
			_ = s.Close()
		}
	})
	return sockets
}

// dial connects a plain socket, which takes packets from addr only.
func dial(t testing.TB, addr netip.AddrPort) *net.UDPConn {
	t.Helper()
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(addr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// withoutGRO makes the kernel deliver one datagram a message.
func withoutGRO(t testing.TB, s *Socket) {
	t.Helper()
	err := control(s.raw, func(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 0) })
	if err != nil {
		t.Fatal(err)
	}
	s.gro = false
}

// read waits for one batch.
func read(t testing.TB, r *Reader) []Datagram {
	t.Helper()
	if err := r.socket.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	datagrams, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	return datagrams
}

func TestWildcardAnswersFromTheAddressAsked(t *testing.T) {
	tests := []struct{ bind, ask string }{
		{"0.0.0.0", "127.0.0.1"},
		{"0.0.0.0", "127.0.0.2"},
		{"::", "127.0.0.1"},
		{"::", "127.0.0.2"},
		{"::", "::1"},
	}
	for _, test := range tests {
		t.Run(test.bind+" "+test.ask, func(t *testing.T) {
			s := listenOn(t, test.bind, 1)[0]
			asked := netip.MustParseAddr(test.ask)
			client := dial(t, netip.AddrPortFrom(asked, s.LocalAddr().Port()))
			if _, err := client.Write([]byte("question")); err != nil {
				t.Fatal(err)
			}
			got := read(t, NewReader(s, 4))[0]
			if got.Local != asked {
				t.Errorf("Local is %v, want %v", got.Local, asked)
			}
			if want := client.LocalAddr().(*net.UDPAddr).AddrPort(); got.Remote != want {
				t.Errorf("Remote is %v, want %v", got.Remote, want)
			}
			w := NewWriter(s)
			w.Begin(Path{Remote: got.Remote, Local: got.Local})
			for range 3 { // a train carries the source as well
				w.Commit(copy(w.Buffer(6), "answer"))
			}
			w.Flush()
			buffer := make([]byte, 100)
			for range 3 {
				n, err := client.Read(buffer)
				if err != nil || string(buffer[:n]) != "answer" {
					t.Fatalf("got %q, %v", buffer[:n], err)
				}
			}
		})
	}
}

func TestSpecificAddressNeedsNoLocal(t *testing.T) {
	for _, ip := range []string{"127.0.0.2", "::1", "::ffff:127.0.0.1"} {
		t.Run(ip, func(t *testing.T) {
			s := listenOn(t, ip, 1)[0]
			if s.LocalAddr().Addr() != netip.MustParseAddr(ip).Unmap() || s.LocalAddr().Port() == 0 {
				t.Fatalf("bound to %v", s.LocalAddr())
			}
			client := dial(t, s.LocalAddr())
			if _, err := client.Write([]byte("question")); err != nil {
				t.Fatal(err)
			}
			got := read(t, NewReader(s, 1))[0]
			if got.Local.IsValid() {
				t.Errorf("Local is %v, want none", got.Local)
			}
			w := NewWriter(s)
			w.Begin(Path{Remote: got.Remote})
			w.Commit(copy(w.Buffer(6), "answer"))
			w.Flush()
			if n, err := client.Read(make([]byte, 100)); n != 6 || err != nil {
				t.Fatal(n, err)
			}
		})
	}
}

func TestGroupSharesThePort(t *testing.T) {
	const clients = 64
	var readers sync.WaitGroup
	t.Cleanup(readers.Wait) // after the sockets are closed
	sockets := listenOn(t, "127.0.0.1", 2)
	if sockets[0].LocalAddr() != sockets[1].LocalAddr() {
		t.Fatalf("bound to %v and %v", sockets[0].LocalAddr(), sockets[1].LocalAddr())
	}
	for range clients {
		client := dial(t, sockets[0].LocalAddr())
		for range 2 {
			if _, err := client.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
		}
	}
	type arrival struct {
		remote netip.AddrPort
		socket int
	}
	arrivals := make(chan arrival, 2*clients)
	for i, s := range sockets {
		if err := s.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		readers.Go(func() {
			r := NewReader(s, 8)
			for {
				datagrams, err := r.Read()
				if err != nil {
					return
				}
				for _, d := range datagrams {
					arrivals <- arrival{d.Remote, i}
				}
			}
		})
	}
	seen := map[netip.AddrPort]int{}
	counts := [2]int{}
	for range 2 * clients {
		select {
		case a := <-arrivals:
			if other, ok := seen[a.remote]; ok && other != a.socket {
				t.Errorf("%v came to both sockets", a.remote)
			}
			seen[a.remote] = a.socket
			counts[a.socket]++
		case <-time.After(patience):
			t.Fatalf("only %v datagrams came", counts)
		}
	}
	if len(seen) != clients || counts[0] == 0 || counts[1] == 0 {
		t.Errorf("%d clients came through, by sockets %v", len(seen), counts)
	}
}

func TestListenRefusesATakenPort(t *testing.T) {
	addr := listenOn(t, "127.0.0.1", 2)[0].LocalAddr()
	for _, n := range []int{1, 2} {
		if _, err := Listen(addr, n); !errors.Is(err, unix.EADDRINUSE) {
			t.Errorf("second Listen of %d: %v, want EADDRINUSE", n, err)
		}
	}
	if _, err := Listen(netip.MustParseAddrPort("192.0.2.1:0"), 1); !errors.Is(err, unix.EADDRNOTAVAIL) {
		t.Errorf("foreign address: %v, want EADDRNOTAVAIL", err)
	}
}

func TestReadEnds(t *testing.T) {
	s := listenOn(t, "127.0.0.1", 1)[0]
	r := NewReader(s, 1)
	if err := s.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
	}
	if err := s.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := r.Read()
		ended <- err
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want net.ErrClosed", err)
	}
}

func TestReadDropsWhatIsEmptyOrTooLarge(t *testing.T) {
	s := listenOn(t, "127.0.0.1", 1)[0]
	withoutGRO(t, s)
	client := dial(t, s.LocalAddr())
	for _, size := range []int{0, datagramBuffer + 1, datagramBuffer, 5} {
		if _, err := client.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader(s, 8)
	var got []int
	for len(got) < 2 {
		for _, d := range read(t, r) {
			got = append(got, len(d.Payload))
		}
	}
	if !slices.Equal(got, []int{datagramBuffer, 5}) {
		t.Errorf("got datagrams of %v bytes", got)
	}
}

// TestArrivalIsTold: however late a packet is read, when it came is known.
func TestArrivalIsTold(t *testing.T) {
	s := listenOn(t, "127.0.0.1", 1)[0]
	conn := dial(t, s.LocalAddr())
	before := time.Now()
	if _, err := conn.Write([]byte("early")); err != nil {
		t.Fatal(err)
	}
	there := time.Now()
	r := NewReader(s, 1) // allocates its buffers, which takes its time
	late := time.Now()
	waited := read(t, r)[0].Waited
	if least, most := late.Sub(there), time.Since(before); waited < least || waited > most {
		t.Errorf("waited %v, want %v to %v", waited, least, most)
	}
}
