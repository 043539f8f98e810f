package app_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/signal/protocol"
)

// raw is a connection of somebody who does not keep to the page: it says anything, and keeps all that it is told.
type raw struct {
	socket *websocket.Conn
	told   []string
}

// dialRaw connects from an address of this machine, and takes the server's hello.
func dialRaw(ctx context.Context, t *testing.T, url string, from netip.Addr) *raw {
	t.Helper()
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	transport := &http.Transport{DialContext: dialer.DialContext}
	socket, response, err := websocket.Dial(ctx, url+"-/ws", &websocket.DialOptions{
		HTTPClient:   &http.Client{Transport: transport},
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: http.Header{"Origin": {strings.TrimSuffix(url, "/")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	t.Cleanup(func() { _ = socket.CloseNow() })
	r := &raw{socket: socket}
	r.read(ctx, t)
	return r
}

// read waits for the next message.
func (r *raw) read(ctx context.Context, t *testing.T) string {
	t.Helper()
	_, text, err := r.socket.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r.told = append(r.told, string(text))
	return string(text)
}

// say sends a request, and gives the answer's error code; what comes before the answer is kept.
func (r *raw) say(ctx context.Context, t *testing.T, method protocol.Method, params any) protocol.ErrorCode {
	t.Helper()
	message, err := json.Marshal(request(method, params))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.socket.Write(ctx, websocket.MessageText, message); err != nil {
		t.Fatal(err)
	}
	for {
		var answer attackAnswer
		if err := json.Unmarshal([]byte(r.read(ctx, t)), &answer); err != nil {
			t.Fatal(err)
		}
		switch {
		case answer.Method != "":
		case answer.Error != nil:
			return answer.Error.Data.Code
		default:
			return ""
		}
	}
}

func request(method protocol.Method, params any) any {
	return map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
}
