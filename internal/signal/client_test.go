package signal

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/room/sfumedia"
	"stube/internal/sfu"
	"stube/internal/signal/protocol"
)

// house is a server with its real rooms and its real media core, and what it wrote to its log.
type house struct {
	server *Server
	web    *httptest.Server
	log    *journal
}

// journal is a log's text.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// newHouse is a house into which anybody comes.
func newHouse(t testing.TB, change func(*Server)) *house {
	t.Helper()
	casual := room.Casual()
	return startHouse(t, room.Config{Open: true, Instant: &casual}, change)
}

func startHouse(t testing.TB, cfg room.Config, change func(*Server)) *house {
	t.Helper()
	j := &journal{}
	log := slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	media, err := sfu.New(sfu.Config{Listen: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Media, cfg.Log = sfumedia.New(media), log
	rooms := room.NewHouse(cfg)
	h := &house{log: j, server: New(Config{
		House: rooms, Version: "test", Capabilities: ortc.RouterCapabilities(), Log: log,
	})}
	if change != nil {
		change(h.server)
	}
	h.web = httptest.NewServer(h.server)
	t.Cleanup(func() {
		if err := h.server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		h.web.Close()
		rooms.Close()
		if err := media.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// client speaks the protocol without knowing the server's code for it.
type client struct {
	t      testing.TB
	socket *websocket.Conn
	last   int
	told   []message // notifications that were not awaited yet

	cookies []*http.Cookie // that the server has set
}

type message struct {
	Version string          `json:"jsonrpc"`
	ID      jsontext.Value  `json:"id"`
	Method  protocol.Method `json:"method"`
	Params  jsontext.Value  `json:"params"`
	Result  jsontext.Value  `json:"result"`
	Error   *protocol.Error `json:"error"`
}

func (h *house) dial(t testing.TB) *client {
	t.Helper()
	return h.dialWith(t, http.Header{})
}

// dialWith dials with what a browser would send of itself.
func (h *house) dialWith(t testing.TB, header http.Header) *client {
	t.Helper()
	header.Set("Origin", h.web.URL)
	socket, answer, err := websocket.Dial(t.Context(), h.web.URL, &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: header,
	})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	cookies := answer.Cookies()
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	socket.SetReadLimit(1 << 20)
	c := &client{t: t, socket: socket, cookies: cookies}
	t.Cleanup(func() { _ = socket.CloseNow() })
	if hello := await[protocol.Hello](c, protocol.MethodHello); hello.Version != "test" {
		t.Errorf("hello was %+v", hello)
	}
	return c
}

func (c *client) write(text string) {
	c.t.Helper()
	if err := c.socket.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

func (c *client) read() (message, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	var m message
	_, data, err := c.socket.Read(ctx)
	if err == nil {
		err = json.Unmarshal(data, &m, json.RejectUnknownMembers(true))
	}
	return m, err
}

// call sends a request and waits for its answer; what comes before it is kept.
func (c *client) call(method protocol.Method, params any) message {
	c.t.Helper()
	c.last++
	request, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.last, "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(string(request))
	return c.answer()
}

func (c *client) answer() message {
	c.t.Helper()
	for {
		m, err := c.read()
		if err != nil {
			c.t.Fatalf("read: %v", err)
		}
		if m.Method == "" {
			return m
		}
		c.told = append(c.told, m)
	}
}

// ask calls a method that must succeed.
func ask[R any](c *client, method protocol.Method, params any) (result R) {
	c.t.Helper()
	m := c.call(method, params)
	if m.Error != nil {
		c.t.Fatalf("%s: %+v", method, m.Error)
	}
	if err := json.Unmarshal(m.Result, &result, json.RejectUnknownMembers(true)); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	return result
}

// refused calls a method that must fail.
func (c *client) refused(method protocol.Method, params any, want protocol.ErrorCode) {
	c.t.Helper()
	c.failed(c.call(method, params), want)
}

func (c *client) failed(m message, want protocol.ErrorCode) {
	c.t.Helper()
	if m.Error == nil || m.Error.Data.Code != want || m.Error.Code != want.Number() || m.Error.Message == "" {
		c.t.Errorf("got %s %+v, want %s", m.Result, m.Error, want)
	}
}

// await waits for a notification.
func await[P any](c *client, method protocol.Method) (params P) {
	c.t.Helper()
	for {
		for i, m := range c.told {
			if m.Method == method {
				c.told = append(c.told[:i:i], c.told[i+1:]...)
				if err := json.Unmarshal(m.Params, &params, json.RejectUnknownMembers(true)); err != nil {
					c.t.Fatalf("%s: %v", method, err)
				}
				return params
			}
		}
		m, err := c.read()
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", method, err)
		}
		c.told = append(c.told, m)
	}
}

// ended waits for the end of the connection, which must be announced with the reason.
func (c *client) ended(reason protocol.ErrorCode, status websocket.StatusCode) {
	c.t.Helper()
	if closed := await[protocol.Closed](c, protocol.MethodClosed); closed.Reason != reason {
		c.t.Errorf("closed by %s, want %s", closed.Reason, reason)
	}
	if _, err := c.read(); websocket.CloseStatus(err) != status {
		c.t.Errorf("closed with %v, want status %d", err, status)
	}
}

func (c *client) join(room, name string) protocol.Joined {
	c.t.Helper()
	return ask[protocol.Joined](c, protocol.MethodJoin, protocol.Join{
		Room: room, Name: name, RTPCapabilities: ortc.RouterCapabilities(),
	})
}

// opus are parameters as a browser gives them for a microphone.
func opus() ortc.RTPParameters {
	return ortc.RTPParameters{
		Mid:       "0",
		Codecs:    []ortc.RTPCodecParameters{{MimeType: "audio/opus", PayloadType: 111, ClockRate: 48000, Channels: 2}},
		Encodings: []ortc.RTPEncodingParameters{{SSRC: 4711}},
		RTCP:      ortc.RTCPParameters{CNAME: strings.Repeat("c", 8), Mux: true},
	}
}

// vp8 are parameters as a browser gives them for a camera.
func vp8() ortc.RTPParameters {
	return ortc.RTPParameters{
		Mid:       "1",
		Codecs:    []ortc.RTPCodecParameters{{MimeType: "video/VP8", PayloadType: 96, ClockRate: 90000}},
		Encodings: []ortc.RTPEncodingParameters{{SSRC: 4712}},
		RTCP:      ortc.RTCPParameters{CNAME: strings.Repeat("c", 8), Mux: true},
	}
}
