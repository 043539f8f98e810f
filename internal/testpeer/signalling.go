package testpeer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"github.com/coder/websocket"

	"stube/internal/signal/protocol"
)

// maxMessage is the longest message that a peer takes, in bytes: a snapshot of a large room.
const maxMessage = 4 << 20

// ErrSocketClosed says that the WebSocket is gone: dropped, or closed by the server.
var ErrSocketClosed = errors.New("the WebSocket is closed")

// ServerError is the server's refusal of a request.
type ServerError struct {
	Method  protocol.Method
	Code    protocol.ErrorCode
	Message string
}

func (e *ServerError) Error() string { return fmt.Sprintf("%s: %s (%s)", e.Method, e.Message, e.Code) }

// envelope is a JSON-RPC 2.0 message of any kind.
type envelope struct {
	Version string          `json:"jsonrpc"`
	ID      *uint64         `json:"id,omitempty"`
	Method  protocol.Method `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *protocol.Error `json:"error,omitempty"`
}

// signalling is one WebSocket to the server. It owns the goroutine that reads it, which calls notify for each
// notification, in order.
type signalling struct {
	conn   *websocket.Conn
	hello  protocol.Hello
	notify func(protocol.Method, json.RawMessage)
	heard  func([]byte)
	done   chan struct{} // closed when reading ended

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan envelope
}

// dial connects to a server and waits for its hello. Anything else on that address is an error.
func dial(ctx context.Context, o Options, notify func(protocol.Method, json.RawMessage)) (*signalling, error) {
	address, origin, err := addresses(o.URL)
	if err != nil {
		return nil, err
	}
	dialing := &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol},
		HTTPHeader:   http.Header{"Origin": {origin}},
	}
	if o.Cookie != "" {
		dialing.HTTPHeader.Set("Cookie", o.Cookie)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // go where one was sent only
	dialing.HTTPClient = &http.Client{CheckRedirect: stay}
	if o.TLS != nil || o.Local.IsValid() {
		dialer := net.Dialer{LocalAddr: o.local("tcp")}
		dialing.HTTPClient.Transport = &http.Transport{TLSClientConfig: o.TLS, DialContext: dialer.DialContext}
	}
	conn, _, err := websocket.Dial(ctx, address, dialing)
	if err != nil {
		return nil, fmt.Errorf("open the WebSocket: %w", err)
	}
	s := &signalling{
		conn: conn, notify: notify, heard: o.heard, done: make(chan struct{}), waiting: make(map[uint64]chan envelope),
	}
	conn.SetReadLimit(maxMessage)
	if err := s.readHello(ctx); err != nil {
		_ = conn.CloseNow()
		return nil, fmt.Errorf("this isn't a Stube server: %w", err)
	}
	go s.read()
	return s, nil
}

func (s *signalling) readHello(ctx context.Context) error {
	if s.conn.Subprotocol() != protocol.Subprotocol {
		return fmt.Errorf("it doesn't speak %s", protocol.Subprotocol)
	}
	_, text, err := s.conn.Read(ctx)
	if err != nil {
		return fmt.Errorf("wait for its hello: %w", err)
	}
	s.heard(text)
	var m envelope
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("read its hello: %w", err)
	}
	if m.Method != protocol.MethodHello {
		return fmt.Errorf("its first message is %q", m.Method)
	}
	if err := json.Unmarshal(m.Params, &s.hello); err != nil {
		return fmt.Errorf("read its hello: %w", err)
	}
	if len(s.hello.RTPCapabilities.Codecs) == 0 {
		return errors.New("its hello names no codec")
	}
	return nil
}

// read takes messages until the socket ends.
func (s *signalling) read() {
	defer s.fail()
	for {
		_, text, err := s.conn.Read(context.Background())
		if err != nil {
			return
		}
		s.heard(text)
		var m envelope
		if json.Unmarshal(text, &m) != nil {
			return
		}
		if m.Method != "" {
			s.notify(m.Method, m.Params)
		} else if m.ID != nil {
			s.answer(m)
		}
	}
}

// fail ends everything that waits for an answer.
func (s *signalling) fail() {
	_ = s.conn.CloseNow()
	close(s.done)
}

func (s *signalling) answer(m envelope) {
	s.mu.Lock()
	ch := s.waiting[*m.ID]
	delete(s.waiting, *m.ID)
	s.mu.Unlock()
	if ch != nil {
		ch <- m
	}
}

// call asks the server and waits for its answer, which it decodes into result. A refusal is a *ServerError.
func (s *signalling) call(ctx context.Context, method protocol.Method, params, result any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("write the parameters of %s: %w", method, err)
	}
	ch := make(chan envelope, 1)
	s.mu.Lock()
	s.last++
	id := s.last
	s.waiting[id] = ch
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, id)
		s.mu.Unlock()
	}()
	text, err := json.Marshal(envelope{Version: "2.0", ID: &id, Method: method, Params: raw})
	if err != nil {
		return fmt.Errorf("write %s: %w", method, err)
	}
	if err := s.conn.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("send %s: %w", method, errors.Join(ErrSocketClosed, err))
	}
	select {
	case m := <-ch:
		return m.take(method, result)
	case <-s.done:
		select {
		case m := <-ch: // the last that came before the socket ended
			return m.take(method, result)
		default:
		}
		return fmt.Errorf("wait for the answer to %s: %w", method, ErrSocketClosed)
	case <-ctx.Done():
		return fmt.Errorf("wait for the answer to %s: %w", method, ctx.Err())
	}
}

// take decodes an answer.
func (m envelope) take(method protocol.Method, result any) error {
	if m.Error != nil {
		return &ServerError{Method: method, Code: m.Error.Data.Code, Message: m.Error.Message}
	}
	if err := json.Unmarshal(m.Result, result); err != nil {
		return fmt.Errorf("read the answer to %s: %w", method, err)
	}
	return nil
}

// drop cuts the socket as a failing network does, without a closing handshake, and waits for the reader.
func (s *signalling) drop() {
	_ = s.conn.CloseNow()
	<-s.done
}

// close ends the socket in good order.
func (s *signalling) close() {
	_ = s.conn.Close(websocket.StatusNormalClosure, "")
	s.drop()
}
