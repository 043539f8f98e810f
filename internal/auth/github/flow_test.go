package github

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"stube/internal/auth/provider"
	"stube/internal/auth/provider/providertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hub speaks GitHub's documented endpoints, with the shapes of its errors.
type hub struct {
	*httptest.Server

	user      map[string]any
	emails    []map[string]any
	pages     [][]string // of organisations
	scope     string     // asked for
	challenge string
	status    int // of the API, if not 0
}

func newHub(t *testing.T) *hub {
	t.Helper()
	h := &hub{user: map[string]any{"id": 583231, "login": "octocat", "name": "Anna", "type": "User", "email": nil}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login/oauth/authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		h.scope, h.challenge = q.Get("scope"), q.Get("code_challenge")
		back := url.Values{"code": {"c0de"}, "state": {q.Get("state")}}
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /login/oauth/access_token", h.exchange)
	mux.HandleFunc("GET /api/v3/user", h.api(func(http.ResponseWriter, *http.Request) any { return h.user }))
	mux.HandleFunc("GET /api/v3/user/emails", h.api(func(http.ResponseWriter, *http.Request) any { return h.emails }))
	mux.HandleFunc("GET /api/v3/user/orgs", h.api(func(w http.ResponseWriter, r *http.Request) any {
		page := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page)
		if page < len(h.pages) {
			w.Header().Set("Link", fmt.Sprintf(`<%s/x?page=%d>; rel="next", <%s/x>; rel="last"`, h.URL, page+1, h.URL))
		}
		list := []map[string]any{}
		if page <= len(h.pages) {
			for _, name := range h.pages[page-1] {
				list = append(list, map[string]any{"login": name, "id": 1})
			}
		}
		return list
	}))
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	return h
}

// exchange answers as GitHub does: with status 200 also for errors, as a form unless JSON is asked for.
func (h *hub) exchange(w http.ResponseWriter, r *http.Request) {
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	answer := url.Values{"access_token": {"gho_1"}, "scope": {h.scope}, "token_type": {"bearer"}}
	switch {
	case r.PostFormValue("client_id") != "client" || r.PostFormValue("client_secret") != "secret":
		answer = url.Values{"error": {"incorrect_client_credentials"}, "error_description": {"canary"}}
	case r.PostFormValue("code") != "c0de",
		base64.RawURLEncoding.EncodeToString(challenge[:]) != h.challenge:
		answer = url.Values{"error": {"bad_verification_code"}, "error_uri": {"https://docs.github.com/canary"}}
	}
	w.Header().Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	_, _ = w.Write([]byte(answer.Encode()))
}

func (h *hub) api(answer func(http.ResponseWriter, *http.Request) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		status := h.status
		if r.Header.Get("Authorization") != "Bearer gho_1" || r.Header.Get("User-Agent") == "" {
			status = http.StatusUnauthorized
		}
		if status != 0 {
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]string{
				"message": "Bad credentials for canary", "documentation_url": "https://docs.github.com/rest", "status": "401",
			})
			return
		}
		_ = json.NewEncoder(w).Encode(answer(w, r))
	}
}

func newFlow(t *testing.T, c Config) *Flow {
	t.Helper()
	client := provider.NewClient()
	t.Cleanup(client.Close)
	c.ClientID = "client"
	if c.ClientSecret == "" {
		c.ClientSecret = "secret"
	}
	f, err := New(c, client)
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
	h := newHub(t)
	p, err := travel(t, newFlow(t, Config{URL: h.URL + "/"}), nil)
	if err != nil || p.Subject != "583231" || p.Name != "Anna" || p.Email != "" || p.Groups != nil || h.scope != "" {
		t.Errorf("%q %q with scope %q, error %v", p.Subject, p.Name, h.scope, err)
	}
	h.user["name"] = nil
	if p, err := travel(t, newFlow(t, Config{URL: h.URL}), nil); err != nil || p.Name != "octocat" {
		t.Errorf("%q, error %v", p.Name, err)
	}
}

