package sfu

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/ice"
	"stube/internal/sfu/tcp"
	"stube/internal/sfu/udp"
)

// ErrClosed is returned by methods of what has been closed.
var ErrClosed = errors.New("closed")

// Server is the media server: its sockets, its Workers and the Routers on them.
type Server struct {
	// Set once by New.
	log          *slog.Logger
	epoch        time.Time // what int64 times count nanoseconds from
	certificate  *dtls.Certificate
	fingerprints []ortc.DTLSFingerprint
	candidates   []ortc.ICECandidate
	sockets      [][]*udp.Socket // by address, then by worker
	workers      []*Worker

	// Safe for concurrent use by themselves.
	transports sync.Map // of ICE user fragment (string) to *Transport
	nextWorker atomic.Uint32
	counters   counters
	traffic    traffic        // of what no Worker counts
	wg         sync.WaitGroup // workers and ICE-TCP connections

	// Guarded by control.mu: the pipeline of goroutines that are no workers.
	control struct {
		mu   sync.Mutex
		pipe *pipeline
	}

	// Guarded by mu.
	mu          sync.Mutex
	routers     map[*Router]struct{}
	connections map[*tcp.Conn]struct{} // open ICE-TCP connections
	closed      bool
}

// New binds the sockets and starts the Workers. It fails when an address is taken or none can be announced.
func New(cfg Config) (*Server, error) {
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return nil, fmt.Errorf("make the DTLS certificate: %w", err)
	}
	s := &Server{
		log: cfg.Log, epoch: time.Now(), certificate: certificate,
		routers: make(map[*Router]struct{}), connections: make(map[*tcp.Conn]struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, f := range certificate.Fingerprints() {
		s.fingerprints = append(s.fingerprints, ortc.DTLSFingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	if err := s.bind(cfg); err != nil {
		return nil, errors.Join(err, s.closeSockets())
	}
	s.control.pipe = newPipeline(s, &s.traffic, 0)
	for address, sockets := range s.sockets {
		for i, socket := range sockets {
			s.workers = append(s.workers, newWorker(s, address, i, socket))
		}
	}
	for _, w := range s.workers {
		s.wg.Go(w.run)
	}
	s.log.Info("media server started", "workers", len(s.workers), "candidates", len(s.candidates))
	return s, nil
}

func (s *Server) bind(cfg Config) error {
	if len(cfg.Listen) == 0 {
		return errors.New("no UDP address to listen on")
	}
	workers := cfg.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var bound []netip.AddrPort
	for _, address := range cfg.Listen {
		sockets, err := udp.Listen(address, workers)
		if err != nil {
			return fmt.Errorf("listen on UDP %v: %w", address, err)
		}
		s.sockets = append(s.sockets, sockets)
		bound = append(bound, sockets[0].LocalAddr())
	}
	announce, err := announced(cfg, bound)
	if err != nil {
		return err
	}
	s.candidates = ortcCandidates(ice.HostCandidates(announce, cfg.AnnounceTCP))
	return nil
}

// Addresses are the UDP addresses that are bound.
func (s *Server) Addresses() []netip.AddrPort {
	out := make([]netip.AddrPort, len(s.sockets))
	for i, sockets := range s.sockets {
		out[i] = sockets[0].LocalAddr()
	}
	return out
}

// NewRouter starts the media of a meeting. That of a closed Server is closed.
func (s *Server) NewRouter(cfg RouterConfig) *Router {
	r := newRouter(s, cfg)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		r.closed.Store(true)
		return r
	}
	s.routers[r] = struct{}{}
	r.worker.add(r)
	return r
}

// ServeTCP takes over an ICE-TCP connection (RFC 6544, passive), of which nothing has been read, and returns when
// it has ended.
func (s *Server) ServeTCP(c net.Conn) {
	conn := tcp.New(c)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.connections[conn] = struct{}{}
	s.wg.Add(1)
	s.mu.Unlock()
	defer s.wg.Done()
	s.receiveTCP(conn)
	_ = conn.Close()
	s.mu.Lock()
	delete(s.connections, conn)
	s.mu.Unlock()
}

// Close closes all Routers and sockets and waits for every goroutine of the Server.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	routers := make([]*Router, 0, len(s.routers))
	for r := range s.routers {
		routers = append(routers, r)
	}
	connections := make([]*tcp.Conn, 0, len(s.connections))
	for c := range s.connections {
		connections = append(connections, c)
	}
	s.mu.Unlock()
	for _, r := range routers {
		r.Close()
	}
	for _, c := range connections {
		_ = c.Close()
	}
	err := s.closeSockets()
	s.wg.Wait()
	s.log.Info("media server stopped")
	return err
}

func (s *Server) closeSockets() error {
	var errs []error
	for _, sockets := range s.sockets {
		for _, socket := range sockets {
			errs = append(errs, socket.Close())
		}
	}
	return errors.Join(errs...)
}

// now is the time in nanoseconds since the Server's start, on the monotonic clock.
func (s *Server) now() int64 { return int64(time.Since(s.epoch)) }

// withPipeline lends the control pipeline to a goroutine that is no Worker, and sends what it wrote.
func (s *Server) withPipeline(f func(*pipeline)) {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	s.control.pipe.now = s.now()
	f(s.control.pipe)
	s.control.pipe.flush()
}

// newID makes a random identifier of 80 bits.
func newID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// newSSRC makes a random SSRC that is none of the values that clients use for themselves (media probes).
func newSSRC() uint32 {
	for {
		var b [4]byte
		_, _ = rand.Read(b[:])
		ssrc := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if ssrc != 0 && ssrc != 1234 {
			return ssrc
		}
	}
}
