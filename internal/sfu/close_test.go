package sfu

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"stube/internal/ortc"
)

// meeting is three who are connected: each sends sound and gets that of the others.
type meeting struct {
	router    *Router
	clients   []*client
	producers []*Producer
	consumers []*Consumer
	closed    []*atomic.Int32 // how often each consumer's Closed was called
}

func meet(t *testing.T, s *Server) *meeting {
	t.Helper()
	m := &meeting{router: s.NewRouter(RouterConfig{})}
	for i := range 3 {
		c := join(t, m.router)
		m.clients = append(m.clients, c)
		m.producers = append(m.producers, c.produce(microphone(uint32(1000+i))))
	}
	for i, c := range m.clients {
		for j, p := range m.producers {
			if i == j {
				continue
			}
			count := new(atomic.Int32)
			consumer, err := c.transport.Consume(ConsumerConfig{
				Producer: p, Capabilities: ortc.RouterCapabilities(), Closed: func() { count.Add(1) },
			})
			if err != nil {
				t.Fatal(err)
			}
			m.consumers, m.closed = append(m.consumers, consumer), append(m.closed, count)
		}
	}
	return m
}

// wantClosed compares the Closed calls with those that a producer's end brings.
func (m *meeting) wantClosed(t *testing.T, gone ...*Producer) {
	t.Helper()
	for i, c := range m.consumers {
		want := int32(0)
		for _, p := range gone {
			if c.producer == p {
				want = 1
			}
		}
		if got := m.closed[i].Load(); got != want {
			t.Errorf("consumer %d: Closed was called %d times, want %d", i, got, want)
		}
	}
}

func TestProducerCloses(t *testing.T) {
	m := meet(t, newServer(t))
	m.producers[0].Close()
	m.producers[0].Close()
	m.wantClosed(t, m.producers[0])
	if m.router.Producer(m.producers[0].ID()) != nil {
		t.Error("the router still knows it")
	}
	m.clients[0].sender(1000, opusType).next([]byte("too late"))
	m.clients[0].barrier()
	if n := m.clients[0].server.Counters().Unroutable; n != 1 {
		t.Errorf("%d packets count as unroutable, want 1", n)
	}
	for _, c := range m.clients[1:] {
		c.barrier()
		c.wantSilence()
		if n := len(c.transport.consumers); n != 1 {
			t.Errorf("%d consumers are left, want 1", n)
		}
	}
	_, err := m.clients[1].transport.Consume(ConsumerConfig{
		Producer: m.producers[0], Capabilities: ortc.RouterCapabilities(), Closed: func() { t.Error("Closed was called") },
	})
	if !errors.Is(err, ErrClosed) {
		t.Errorf("consume a closed producer: %v", err)
	}
	m.clients[0].produce(microphone(1000)) // the SSRC and the mid are free again
}

func TestConsumerCloses(t *testing.T) {
	m := meet(t, newServer(t))
	m.consumers[0].Close()
	m.consumers[0].Close()
	m.consumers[0].Resume()
	m.wantClosed(t)
	m.producers[1].Close() // it followed this one
	if n := m.closed[0].Load(); n != 0 {
		t.Error("Closed was called though Close was")
	}
	m.clients[2].sender(1002, opusType).next([]byte("hello"))
	m.clients[0].next() // of the other consumer
}

func TestTransportCloses(t *testing.T) {
	m := meet(t, newServer(t))
	gone := m.clients[0]
	gone.transport.Close()
	gone.transport.Close()
	gone.wantState(TransportClosed)
	_ = receive(t, gone.ended, "the server's goodbye")
	m.wantClosed(t, m.producers[0])
	if s := gone.transport.State(); s != TransportClosed {
		t.Errorf("the state is %d", s)
	}
	if _, err := gone.transport.Produce(microphone(5)); !errors.Is(err, ErrClosed) {
		t.Errorf("produce: %v", err)
	}
	cfg := ConsumerConfig{Producer: m.producers[1], Capabilities: ortc.RouterCapabilities()}
	if _, err := gone.transport.Consume(cfg); !errors.Is(err, ErrClosed) {
		t.Errorf("consume: %v", err)
	}
	gone.transport.RestartICE()
	gone.transport.SetViews([]View{{ConsumerID: "nobody"}})
	gone.send(request(t, gone.transport.ICEParameters(), nominate).Raw) // is not answered
	gone.sender(1000, opusType).next([]byte("too late"))
	m.clients[1].sender(1001, opusType).next([]byte("hello"))
	if got := m.clients[2].next(); string(got.payload) != "hello" {
		t.Errorf("%q came", got.payload)
	}
	gone.wantSilence()
	if n := len(gone.answers); n != 0 {
		t.Errorf("%d checks of a closed transport were answered", n)
	}
	known := 0
	m.router.server.transports.Range(func(_, _ any) bool { known++; return true })
	if known != 2 {
		t.Errorf("%d user fragments are kept, want 2", known)
	}
}

