package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/signal/protocol"
)

// behind starts a server that trusts a network, and answers a GET that came to it by another program.
func behind(t *testing.T, trusted string) (get func(path, client string) *http.Response, origin string) {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(trusted)}
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	origin = strings.TrimSuffix(address(a), "/")
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return func(path, from string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "meet.example.org"
		r.Header.Set("X-Forwarded-For", "198.51.100.1, "+from) // the first as a client made it up
		r.Header.Set("X-Forwarded-Proto", "https")
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		return response
	}, origin
}

// Behind a program that is trusted each client has limits of its own (criterion 30), and TLS counts that was spoken to
// that program (criterion 25).
func TestBehindATrustedProxy(t *testing.T) {
	get, origin := behind(t, "127.0.0.0/8")
	const path = "/-/api/v1/session"
	limited := false
	for range 2000 {
		if limited = get(path, "192.0.2.1").StatusCode == http.StatusTooManyRequests; limited {
			break
		}
	}
	if !limited {
		t.Error("one client is not limited")
	}
	if other := get(path, "192.0.2.2"); other.StatusCode != http.StatusOK {
		t.Errorf("another client gets status %d", other.StatusCode)
	}
	if page := get("/", "192.0.2.2"); page.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS, though the browser came by TLS")
	}
	socket, response, err := websocket.Dial(bounded(t), origin+"/-/ws", &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, Host: "meet.example.org", HTTPHeader: http.Header{
			"Origin":          {"https://meet.example.org"},
			"X-Forwarded-For": {"192.0.2.2"}, "X-Forwarded-Proto": {"https"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = socket.CloseNow()
	cookies := response.Cookies()
	if len(cookies) != 1 || !cookies[0].Secure || cookies[0].Name != "__Host-stube-guest" {
		t.Errorf("cookies %v", cookies)
	}
}

// What a program says that is not trusted is made up.
func TestBehindNobody(t *testing.T) {
	get, _ := behind(t, "192.0.2.0/24")
	const path = "/-/api/v1/session"
	if answer := get(path, "192.0.2.1"); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a log-in without TLS: status %d", answer.StatusCode)
	}
	if page := get("/", "192.0.2.1"); page.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS")
	}
}
