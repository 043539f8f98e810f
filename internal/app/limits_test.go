package app_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"stube/internal/auth/api"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// code is the word of a refusal; "" for none, "closed" when the connection was ended instead.
func code(err error) protocol.ErrorCode {
	var refused *testpeer.ServerError
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case errors.Is(err, testpeer.ErrSocketClosed):
		return "closed"
	case err != nil:
		return protocol.ErrorCode(err.Error())
	}
	return ""
}

// criterion 30: of everything that people can have much of, a little more than the limit is refused, each by its own
// word. What takes long to fill, or is counted by address, has tests of this name beside what it limits.
func TestCriterion30EveryKindHasALimit(t *testing.T) {
	ctx := bounded(t)
	n := newNest(t, t.TempDir(), slog.New(slog.DiscardHandler))
	n.signUp(ctx, t)
	host := join(ctx, t, testpeer.Options{URL: n.url, Name: "Host", Cookie: n.cookie})
	call(ctx, t, host, protocol.MethodUpdateSettings, protocol.SettingsChange{Lobby: new(protocol.LobbyOff)})
	peer := func(name string) *testpeer.Peer {
		return join(ctx, t, testpeer.Options{URL: n.url, Name: name, Local: at(9)})
	}
	long := func(length int) string { return strings.Repeat("x", length+1) }
	ask := func(method protocol.Method, params any) func(*testpeer.Peer) error {
		return func(p *testpeer.Peer) error { return p.Call(ctx, method, params, &struct{}{}) }
	}
	often := func(times int, method protocol.Method, params any) func(*testpeer.Peer) error {
		return func(p *testpeer.Peer) (err error) {
			for range times {
				if err = ask(method, params)(p); err != nil {
					return err
				}
			}
			return err
		}
	}
	change := func(c protocol.SettingsChange) func(*testpeer.Peer) error {
		return ask(protocol.MethodUpdateSettings, c)
	}
	enter := func(o testpeer.Options) func(*testpeer.Peer) error {
		return func(*testpeer.Peer) error {
			o.URL = n.url
			p, err := testpeer.Join(ctx, o)
			if err == nil {
				p.Close()
			}
			return err
		}
	}
	for _, test := range []struct {
		kind string
		try  func(*testpeer.Peer) error
		want protocol.ErrorCode
	}{
		{"message", ask(protocol.MethodPing, map[string]string{"x": long(protocol.MaxMessage)}), "closed"},
		{"requests in a time", often(200, protocol.MethodPing, protocol.Empty{}), protocol.ErrRateLimited},
		{"name", ask(protocol.MethodRename, protocol.Rename{Name: long(protocol.MaxName)}), protocol.ErrInvalidName},
		{"name of a room", ask(protocol.MethodPeek, protocol.Peek{
			Room: long(protocol.MaxRoomName),
		}), protocol.ErrInvalidRoom},
		{"chat", ask(protocol.MethodSendChat, protocol.SendChat{Text: long(protocol.MaxChat)}), protocol.ErrInvalidText},
		{"chat in a time", often(50, protocol.MethodSendChat, protocol.SendChat{Text: "x"}), protocol.ErrTryLater},
		{"reactions in a time", often(50, protocol.MethodReact, protocol.React{
			Reaction: protocol.Heart,
		}), protocol.ErrTryLater},
		{"tracks", func(p *testpeer.Peer) (err error) {
			for range protocol.MaxScreens + 1 {
				if _, err = p.PublishScreen(ctx, testpeer.VideoOptions{}); err != nil {
					return err
				}
			}
			return err
		}, protocol.ErrTooManyTracks},
	} {
		p := peer("Guest")
		if got := code(test.try(p)); got != test.want {
			t.Errorf("%s: %q, want %q", test.kind, got, test.want)
		}
		p.Close()
	}
	for _, test := range []struct {
		kind string
		try  func(*testpeer.Peer) error
		want protocol.ErrorCode
	}{
		{"title", change(protocol.SettingsChange{Title: new(long(protocol.MaxTitle))}), protocol.ErrInvalidText},
		{"password", change(protocol.SettingsChange{Password: new(long(protocol.MaxPassword))}), protocol.ErrInvalidParams},
		{"length", change(protocol.SettingsChange{MaxMinutes: new(protocol.MaxMinutes + 1)}), protocol.ErrInvalidParams},
		{"people at all", change(protocol.SettingsChange{MaxParticipants: new(1 << 20)}), protocol.ErrInvalidParams},
		{"people", func(p *testpeer.Peer) error {
			if err := change(protocol.SettingsChange{MaxParticipants: new(1)})(p); err != nil {
				return err
			}
			return enter(testpeer.Options{Room: "stube", Name: "x"})(p)
		}, protocol.ErrRoomFull},
		{"rooms of an account", func(p *testpeer.Peer) (err error) {
			for i := range protocol.MaxRooms + 1 {
				room := protocol.NamedRoom{
					Name: "room" + strings.Repeat("x", i%50) + string(rune('a'+i/50)), Lobby: protocol.LobbyGuests,
					Preset: protocol.Conversation,
				}
				if err = ask(protocol.MethodSaveRoom, room)(p); err != nil {
					return err
				}
			}
			return err
		}, protocol.ErrTooMany},
	} {
		if got := code(test.try(host)); got != test.want {
			t.Errorf("%s: %q, want %q", test.kind, got, test.want)
		}
	}
	n.limitsOfHTTP(ctx, t)
}

// limitsOfHTTP tries requests that are too large, in each of their parts.
func (n *nest) limitsOfHTTP(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, test := range []struct {
		kind, method, path string
		body, head         int
		want               int
	}{
		{"body", http.MethodPost, "-/api/v1/session/password", api.MaxBody, 0, http.StatusRequestEntityTooLarge},
		{"head", http.MethodGet, "", 0, 32 << 10, http.StatusRequestHeaderFieldsTooLarge},
		{"path", http.MethodGet, strings.Repeat("x", 1000), 0, 0, http.StatusNotFound},
	} {
		body := strings.NewReader(`{"name":"` + strings.Repeat("x", test.body) + `","password":"x"}`)
		r, err := http.NewRequestWithContext(ctx, test.method, n.url+test.path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", strings.TrimSuffix(n.url, "/"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Long", strings.Repeat("x", test.head))
		answer, err := n.client.Do(r)
		if err != nil {
			t.Errorf("%s: %v", test.kind, err)
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode != test.want {
			t.Errorf("%s: status %d, want %d", test.kind, answer.StatusCode, test.want)
		}
	}
}
