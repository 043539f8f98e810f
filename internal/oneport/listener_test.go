package oneport

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pipes is a listener whose connections the test makes in memory, so that it runs under a synthetic clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func split(media func(net.Conn)) (*Listener, *pipes) {
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	return Split(p, Config{Media: media, Log: slog.New(slog.DiscardHandler)}), p
}

func send(t *testing.T, conn net.Conn, b ...byte) {
	t.Helper()
	if _, err := conn.Write(b); err != nil {
		t.Error(err)
	}
}

func expect(t *testing.T, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Errorf("read %q, error %v; want %q", got, err, want)
	}
}

func TestFirstByteDecides(t *testing.T) {
	for _, test := range []struct {
		text  string
		media bool
	}{
		{"\x00\x14STUN", true},
		{"\x13\xffSTUN", true},
		{"\x14\x00", false},
		{"\x16\x03\x01 TLS", false},
		{"GET / HTTP/1.1", false},
		{"\xff\xff", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			carried := make(chan net.Conn)
			l, p := split(func(conn net.Conn) {
				carried <- conn
				expect(t, conn, test.text)
			})
			client := p.dial()
			go send(t, client, []byte(test.text)...)
			if test.media {
				if got := <-carried; got == nil {
					t.Error("no media connection")
				}
				synctest.Wait()
				if _, err := client.Write([]byte{0}); err == nil {
					t.Error("the connection outlives the media server's interest")
				}
			} else {
				conn, err := l.Accept()
				if err != nil {
					t.Fatal(err)
				}
				expect(t, conn, test.text)
				_ = conn.Close()
			}
			_ = l.Close()
		})
	}
}

func TestSilentConnectionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := split(nil)
		client := p.dial()
		start := time.Now()
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("error %v, want EOF", err)
		}
		if waited := time.Since(start); waited != firstByteTimeout {
			t.Errorf("closed after %v, want %v", waited, firstByteTimeout)
		}
		_ = l.Close()
	})
}

func TestCriterion30UndecidedConnectionsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := split(nil)
		var silent []net.Conn
		for range maxUndecidedOfOne {
			silent = append(silent, p.dial())
		}
		synctest.Wait()
		if _, err := p.dial().Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("one more: error %v, want EOF", err)
		}
		_ = silent[0].Close()
		synctest.Wait()
		client := p.dial()
		go send(t, client, 'G')
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		_ = l.Close()
		if l.undecided.taken+len(l.undecided.by)+l.web.taken+len(l.web.by) != 0 {
			t.Errorf("places taken after Close: %+v undecided, %+v web", l.undecided, l.web)
		}
	})
}

// Behind a program that hands requests on are many: it has all places.
func TestSharedAddresses(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1": true, "192.0.2.1": false} {
		p := newPlaces(3, 1)
		conn := addressed{addr: &net.TCPAddr{IP: net.ParseIP(address)}}
		origin := originOf(conn, func(addr netip.Addr) bool { return addr.IsLoopback() })
		if !p.take(origin) || p.take(origin) != want || p.take(origin) != want || p.take(origin) {
			t.Errorf("%s has %d places", address, p.taken)
		}
		for range p.taken {
			p.free(origin)
		}
		if p.taken+len(p.by) != 0 {
			t.Errorf("%+v is left", p)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carrying := make(chan struct{})
		l, p := split(func(conn net.Conn) {
			close(carrying)
			_, _ = io.Copy(io.Discard, conn) // until Close
		})
		media, silent, unaccepted := p.dial(), p.dial(), p.dial()
		go send(t, media, 0)
		go send(t, unaccepted, 'G')
		<-carrying
		synctest.Wait()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		for _, conn := range []net.Conn{media, silent, unaccepted} {
			if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("error %v, want EOF", err)
			}
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept: error %v, want net.ErrClosed", err)
		}
		_ = l.Close() // http.Server closes a listener more than once
	})
}

func TestMediaIsRefusedWithoutATaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := split(nil)
		client := p.dial()
		send(t, client, 0)
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("error %v, want EOF", err)
		}
		_ = l.Close()
	})
}

func TestCriterion30Places(t *testing.T) {
	one, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	p := newPlaces(3, 2)
	for i, step := range []struct {
		origin netip.Prefix
		want   bool
	}{{one, true}, {one, true}, {one, false}, {other, true}, {other, false}} {
		if got := p.take(step.origin); got != step.want {
			t.Errorf("step %d: %t, want %t", i, got, step.want)
		}
	}
	p.free(one)
	if !p.take(other) {
		t.Error("a place given back cannot be taken")
	}
}

func TestOriginOf(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1:5":          "192.0.2.1/32",
		"[::ffff:192.0.2.1]:5": "192.0.2.1/32",
		"[2001:db8::1:2:3]:5":  "2001:db8::/64",
		"[fe80::1%eth0]:5":     "fe80::/64",
	} {
		conn := addressed{addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))}
		if got := originOf(conn, nil).String(); got != want {
			t.Errorf("%s counts under %s, want %s", addr, got, want)
		}
	}
}

type addressed struct {
	net.Conn

	addr net.Addr
}

func (a addressed) RemoteAddr() net.Addr { return a.addr }
