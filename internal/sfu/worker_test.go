package sfu

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v3"

	"stube/internal/sfu/udp"
)

// handWorkers are two workers of a server that the test runs itself.
func handWorkers(t *testing.T) (*Server, *Worker, *Worker) {
	t.Helper()
	s := newServer(t)
	return s, newWorker(s, 0, 0, s.sockets[0][0]), newWorker(s, 0, 1, s.sockets[0][1])
}

// TestHomes: the transport of a client that comes from many addresses is looked after once.
func TestHomes(t *testing.T) {
	s, one, other := handWorkers(t)
	c := newClient(t, s.NewRouter(RouterConfig{}))
	for range 3 {
		for range 100 {
			one.settle(c.transport)
			other.settle(c.transport)
		}
		one.settle(c.transport)
		one.tick()
		other.tick()
	}
	if n, m := len(one.tickers), len(other.tickers); n != 1 || m != 0 {
		t.Errorf("it stands %d times with its worker and %d times with another, want 1 and 0", n, m)
	}
	c.transport.Close()
	one.tick()
	if n := len(one.tickers); n != 0 {
		t.Errorf("it stands %d times with its worker after its end", n)
	}
}

// TestIdleWorkerSweeps: addresses of those who left are forgotten without anybody else coming.
func TestIdleWorkerSweeps(t *testing.T) {
	s, w, _ := handWorkers(t)
	gone := newClient(t, s.NewRouter(RouterConfig{})).transport
	p := udp.Path{Remote: s.Addresses()[0]}
	gone.validated = []path{{udp: p}}
	w.pipe.now = int64(time.Hour)
	w.tick()
	w.learn(p, gone)
	gone.Close()
	w.tick()
	if w.wake > w.nextSweep {
		t.Error("it sleeps beyond the next sweep")
	}
	w.pipe.now = w.wake
	w.tick()
	if len(w.paths) != 0 || w.wake != never {
		t.Errorf("%d addresses are kept, and it wakes at %d", len(w.paths), w.wake)
	}
}

// TestSweep forgets the addresses of transports that closed.
func TestSweep(t *testing.T) {
	s, w, _ := handWorkers(t)
	router := s.NewRouter(RouterConfig{})
	gone, stays := newClient(t, router).transport, newClient(t, router).transport
	one, two := udp.Path{Remote: s.Addresses()[0]}, udp.Path{}
	for p, c := range map[udp.Path]*Transport{one: gone, two: stays} {
		c.validated = []path{{udp: p}}
		w.learn(p, c)
	}
	if w.lookup(one) != gone || w.lookup(two) != stays {
		t.Error("an address is not found")
	}
	gone.Close()
	w.sweep()
	if len(w.paths) != 1 || w.lookup(one) != nil || w.lookup(two) != stays {
		t.Errorf("%d addresses are kept", len(w.paths))
	}
}

// TestManyAddresses: a client that is checked from ever new addresses does not fill the worker's memory.
func TestManyAddresses(t *testing.T) {
	s, w, _ := handWorkers(t)
	c := newClient(t, s.NewRouter(RouterConfig{}))
	check := request(t, c.transport.ICEParameters(), role(stun.AttrICEControlling)).Raw
	first := netip.MustParseAddr("127.1.0.1")
	c.transport.sendMu.Lock() // its own Worker looks at it too
	c.transport.path = path{udp: udp.Path{Remote: netip.AddrPortFrom(first, 1)}}
	c.transport.sendMu.Unlock()
	for port := uint16(1); port < 5000; port++ {
		w.receive(&udp.Datagram{Payload: check, Remote: netip.AddrPortFrom(first, port)})
	}
	if n := len(w.paths); n > minPaths {
		t.Errorf("%d addresses are kept", n)
	}
	w.sweep()
	if n := len(w.paths); n != maxPaths {
		t.Errorf("%d addresses are kept after a while, want %d", n, maxPaths)
	}
	if w.lookup(c.transport.path.udp) != c.transport {
		t.Error("the address in use was forgotten")
	}
}
