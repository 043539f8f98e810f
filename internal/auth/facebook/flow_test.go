package facebook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"stube/internal/auth/provider"
	"stube/internal/auth/provider/providertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// graph speaks Facebook's documented endpoints, with the shape of its errors.
type graph struct {
	*httptest.Server

	person map[string]any
	status int // of /me, if not 0
	code   int // of the error then
}

func newGraph(t *testing.T) *graph {
	t.Helper()
	g := &graph{person: map[string]any{"id": "10215", "name": "Anna"}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v24.0/dialog/oauth", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		back := url.Values{"code": {"c0de"}, "state": {q.Get("state")}}
		// The fragment is what Facebook really adds.
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode()+"#_=_", http.StatusFound)
	})
	mux.HandleFunc("POST /v24.0/oauth/access_token", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.PostFormValue("client_secret") != "secret":
			fail(w, http.StatusBadRequest, 1)
		case r.PostFormValue("code") != "c0de" || r.PostFormValue("code_verifier") == "":
			fail(w, http.StatusBadRequest, 100)
		default:
			write(w, map[string]any{"access_token": "EAAB", "token_type": "bearer", "expires_in": 5183944})
		}
	})
	mux.HandleFunc("GET /v24.0/me", func(w http.ResponseWriter, r *http.Request) {
		mac := hmac.New(sha256.New, []byte("secret"))
		mac.Write([]byte("EAAB"))
		switch {
		case g.status != 0:
			fail(w, g.status, g.code)
		case r.Header.Get("Authorization") != "Bearer EAAB" || r.URL.Query().Has("access_token"):
			fail(w, http.StatusUnauthorized, 190)
		case r.URL.Query().Get("appsecret_proof") != hex.EncodeToString(mac.Sum(nil)):
			fail(w, http.StatusBadRequest, 100)
		default:
			write(w, g.person)
		}
	})
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	return g
}

func write(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.NewEncoder(w).Encode(answer)
}

func fail(w http.ResponseWriter, status, code int) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
		"message": "Error about canary", "type": "OAuthException", "code": code, "error_subcode": 460, "fbtrace_id": "A",
	}})
}

func newFlow(t *testing.T, g *graph, secret string) *Flow {
	t.Helper()
	client := provider.NewClient()
	t.Cleanup(client.Close)
	f, err := New(Config{URL: g.URL, API: g.URL + "/", ClientID: "client", ClientSecret: secret}, client)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func travel(t *testing.T, f *Flow, change func(url.Values)) (provider.Profile, error) {
	t.Helper()
	return providertest.Travel(t, f, f.client.HTTP(), change)
}

func TestLogIn(t *testing.T) {
	g := newGraph(t)
	f := newFlow(t, g, "secret")
	p, err := travel(t, f, nil)
	if err != nil || p.Subject != "10215" || p.Name != "Anna" || p.Email != "" {
		t.Errorf("%q %q, error %v", p.Subject, p.Name, err)
	}
	if !strings.Contains(f.Realm(), "client") {
		t.Errorf("realm %q: ids are of one app", f.Realm())
	}
}

func TestErrors(t *testing.T) {
	g := newGraph(t)
	usual := g.person
	tests := []struct {
		name         string
		secret       string
		status, code int
		person       map[string]any
		change       func(url.Values)
		want         error
	}{
		{"wrong secret", "other", 0, 0, usual, nil, provider.ErrFailed},
		{"wrong code", "secret", 0, 0, usual, func(q url.Values) { q.Set("code", "x") }, provider.ErrFailed},
		{"cancelled", "secret", 0, 0, usual, func(q url.Values) {
			q.Set("error", "access_denied")
			q.Set("error_reason", "user_denied")
		}, provider.ErrCancelled},
		{"revoked", "secret", 400, 190, usual, nil, provider.ErrFailed},
		{"too much asked", "secret", 400, 4, usual, nil, provider.ErrUnavailable},
		{"out of order", "secret", 400, 2, usual, nil, provider.ErrUnavailable},
		{"really out of order", "secret", 500, 0, usual, nil, provider.ErrUnavailable},
		{"nobody", "secret", 0, 0, map[string]any{"name": "canary"}, nil, provider.ErrFailed},
		{"another shape", "secret", 0, 0, map[string]any{"id": 7}, nil, provider.ErrFailed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g.status, g.code, g.person = test.status, test.code, test.person
			_, err := travel(t, newFlow(t, g, test.secret), test.change)
			if !errors.Is(err, test.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
	f := newFlow(t, g, "secret")
	g.Close()
	_, err := f.Arrive(t.Context(), provider.NewAttempt(""), url.Values{"code": {"canary"}})
	if !errors.Is(err, provider.ErrUnavailable) || strings.Contains(err.Error(), "canary") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestWhereItIs(t *testing.T) {
	f, err := New(Config{ClientID: "a", ClientSecret: "b"}, provider.NewClient())
	if err != nil || f.config.URL != Home || f.config.API != Graph {
		t.Errorf("%+v, error %v", f, err)
	}
	if _, err := New(Config{ClientID: "a"}, provider.NewClient()); err == nil {
		t.Error("no secret: no error")
	}
}
