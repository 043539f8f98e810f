package auth

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/password"
	"stube/internal/auth/record"
	"stube/internal/auth/record/recordtest"
	"stube/internal/auth/session"
)

const (
	home     = "https://meet.example.org"
	goodWord = "correct horse battery"
)

// house is a service with what it stands on.
type house struct {
	*Service

	handler http.Handler
	storage Storage
	log     *bytes.Buffer
}

func newHouse(t *testing.T, change func(*Config)) *house {
	t.Helper()
	return reopen(t, Storage{
		Sessions: recordtest.New(session.Session.Ends),
		Accounts: account.Buckets{
			Accounts: recordtest.New[account.Account](nil), Names: recordtest.New[account.Name](nil),
			Links: recordtest.New(account.Link.Ends),
		},
		Key: bytes.Repeat([]byte{9}, record.KeySize),
	}, change)
}

// reopen makes another service of what one kept.
func reopen(t *testing.T, storage Storage, change func(*Config)) *house {
	t.Helper()
	log := &bytes.Buffer{}
	c := Config{
		URL: home, Create: api.CreateSignedIn, Passwords: password.Cost{Memory: 64, Passes: 1, Threads: 1},
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	s, err := New(t.Context(), c, storage)
	if err != nil {
		t.Fatal(err)
	}
	return &house{Service: s, handler: s.Handler(), storage: storage, log: log}
}

// browser is a client with cookies.
type browser struct {
	t       *testing.T
	house   *house
	origin  string
	address string
	cookies map[string]*http.Cookie
}

func (h *house) browser(t *testing.T) *browser {
	t.Helper()
	return &browser{t: t, house: h, origin: home, address: "192.0.2.1:50000", cookies: map[string]*http.Cookie{}}
}

// request is a request of a page of the site.
func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	scheme, host, _ := strings.Cut(b.origin, "://")
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, body)
	r.Host, r.RemoteAddr, r.TLS = host, b.address, nil
	if scheme == "https" {
		r.TLS = httptest.NewRequest(method, "https://x/", http.NoBody).TLS
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", b.origin)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

// do makes a request and keeps the cookies of the answer.
func (b *browser) do(r *http.Request) *http.Response {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.house.handler.ServeHTTP(w, r)
	response := w.Result()
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return response
}

// identity is who the service takes the browser for.
func (b *browser) identity() (Identity, bool) {
	return b.house.Identify(b.request(http.MethodGet, "/room", http.NoBody))
}

// post asks for something; it fails unless the error's code, "" for none, is the one wanted.
func post[A any](b *browser, path string, question any, want api.ErrorCode) A {
	b.t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer[A](b, b.do(b.request(http.MethodPost, "/-/api/v1/"+path, bytes.NewReader(body))), path, want)
}

func get[A any](b *browser, path string, want api.ErrorCode) A {
	b.t.Helper()
	return answer[A](b, b.do(b.request(http.MethodGet, "/-/api/v1/"+path, http.NoBody)), path, want)
}

func answer[A any](b *browser, response *http.Response, path string, want api.ErrorCode) A {
	b.t.Helper()
	var a A
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK {
		if want != "" {
			b.t.Errorf("%s: %s, want %s", path, body, want)
		}
		if err := json.Unmarshal(body, &a, json.RejectUnknownMembers(true)); err != nil {
			b.t.Fatalf("%s: %v in %s", path, err, body)
		}
		return a
	}
	var failure api.Failure
	if err := json.Unmarshal(body, &failure, json.RejectUnknownMembers(true)); err != nil {
		b.t.Fatalf("%s: status %d, %v in %s", path, response.StatusCode, err, body)
	}
	if failure.Error.Code != want || response.StatusCode != want.Status() {
		b.t.Errorf("%s: status %d, code %q, want %q; log:\n%s", path, response.StatusCode, failure.Error.Code, want,
			b.house.log)
	}
	return a
}

// member is a browser in which somebody with a password has logged in.
func (h *house) member(t *testing.T, name string, operator bool) *browser {
	t.Helper()
	b := h.browser(t)
	invited, err := h.Invite(context.Background(), name, operator)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimPrefix(invited.Setup, setupPath)
	s := post[api.Session](b, "setup/password", api.SetupPassword{Secret: secret, Password: goodWord}, "")
	if s.Identity == nil || s.Identity.Name != name {
		t.Fatalf("%+v", s)
	}
	return b
}
