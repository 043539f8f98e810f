package signal

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/coder/websocket"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// The limits of a Server whose Config has none.
const (
	DefaultMaxConnections = 5000
	DefaultMaxNear        = 2000
)

// Config is what a Server is made of.
type Config struct {
	House        *room.House
	Version      string               // of the program, for Hello
	Capabilities ortc.RTPCapabilities // of the routers, for Hello
	// Origins are the patterns of the pages' hosts that may connect, beside the host that was asked itself
	// (path.Match; "*.example.org").
	Origins []string
	// Identify tells who has signed in; nil: nobody has.
	Identify func(*http.Request) (room.Caller, bool)
	// Address tells where a request came from; nil: where its connection did.
	Address func(*http.Request) netip.Addr
	// Secure tells whether a request's client spoke TLS; nil: whether its connection did.
	Secure         func(*http.Request) bool
	MaxConnections int // 0: DefaultMaxConnections
	// MaxNear is how many connections may come from one network, like a school's; 0: DefaultMaxNear.
	MaxNear int
	// Joined is told each attempt to join: how long the answer took, and the code of a refusal, if it was one. It must not
	// block; it may be nil.
	Joined func(took time.Duration, refusal protocol.ErrorCode)
	Log    *slog.Logger
}

// Server takes WebSocket connections.
type Server struct {
	// Set once.
	house    *room.House
	callers  callers
	accept   websocket.AcceptOptions
	limit    int
	near     int
	log      *slog.Logger
	table    map[protocol.Method]handler
	hello    func() []byte // encodes once
	pace     pace
	tellJoin func(time.Duration, protocol.ErrorCode)

	stats stats // safe for concurrent use by itself

	wg sync.WaitGroup // open connections

	// Guarded by mu.
	mu      sync.Mutex
	open    map[*connection]struct{}
	nearby  map[string]int // connections, by network
	closing bool
}

// New makes a Server.
func New(cfg Config) *Server {
	if cfg.MaxConnections == 0 {
		cfg.MaxConnections = DefaultMaxConnections
	}
	if cfg.MaxNear == 0 {
		cfg.MaxNear = DefaultMaxNear
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	hello := protocol.Hello{Version: cfg.Version, RTPCapabilities: cfg.Capabilities}
	return &Server{
		house: cfg.House, callers: newCallers(cfg), limit: cfg.MaxConnections, near: cfg.MaxNear, log: cfg.Log,
		table: handlers(), pace: defaultPace(), tellJoin: cfg.Joined,
		accept: websocket.AcceptOptions{
			Subprotocols: []string{protocol.Subprotocol}, OriginPatterns: cfg.Origins,
			CompressionMode: websocket.CompressionDisabled,
		},
		hello: sync.OnceValue(func() []byte { return encodeNotification(protocol.MethodHello, hello) }),
		open:  map[*connection]struct{}{}, nearby: map[string]int{},
	}
}

// ServeHTTP turns the request into a WebSocket connection, which goes on when it has returned: what a request needs of
// memory, the stack of its goroutine above all, does not stay for as long as a meeting. A page of another origin gets
// 403 (criterion 26).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	c := newConnection(s, cancel)
	c.caller = s.callers.caller(w, r)
	if !s.add(c) {
		cancel()
		http.Error(w, "the server takes no more connections now", http.StatusServiceUnavailable)
		return
	}
	socket := s.upgrade(c, w, r)
	if socket == nil {
		s.remove(c)
		return
	}
	go func() {
		defer s.remove(c)
		defer c.survive()
		c.run(ctx, socket)
		s.ended(c)
	}()
}

// upgrade makes the request a WebSocket. It answers by itself when that fails, and returns nil.
func (s *Server) upgrade(c *connection, w http.ResponseWriter, r *http.Request) *websocket.Conn {
	if !s.callers.still(c.caller, r) {
		http.Error(w, "the log-in has just ended", http.StatusServiceUnavailable)
		return nil
	}
	socket, err := websocket.Accept(w, r, &s.accept)
	if err != nil {
		return nil
	}
	if socket.Subprotocol() != protocol.Subprotocol {
		_ = socket.Close(websocket.StatusPolicyViolation, "subprotocol "+protocol.Subprotocol+" is needed")
		return nil
	}
	return socket
}

// Shutdown takes no more connections, tells those that are open that the server shuts down, and waits for their
// end. When ctx ends before, it cuts them off.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closing = true
	open := make([]*connection, 0, len(s.open))
	for c := range s.open {
		open = append(open, c)
	}
	s.mu.Unlock()
	for _, c := range open {
		c.outbox.End(protocol.ErrShuttingDown)
	}
	ended := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(ended)
	}()
	var err error
	select {
	case <-ended:
	case <-ctx.Done():
		err = ctx.Err()
		for _, c := range open {
			c.cancel()
		}
		<-ended
	}
	return err
}

func (s *Server) add(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || len(s.open) >= s.limit || s.nearby[c.caller.AddressKey] >= s.near {
		return false
	}
	s.open[c] = struct{}{}
	s.nearby[c.caller.AddressKey]++
	s.wg.Add(1)
	return true
}

func (s *Server) remove(c *connection) {
	c.cancel()
	c.outbox.close()
	s.mu.Lock()
	delete(s.open, c)
	if s.nearby[c.caller.AddressKey]--; s.nearby[c.caller.AddressKey] == 0 {
		delete(s.nearby, c.caller.AddressKey)
	}
	s.mu.Unlock()
	s.wg.Done()
}
