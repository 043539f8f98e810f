package signal

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// criterion 26: pages of other origins are refused, as are clients that do not speak the protocol.
func TestCriterion26Handshake(t *testing.T) {
	h := newHouse(t, func(s *Server) { s.accept.OriginPatterns = []string{"*.friend.example"} })
	own := h.web.URL
	for name, test := range map[string]struct {
		origin, subprotocol string
		want                int
	}{
		"own page":          {own, protocol.Subprotocol, http.StatusSwitchingProtocols},
		"no page":           {"", protocol.Subprotocol, http.StatusSwitchingProtocols},
		"friend's page":     {"https://a.friend.example", protocol.Subprotocol, http.StatusSwitchingProtocols},
		"somebody's page":   {"https://evil.example", protocol.Subprotocol, http.StatusForbidden},
		"sandboxed page":    {"null", protocol.Subprotocol, http.StatusForbidden},
		"lookalike":         {"https://friend.example.evil.example", protocol.Subprotocol, http.StatusForbidden},
		"other protocol":    {own, "stube.v2", http.StatusSwitchingProtocols},
		"no protocol named": {own, "", http.StatusSwitchingProtocols},
	} {
		options := &websocket.DialOptions{HTTPHeader: http.Header{}}
		if test.origin != "" {
			options.HTTPHeader.Set("Origin", test.origin)
		}
		if test.subprotocol != "" {
			options.Subprotocols = []string{test.subprotocol}
		}
		socket, answer, err := websocket.Dial(t.Context(), h.web.URL, options)
		if answer == nil || answer.StatusCode != test.want {
			t.Errorf("%s: got %+v, %v; want %d", name, answer, err, test.want)
		}
		if err != nil {
			continue
		}
		_, _, err = socket.Read(t.Context())
		if spoken := test.subprotocol == protocol.Subprotocol; spoken != (err == nil) {
			t.Errorf("%s: reading gave %v", name, err)
		}
		_ = socket.CloseNow()
	}
	answer, err := http.Get(h.web.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a plain request got %s", answer.Status)
	}
}

func TestCriterion30TooManyConnections(t *testing.T) {
	h := newHouse(t, func(s *Server) { s.limit = 1 })
	h.dial(t)
	_, answer, err := websocket.Dial(t.Context(), h.web.URL, nil)
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %+v, %v", answer, err)
	}
}