func TestEmailAndOrganisations(t *testing.T) {
	h := newHub(t)
	h.emails = []map[string]any{
		{"email": "other@x.example", "primary": false, "verified": true, "visibility": nil},
		{"email": "Anna@School.example", "primary": true, "verified": true, "visibility": "private"},
	}
	h.pages = [][]string{{"school", "club"}, {"company"}}
	f := newFlow(t, Config{URL: h.URL, Email: true, Groups: true})
	p, err := travel(t, f, nil)
	if err != nil || string(p.Email) != "anna@school.example" || p.Domain != "school.example" ||
		!slices.Equal(p.Groups, []string{"school", "club", "company"}) || h.scope != "user:email read:org" {
		t.Errorf("%q %q with scope %q, error %v", string(p.Email), p.Groups, h.scope, err)
	}
	h.emails[1]["verified"] = false
	if p, err := travel(t, f, nil); err != nil || p.Email != "" || p.Domain != "" {
		t.Errorf("an address that is not verified: %q, error %v", string(p.Email), err)
	}
	h.pages = slices.Repeat([][]string{{"x"}}, 20) // criterion 30
	if p, err := travel(t, f, nil); err != nil || len(p.Groups) != maxPages {
		t.Errorf("%d organisations, error %v", len(p.Groups), err)
	}
}

func TestErrors(t *testing.T) {
	h := newHub(t)
	good := Config{URL: h.URL, Email: true}
	tests := []struct {
		name   string
		config Config
		status int
		user   map[string]any
		change func(url.Values)
		want   error
	}{
		{"wrong secret", Config{URL: h.URL, ClientSecret: "other"}, 0, nil, nil, provider.ErrFailed},
		{"wrong code", good, 0, nil, func(q url.Values) { q.Set("code", "x") }, provider.ErrFailed},
		{"cancelled", good, 0, nil, func(q url.Values) { q.Set("error", "access_denied") }, provider.ErrCancelled},
		{"misconfigured", good, 0, nil, func(q url.Values) {
			q.Set("error", "redirect_uri_mismatch")
		}, provider.ErrFailed},
		{"revoked", good, 401, nil, nil, provider.ErrFailed},
		{"too much asked", good, 429, nil, nil, provider.ErrUnavailable},
		{"out of order", good, 503, nil, nil, provider.ErrUnavailable},
		{"organisation", good, 0, map[string]any{"id": 1, "login": "x", "type": "Organization"}, nil, provider.ErrFailed},
		{"nobody", good, 0, map[string]any{"login": "x"}, nil, provider.ErrFailed},
		{"another shape", good, 0, map[string]any{"id": "x"}, nil, provider.ErrFailed},
		{"nobody there", Config{URL: "http://127.0.0.1:1"}, 0, nil, nil, provider.ErrUnavailable},
	}
	usual := h.user
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h.status, h.user = test.status, usual
			if test.user != nil {
				h.user = test.user
			}
			f := newFlow(t, test.config)
			var err error
			if test.config.URL == h.URL {
				_, err = travel(t, f, test.change)
			} else {
				_, err = f.Arrive(t.Context(), provider.NewAttempt(""), url.Values{"code": {"x"}})
			}
			if !errors.Is(err, test.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestWhereItIs(t *testing.T) {
	f := newFlow(t, Config{})
	if f.config.API != "https://api.github.com" || f.Realm() != "github https://github.com" {
		t.Errorf("%+v", f.config)
	}
	for url, api := range map[string]string{
		"https://git.example": "https://git.example/api/v3", "https://school.ghe.com/": "https://api.school.ghe.com",
		"https://ghe.com.example": "https://ghe.com.example/api/v3",
	} {
		if f := newFlow(t, Config{URL: url}); f.config.API != api {
			t.Errorf("%+v", f.config)
		}
	}
	if _, err := New(Config{ClientID: "x"}, provider.NewClient()); err == nil {
		t.Error("no secret: no error")
	}
}