func TestRouterCloses(t *testing.T) {
	m := meet(t, newServer(t))
	m.router.Close()
	m.router.Close()
	for i, count := range m.closed { // a consumer whose own transport closes first is not told
		if n := count.Load(); n > 1 {
			t.Errorf("consumer %d: Closed was called %d times", i, n)
		}
	}
	for _, c := range m.clients {
		c.wantState(TransportClosed)
	}
	if _, err := m.router.NewTransport(TransportConfig{}); !errors.Is(err, ErrClosed) {
		t.Errorf("make a transport: %v", err)
	}
}

func TestServerCloses(t *testing.T) {
	s := newServer(t)
	m := meet(t, s)
	late := newClient(t, m.router)
	late.dialTCP()
	late.connect()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
	for _, c := range m.clients {
		c.wantState(TransportClosed)
	}
	near, far := net.Pipe()
	s.ServeTCP(far)
	if _, err := near.Write([]byte{0}); err == nil {
		t.Error("a closed server took a connection")
	}
	if _, err := s.NewRouter(RouterConfig{}).NewTransport(TransportConfig{}); !errors.Is(err, ErrClosed) {
		t.Errorf("make a transport on a closed server: %v", err)
	}
}

// TestEverythingAtOnce opens and closes all sorts of things at the same time. It looks for races and deadlocks.
func TestEverythingAtOnce(t *testing.T) {
	const rounds = 40
	s := newServer(t)
	router := s.NewRouter(RouterConfig{Speakers: func(SpeakerUpdate) {}})
	senders, viewers := []*client{join(t, router), join(t, router)}, []*client{join(t, router), join(t, router)}
	encodings := bySSRC(4000, 5000)
	for _, c := range senders {
		c.encoder(encodings).run()
	}
	var producers sync.Map
	var wg sync.WaitGroup
	for i, c := range senders {
		wg.Go(func() {
			for range rounds {
				p, err := c.transport.Produce(camera(ortc.MimeVP8, encodings...))
				if err != nil {
					t.Errorf("produce: %v", err)
					return
				}
				producers.Store(i, p)
				p.Pause()
				c.transport.RestartICE()
				p.Resume()
				c.check()
				p.Close()
			}
		})
	}
	for _, c := range viewers {
		var closed, consumed atomic.Int32
		for i := range senders {
			wg.Go(func() {
				for range 4 * rounds {
					p, ok := producers.Load(i)
					if !ok {
						continue
					}
					consumer, err := c.transport.Consume(ConsumerConfig{
						Producer: p.(*Producer), Capabilities: ortc.RouterCapabilities(), Closed: func() { closed.Add(1) },
					})
					if err != nil {
						if !errors.Is(err, ErrClosed) {
							t.Errorf("consume: %v", err)
						}
						continue
					}
					consumed.Add(1)
					c.transport.SetViews([]View{{ConsumerID: consumer.ID(), Height: 720}})
					consumer.Pause()
					consumer.Resume()
					if i == 0 {
						consumer.Close()
					}
				}
			})
		}
	}
	for range 4 {
		wg.Go(func() {
			for range rounds {
				c, err := router.NewTransport(TransportConfig{})
				if err != nil {
					t.Error(err)
					return
				}
				if err := c.Connect(senders[0].fingerprints()); err != nil {
					t.Error(err)
				}
				c.Close()
			}
		})
	}
	wg.Wait()
	for _, c := range viewers {
		c.transport.sendMu.Lock()
		if n, m := len(c.transport.consumers), len(c.transport.bySSRC); n != 0 || m != 0 {
			t.Errorf("%d consumers are left with %d SSRCs, though all producers are closed", n, m)
		}
		c.transport.sendMu.Unlock()
	}
	router.mu.Lock()
	defer router.mu.Unlock()
	if len(router.producers) != 0 || len(router.transports) != 4 {
		t.Errorf("%d producers and %d transports are left", len(router.producers), len(router.transports))
	}
}

// TestCloseWhileMakingTransports leaves nothing behind, whichever comes first.
func TestCloseWhileMakingTransports(t *testing.T) {
	for range 50 {
		s := newServer(t)
		router := s.NewRouter(RouterConfig{})
		certificate := newClient(t, router).fingerprints()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					c, err := router.NewTransport(TransportConfig{})
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("make a transport: %v", err)
						return
					}
					if err := c.Connect(certificate); err != nil && !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
				}
			})
		}
		router.Close()
		wg.Wait()
		s.transports.Range(func(ufrag, _ any) bool {
			t.Error(fmt.Sprint("a closed transport is still known as ", ufrag))
			return true
		})
	}
}
