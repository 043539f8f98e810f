package tcp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect returns both ends of a TCP connection over ip, the first of them framed.
func connect(t testing.TB, ip string) (*Conn, net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	far, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c := New(near)
	t.Cleanup(func() {
		_ = c.Close()
		_ = far.Close()
	})
	return c, far
}

// frame puts a packet behind its length.
func frame(packet string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(packet)))) + packet
}

// stream is a connection that delivers bytes one by one and then ends.
type stream struct {
	net.Conn
	rest []byte
}

func (s *stream) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:1], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *stream) SetReadDeadline(time.Time) error { return nil }
func (s *stream) Close() error                    { return nil }

func TestReadFrame(t *testing.T) {
	tests := []struct {
		name, stream string
		want         []string
		end          error
	}{
		{"nothing", "", nil, io.EOF},
		{"two", frame("one") + frame("two"), []string{"one", "two"}, io.EOF},
		{"an empty one", frame("") + frame("two"), []string{"", "two"}, io.EOF},
		{"as long as the buffer", frame(strings.Repeat("x", 8)), []string{strings.Repeat("x", 8)}, io.EOF},
		{"too long", frame("one") + frame(strings.Repeat("x", 9)), []string{"one"}, ErrFrameSize},
		{"cut in the length", frame("one") + "\x00", []string{"one"}, io.ErrUnexpectedEOF},
		{"cut behind the length", frame("one") + "\x00\x01", []string{"one"}, io.ErrUnexpectedEOF},
		{"cut in the packet", frame("one") + "\x00\x02x", []string{"one"}, io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := New(&stream{rest: []byte(test.stream)})
			defer func() { _ = c.Close() }()
			var buf [8]byte
			for _, want := range test.want {
				n, err := c.ReadFrame(buf[:])
				if err != nil || string(buf[:n]) != want {
					t.Fatalf("got %q, %v, want %q", buf[:n], err, want)
				}
			}
			if n, err := c.ReadFrame(buf[:]); n != 0 || !errors.Is(err, test.end) {
				t.Errorf("ended with %d, %v, want %v", n, err, test.end)
			}
		})
	}
}

func TestPacketsCrossBothWays(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		near, far := connect(t, ip)
		if near.RemoteAddr() != addrPort(far.LocalAddr()) || near.LocalAddr() != addrPort(far.RemoteAddr()) {
			t.Errorf("addresses are %v and %v", near.LocalAddr(), near.RemoteAddr())
		}
		other := New(far)
		var buf [2000]byte
		for size := range 1500 {
			packet := bytes.Repeat([]byte{byte(size)}, size)
			if !near.Send(packet) || !other.Send(packet) {
				t.Fatal("dropped")
			}
			clear(packet) // a copy went
			for _, c := range []*Conn{near, other} {
				n, err := c.ReadFrame(buf[:])
				if err != nil || n != size || n > 0 && (buf[0] != byte(size) || buf[n-1] != byte(size)) {
					t.Fatalf("packet of %d bytes: %d, %v", size, n, err)
				}
			}
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
		if _, err := near.ReadFrame(buf[:]); !errors.Is(err, io.EOF) {
			t.Errorf("after the peer closed: %v", err)
		}
	}
}