// Each bad message gets its code, and the last that is borne ends the connection.
func TestAbuse(t *testing.T) {
	h := newHouse(t, nil)
	c := h.dial(t)
	bad := map[string]protocol.ErrorCode{
		`{`:  protocol.ErrParse,
		`[]`: protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":"dance"}`:                        protocol.ErrUnknownMethod,
		`{"jsonrpc":"2.0","id":1,"method":"hello"}`:                        protocol.ErrUnknownMethod,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"more":true}}`:  protocol.ErrInvalidParams,
		`{"jsonrpc":"2.0","id":1,"method":"join","params":{"name":"\n1"}}`: protocol.ErrInvalidRoom,
	}
	strikes := 0
	for text, want := range bad {
		c.write(text)
		c.failed(c.answer(), want)
		if abusive(want) {
			strikes++
		}
	}
	ask[protocol.Empty](c, protocol.MethodPing, protocol.Empty{})
	for ; strikes < defaultPace().strikes; strikes++ {
		if err := c.socket.Write(t.Context(), websocket.MessageBinary, []byte{1}); err != nil {
			t.Fatal(err)
		}
		c.failed(c.answer(), protocol.ErrParse)
	}
	c.ended(protocol.ErrParse, websocket.StatusPolicyViolation)
}

func TestCriterion30TooLongMessage(t *testing.T) {
	h := newHouse(t, nil)
	c := h.dial(t)
	padding := strings.Repeat(" ", protocol.MaxMessage-len(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	c.write(`{"jsonrpc":"2.0","id":1,"method":"ping"}` + padding)
	if m := c.answer(); m.Error != nil {
		t.Errorf("the longest message got %+v", m.Error)
	}
	c.write(`{"jsonrpc":"2.0","id":1,"method":"ping"}` + padding + " ")
	c.ended(protocol.ErrTooLarge, websocket.StatusMessageTooBig)
}

func TestCriterion30RateLimit(t *testing.T) {
	h := newHouse(t, func(s *Server) { s.pace.budget, s.pace.burst, s.pace.strikes = 0, 5, 3 })
	c := h.dial(t)
	for range 5 {
		ask[protocol.Empty](c, protocol.MethodPing, protocol.Empty{})
	}
	for range 3 {
		m := c.call(protocol.MethodPing, protocol.Empty{})
		c.failed(m, protocol.ErrRateLimited)
		if m.ID == nil {
			t.Error("the client cannot tell which request was refused")
		}
	}
	c.ended(protocol.ErrRateLimited, websocket.StatusPolicyViolation)
}

func TestShutdown(t *testing.T) {
	h := newHouse(t, nil)
	visitor, member := h.dial(t), h.dial(t)
	member.join("r", "Anna")
	done := make(chan error)
	go func() { done <- h.server.Shutdown(t.Context()) }()
	for _, c := range []*client{visitor, member} {
		c.ended(protocol.ErrShuttingDown, websocket.StatusGoingAway)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	_, answer, err := websocket.Dial(t.Context(), h.web.URL, nil)
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %+v, %v", answer, err)
	}
}

// pipes is a network inside the process, on which a synthetic clock works.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error { close(p.closed); return nil }
func (pipes) Addr() net.Addr { return &net.IPAddr{} }
func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// inPipes runs a test with a server under a synthetic clock, and a socket whose other end reads only when told to.
func inPipes(t *testing.T, test func(*testing.T, *Server, *websocket.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		rooms := room.NewHouse(room.Config{})
		s := New(Config{House: rooms, Capabilities: ortc.RouterCapabilities()})
		network := pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		web := &http.Server{Handler: s}
		served := make(chan error)
		go func() { served <- web.Serve(network) }()
		transport := &http.Transport{DialContext: network.dial}
		socket, _, err := websocket.Dial(t.Context(), "http://stube.test/", &websocket.DialOptions{
			HTTPClient: &http.Client{Transport: transport}, Subprotocols: []string{protocol.Subprotocol},
		})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s, socket)
		_ = socket.CloseNow()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		_ = web.Close()
		if err := <-served; err == nil {
			t.Error("serving ended without a reason")
		}
		transport.CloseIdleConnections()
		rooms.Close()
	})
}

func (s *Server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// A client that says nothing but answers pings stays.
func TestKeepAlive(t *testing.T) {
	inPipes(t, func(t *testing.T, s *Server, socket *websocket.Conn) {
		go func() {
			for {
				if _, _, err := socket.Read(t.Context()); err != nil { // answers pings
					return
				}
			}
		}()
		time.Sleep(10 * defaultPace().ping)
		synctest.Wait()
		if s.connections() != 1 {
			t.Error("a client that answers pings was cut off")
		}
	})
}

// A client that does not answer pings is cut off, so that its participant shows as reconnecting.
func TestNoPong(t *testing.T) {
	inPipes(t, func(t *testing.T, s *Server, socket *websocket.Conn) {
		if _, _, err := socket.Read(t.Context()); err != nil { // hello, and nothing after it
			t.Fatal(err)
		}
		time.Sleep(defaultPace().ping)
		synctest.Wait()
		if s.connections() != 1 {
			t.Error("the client was cut off too soon")
		}
		time.Sleep(defaultPace().pong)
		synctest.Wait()
		if s.connections() != 0 {
			t.Error("a client that answers no pings was not cut off")
		}
	})
}

// A client that reads nothing is closed when its outbox is full; nobody waits for it.
func TestSlowReader(t *testing.T) {
	inPipes(t, func(t *testing.T, s *Server, _ *websocket.Conn) {
		synctest.Wait()
		s.mu.Lock()
		var c *connection
		for c = range s.open {
		}
		s.mu.Unlock()
		before := time.Now()
		for range 2*maxQueued + 2 {
			c.outbox.push(func() []byte { return bytes.Repeat([]byte(" "), 1000) })
		}
		if !c.outbox.ending() || time.Since(before) != 0 {
			t.Error("the outbox did not overflow at once")
		}
		time.Sleep(defaultPace().goodbye)
		synctest.Wait()
		if s.connections() != 0 {
			t.Error("a slow reader was not cut off")
		}
	})
}

// Shutdown cuts off who does not go, when its time is over.
func TestShutdownCutsOff(t *testing.T) {
	inPipes(t, func(t *testing.T, s *Server, _ *websocket.Conn) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if err := s.Shutdown(ctx); err == nil || time.Since(before) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(before))
		}
	})
}

// criterion 30: the limit for one network counts where clients are, also behind another program.
func TestCriterion30ConnectionsOfOneNetwork(t *testing.T) {
	h := newHouse(t, func(s *Server) {
		s.near = 1
		s.callers = newCallers(Config{
			Address: func(r *http.Request) netip.Addr { return netip.MustParseAddr(r.Header.Get("X-Test-Address")) },
			Secure:  func(*http.Request) bool { return true },
		})
	})
	first := h.dialWith(t, http.Header{"X-Test-Address": {"192.0.2.1"}})
	if len(first.cookies) != 1 || !first.cookies[0].Secure || !strings.HasPrefix(first.cookies[0].Name, "__Host-") {
		t.Errorf("cookies %v", first.cookies)
	}
	h.dialWith(t, http.Header{"X-Test-Address": {"192.0.2.2"}})
	_, answer, err := websocket.Dial(t.Context(), h.web.URL, &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: http.Header{"X-Test-Address": {"192.0.2.1"}},
	})
	if err == nil || answer == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a second connection of the network: %v", err)
	}
}
