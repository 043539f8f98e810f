package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/app"
	"stube/internal/auth"
	"stube/internal/auth/api"
	"stube/internal/config"
	"stube/internal/control"
	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

const goodWord = "correct horse battery"

// startWithAnna starts a server in which Anna has an account and is logged in with one of two browsers. id is the
// account's.
func startWithAnna(ctx context.Context, t *testing.T) (a *app.App, people auth.Remote, id string, one, two browser) {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	a = startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	client, err := control.Dial(ctx, a.ControlSocket())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	people = auth.NewRemote(client)
	invited, err := people.Invite(ctx, "Anna", false)
	if err != nil {
		t.Fatal(err)
	}
	one, two = newBrowser(t, address(a)), newBrowser(t, address(a))
	_, secret, _ := strings.Cut(invited.Setup, "#")
	one.post("setup/password", api.SetupPassword{Secret: secret, Password: goodWord})
	return a, people, invited.Person.ID, one, two
}

// Log-out, everywhere or here, and an operator's command end at once what an account has open in a running server.
func TestLogOutEndsWhatIsOpen(t *testing.T) {
	ctx := bounded(t)
	_, people, id, one, two := startWithAnna(ctx, t)
	password := api.Password{Name: "Anna", Password: goodWord}
	two.post("session/password", password)

	here, elsewhere := one.meet(ctx), two.meet(ctx)
	one.post("session/end", api.End{})
	ended(ctx, t, here)
	two.post("session/password", password) // again, which ends nothing
	told(ctx, t, elsewhere)

	one.post("session/password", password)
	here = one.meet(ctx)
	two.post("session/end", api.End{Everywhere: true})
	ended(ctx, t, here)
	ended(ctx, t, elsewhere)

	one.post("session/password", password)
	here = one.meet(ctx)
	if err := people.SetDisabled(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	ended(ctx, t, here)
	if err := people.SetDisabled(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	one.post("session/password", password)
	here = one.meet(ctx)
	if err := people.Remove(ctx, id); err != nil {
		t.Fatal(err)
	}
	ended(ctx, t, here)
}

// browser keeps cookies.
type browser struct {
	t      *testing.T
	client *http.Client
	origin string
}

func newBrowser(t *testing.T, origin string) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return browser{t, client, strings.TrimSuffix(origin, "/")}
}

// post asks for something as the page does.
func (b browser) post(path string, question any) {
	b.t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.origin+"/-/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", b.origin)
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s", path, text)
	}
}

// connect opens a connection, as the account that is logged in.
func (b browser) connect(ctx context.Context) *websocket.Conn {
	b.t.Helper()
	socket, response, err := websocket.Dial(ctx, b.origin+"/-/ws", &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: http.Header{"Origin": {b.origin}}, HTTPClient: b.client,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	b.t.Cleanup(func() { _ = socket.CloseNow() })
	socket.SetReadLimit(-1)
	return socket
}

// meet joins a meeting of its own, as the account that is logged in.
func (b browser) meet(ctx context.Context) *websocket.Conn {
	b.t.Helper()
	socket := b.connect(ctx)
	question, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0", "id": 1, "method": protocol.MethodJoin,
		"params": protocol.Join{Room: b.t.Name(), Name: "Anna", RTPCapabilities: ortc.RouterCapabilities()},
	})
	if err == nil {
		err = socket.Write(ctx, websocket.MessageText, question)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	until := next(ctx, b.t, socket, func(m message) bool { return m.ID == 1 })
	if !strings.Contains(string(until.Result), `"role":"host"`) {
		b.t.Fatalf("joining gave %s", until.Result)
	}
	return socket
}

// message is what the server says.
type message struct {
	ID     int             `json:"id"`
	Method protocol.Method `json:"method"`
	Params jsontext.Value  `json:"params"`
	Result jsontext.Value  `json:"result"`
	Error  jsontext.Value  `json:"error"`
}

// next waits for a message.
func next(ctx context.Context, t *testing.T, socket *websocket.Conn, wanted func(message) bool) message {
	t.Helper()
	for {
		_, text, err := socket.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for a message: %v", err)
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if wanted(m) {
			return m
		}
	}
}

// ended waits until the server has ended a connection because of the log-in.
func ended(ctx context.Context, t *testing.T, socket *websocket.Conn) {
	t.Helper()
	closed := next(ctx, t, socket, func(m message) bool { return m.Method == protocol.MethodClosed })
	if !strings.Contains(string(closed.Params), string(protocol.ErrLoggedOut)) {
		t.Errorf("the connection ended by %s", closed.Params)
	}
	if _, _, err := socket.Read(ctx); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("after that came %v", err)
	}
}

// told fails unless a connection goes on.
func told(ctx context.Context, t *testing.T, socket *websocket.Conn) {
	t.Helper()
	if err := socket.Write(ctx, websocket.MessageText, []byte(`{"jsonrpc":"2.0","id":2,"method":"ping"}`)); err != nil {
		t.Fatal(err)
	}
	next(ctx, t, socket, func(m message) bool { return m.ID == 2 })
}