func TestFullQueueDrops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe() // takes nothing that isn't read
		c := New(near)
		const size = 1022
		packet := make([]byte, size)
		first := func() int {
			sent := 0
			for c.Send(packet) {
				sent++
			}
			return sent
		}
		if got, want := first(), maxQueue/(size+lengthLen); got != want {
			t.Errorf("%d packets were queued, want %d", got, want)
		}
		synctest.Wait()
		if c.Send(packet) || c.Dropped() != 2 {
			t.Errorf("what is being written doesn't count; %d dropped", c.Dropped())
		}
		if _, err := io.ReadFull(far, make([]byte, maxQueue)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := len(c.waiting) + cap(c.waiting); got > maxKept {
			t.Errorf("an idle connection keeps %d bytes", got)
		}
		if !c.Send(packet) {
			t.Error("still full")
		}
		if c.Send(make([]byte, 65536)) {
			t.Error("a packet that has no length was sent")
		}
		if err := c.Close(); err != nil { // while the writer waits
			t.Error(err)
		}
		if c.Send(packet) || c.Dropped() != 4 {
			t.Errorf("sent after Close; %d dropped", c.Dropped())
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestIdleConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := New(near)
		defer func() { _ = c.Close() }()
		go func() { _, _ = far.Write([]byte(frame("one") + "\x00")) }() // and then a trickle that never ends a frame
		var buf [8]byte
		if n, err := c.ReadFrame(buf[:]); err != nil || n != 3 {
			t.Fatal(n, err)
		}
		start := time.Now()
		if _, err := c.ReadFrame(buf[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
		}
		if took := time.Since(start); took != idleTimeout {
			t.Errorf("ended after %v", took)
		}
	})
}

func TestFailedWriteEndsTheConnection(t *testing.T) {
	near, far := net.Pipe()
	c := New(near)
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	c.Send([]byte("lost"))
	c.writer.Wait()
	if c.Send([]byte("lost")) {
		t.Error("sent on a broken connection")
	}
	if _, err := c.ReadFrame(make([]byte, 8)); err == nil {
		t.Error("read from a broken connection")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if c.RemoteAddr().IsValid() {
		t.Errorf("a pipe has the address %v", c.RemoteAddr())
	}
}

func TestCloseEndsReadAndSenders(t *testing.T) {
	c, _ := connect(t, "127.0.0.1")
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := c.ReadFrame(make([]byte, 8)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v, want net.ErrClosed", err)
		}
	})
	for range 3 {
		group.Go(func() {
			for c.Send(make([]byte, 100)) || c.Dropped() < 100 { // the peer doesn't read
			}
		})
	}
	for range 2 {
		group.Go(func() {
			for c.Dropped() == 0 {
				c.Send(make([]byte, 60000))
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestSendDoesNotAllocate(t *testing.T) {
	c, far := connect(t, "127.0.0.1")
	packet, sink := make([]byte, 1100), make([]byte, 1102)
	allocated := testing.AllocsPerRun(200, func() {
		if !c.Send(packet) {
			t.Fatal("dropped")
		}
		if _, err := io.ReadFull(far, sink); err != nil {
			t.Fatal(err)
		}
	})
	if allocated != 0 {
		t.Errorf("%v allocations a packet", allocated)
	}
}

func FuzzCriterion31ReadFrame(f *testing.F) {
	f.Add([]byte(frame("one") + frame("") + frame("two")))
	f.Add([]byte("\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := New(&stream{rest: b})
		defer func() { _ = c.Close() }()
		var buf [100]byte
		var read []byte
		for {
			n, err := c.ReadFrame(buf[:])
			if err != nil {
				break
			}
			read = append(read, frame(string(buf[:n]))...)
		}
		if !bytes.HasPrefix(b, read) {
			t.Fatalf("%x was read as %x", b, read)
		}
	})
}

// BenchmarkSend sends packets of 1100 bytes in bursts of 16 that the peer reads. One iteration is one packet.
func BenchmarkSend(b *testing.B) {
	const burst, size = 16, 1100
	c, far := connect(b, "127.0.0.1")
	packet, sink := make([]byte, size), make([]byte, burst*(size+lengthLen))
	b.ReportAllocs()
	b.SetBytes(size)
	sent := 0
	for b.Loop() {
		c.Send(packet)
		if sent++; sent%burst != 0 {
			continue
		}
		if _, err := io.ReadFull(far, sink); err != nil {
			b.Fatal(err)
		}
	}
	if c.Dropped() > 0 {
		b.Errorf("%d packets dropped", c.Dropped())
	}
}
