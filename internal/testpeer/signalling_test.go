package testpeer

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"stube/internal/signal/protocol"
)

const goodHello = `{"jsonrpc":"2.0","method":"hello","params":{"version":"1","rtpCapabilities":{"codecs":[` +
	`{"kind":"audio","mimeType":"audio/opus","preferredPayloadType":100,"clockRate":48000}],"headerExtensions":[]}}}`

// answering serves one WebSocket that says hello and answers each request with the next of the answers.
func answering(t *testing.T, subprotocol, hello string, answers ...string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		_ = conn.Write(r.Context(), websocket.MessageText, []byte(hello))
		for _, answer := range answers {
			if _, _, err := conn.Read(r.Context()); err != nil {
				return
			}
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(answer))
		}
		_, _, _ = conn.Read(r.Context()) // until the client goes
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestJoinRefusesOtherServers(t *testing.T) {
	for name, url := range map[string]string{
		"another protocol":     answering(t, "chat", goodHello),
		"no hello":             answering(t, protocol.Subprotocol, `{"jsonrpc":"2.0","method":"welcome","params":{}}`),
		"an empty hello":       answering(t, protocol.Subprotocol, `{"jsonrpc":"2.0","method":"hello","params":{}}`),
		"no JSON":              answering(t, protocol.Subprotocol, "hello"),
		"a URL without host":   "http://",
		"a URL of a file":      "file:///etc/passwd",
		"a URL that is no URL": "http://[::1",
	} {
		if _, err := Join(bounded(t), Options{URL: url, Room: "r", Name: "n"}); err == nil {
			t.Errorf("%s: joined", name)
		}
	}
}

func TestCallTellsTheServersRefusal(t *testing.T) {
	url := answering(t, protocol.Subprotocol, goodHello,
		`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"the room is full","data":{"code":"room_full"}}}`)
	_, err := Join(bounded(t), Options{URL: url, Room: "r", Name: "n"})
	var refused *ServerError
	if !errors.As(err, &refused) || refused.Code != protocol.ErrRoomFull || refused.Method != protocol.MethodJoin {
		t.Errorf("Join = %v, want a refusal because the room is full", err)
	}
	if err == nil || !strings.Contains(err.Error(), "the room is full") {
		t.Errorf("the error doesn't say why: %v", err)
	}
}

func TestCallEndsWithTheSocket(t *testing.T) {
	url := answering(t, protocol.Subprotocol, goodHello)
	o, err := Options{URL: url}.complete()
	if err != nil {
		t.Fatal(err)
	}
	s, err := dial(bounded(t), o, func(protocol.Method, json.RawMessage) {})
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 1)
	go func() { asked <- s.call(t.Context(), protocol.MethodPing, protocol.Empty{}, &protocol.Empty{}) }()
	s.drop()
	if err := <-asked; !errors.Is(err, ErrSocketClosed) {
		t.Errorf("call = %v, want ErrSocketClosed", err)
	}
}
