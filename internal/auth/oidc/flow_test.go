package oidc

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"go.uber.org/goleak"

	"stube/internal/auth/provider"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLogIn(t *testing.T) {
	i := newIssuer(t)
	f := newFlow(t, Config{Issuer: i.URL})
	for range 2 {
		p, err := travel(t, f, nil)
		if err != nil || p.Subject != "42" || p.Name != "Anna" || p.Email != "" || p.Groups != nil {
			t.Errorf("%q %q, error %v", p.Subject, p.Name, err)
		}
	}
	if i.asked["/.well-known/openid-configuration"] != 1 || i.asked["/keys"] != 1 || i.asked["/info"] != 0 {
		t.Errorf("asked %v", i.asked)
	}
	if !strings.Contains(f.Realm(), i.URL) {
		t.Errorf("realm %q", f.Realm())
	}
}

func TestClaims(t *testing.T) {
	verified := map[string]any{"name": "Anna", "email": "Anna@School.example", "email_verified": true}
	tests := []struct {
		name         string
		config       Config
		claims, info map[string]any
		email        string
		groups       []string
		shown        string
	}{
		{"e-mail", Config{Email: true}, verified, nil, "anna@school.example", nil, "Anna"},
		{"not asked for", Config{}, verified, nil, "", nil, "Anna"},
		{"true as a text", Config{Email: true}, map[string]any{
			"name": "Anna", "email": "a@b.example", "email_verified": "true",
		}, nil, "a@b.example", nil, "Anna"},
		{"not verified", Config{Email: true}, map[string]any{
			"email": "a@b.example", "email_verified": false,
		}, nil, "", nil, ""},
		{"not said", Config{Email: true}, map[string]any{"email": "a@b.example"}, nil, "", nil, ""},
		{"two addresses", Config{Email: true}, map[string]any{"email": "a@b@c", "email_verified": true}, nil, "", nil, ""},
		{"user information", Config{Email: true, Groups: true}, map[string]any{}, map[string]any{
			"sub": "42", "name": "Bea", "email": "a@b.example", "email_verified": true, "groups": []string{"x", "y"},
		}, "a@b.example", []string{"x", "y"}, "Bea"},
		{"signed claims first", Config{Email: true}, verified, map[string]any{
			"sub": "42", "name": "Eve", "email": "eve@school.example",
		}, "anna@school.example", nil, "Anna"},
		{"nested groups", Config{Groups: true, GroupsClaim: "realm_access.roles"}, map[string]any{
			"name": "Anna", "realm_access": map[string]any{"roles": []any{"x", 1}},
		}, nil, "", []string{"x"}, "Anna"},
		{"name with points", Config{Groups: true, GroupsClaim: "https://x.example/roles"}, map[string]any{
			"name": "Anna", "https://x.example/roles": "x",
		}, nil, "", []string{"x"}, "Anna"},
		{"other names", Config{}, map[string]any{"name": " ", "preferred_username": "anna"}, nil, "", nil, "anna"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer(t)
			i.claims = test.claims
			if test.info != nil {
				i.info = test.info
			}
			test.config.Issuer = i.URL
			p, err := travel(t, newFlow(t, test.config), nil)
			if err != nil || string(p.Email) != test.email || !slices.Equal(p.Groups, test.groups) || p.Name != test.shown {
				t.Errorf("%q %q %q, error %v", string(p.Email), p.Groups, p.Name, err)
			}
		})
	}
}

func TestGoogleVouchesForItsOwn(t *testing.T) {
	for _, test := range []struct{ email, organisation, wantEmail, wantDomain string }{
		{"anna@school.example", "school.example", "anna@school.example", "school.example"},
		{"anna@gmail.com", "", "anna@gmail.com", ""},
		{"anna@school.example", "", "", ""},
	} {
		f := &Flow{config: Config{Issuer: "https://accounts.google.com", Email: true}}
		p := f.profile(claims{"sub": "1", "email": test.email, "email_verified": true, "hd": test.organisation})
		if string(p.Email) != test.wantEmail || p.Domain != test.wantDomain {
			t.Errorf("%+v: %q at %q", test, string(p.Email), p.Domain)
		}
	}
}

// A token that is not exactly as it should be opens nothing.
func TestBadTokens(t *testing.T) {
	strange := ecKey(t, "1")
	symmetric := &key{"1", jose.HS256, []byte("secretsecretsecretsecretsecret12"), nil}
	resign := func(k *key, change func(map[string]any)) func(*issuer, map[string]any) {
		return func(i *issuer, answer map[string]any) {
			parsed, err := jose.ParseSignedCompact(answer["id_token"].(string), []jose.SignatureAlgorithm{jose.ES256})
			if err != nil {
				i.t.Error(err)
				return
			}
			c := map[string]any{}
			if err := json.Unmarshal(parsed.UnsafePayloadWithoutVerification(), &c); err != nil {
				i.t.Error(err)
			}
			change(c)
			if k == nil {
				k = i.signer
			}
			answer["id_token"] = i.sign(k, c)
		}
	}
	set := func(name string, value any) func(*issuer, map[string]any) {
		return resign(nil, func(c map[string]any) { c[name] = value })
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	tests := []struct {
		name   string
		change func(*issuer, map[string]any)
		good   bool
	}{
		{"as it should be", set("name", "Anna"), true},
		{"ended a moment ago", set("exp", ago(30*time.Second)), true},
		{"clock in front", set("nbf", ago(-2*time.Minute)), true},
		{"ended", set("exp", ago(2*time.Minute)), false},
		{"not yet", set("nbf", ago(-time.Hour)), false},
		{"no end", resign(nil, func(c map[string]any) { delete(c, "exp") }), false},
		{"other issuer", set("iss", "https://evil.example"), false},
		{"other audience", set("aud", "other"), false},
		{"several audiences", set("aud", []string{"client", "other"}), false},
		{"several audiences and ours", resign(nil, func(c map[string]any) {
			c["aud"], c["azp"] = []string{"client", "other"}, "client"
		}), true},
		{"other party", set("azp", "other"), false},
		{"other nonce", set("nonce", "x"), false},
		{"no nonce", resign(nil, func(c map[string]any) { delete(c, "nonce") }), false},
		{"no subject", set("sub", ""), false},
		{"long subject", set("sub", strings.Repeat("x", 256)), false},
		{"other access token", set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), false},
		{"other key", resign(strange, func(map[string]any) {}), false},
		{"shared key", resign(symmetric, func(map[string]any) {}), false},
		{"none", func(_ *issuer, a map[string]any) {
			parts := strings.Split(a["id_token"].(string), ".")
			a["id_token"] = "eyJhbGciOiJub25lIn0." + parts[1] + "."
		}, false},
		{"unsigned", func(_ *issuer, a map[string]any) {
			a["id_token"] = a["id_token"].(string)[:len(a["id_token"].(string))-4] + "AAAA"
		}, false},
		{"no token", func(_ *issuer, a map[string]any) { delete(a, "id_token") }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer(t)
			i.token = func(answer map[string]any) { test.change(i, answer) }
			p, err := travel(t, newFlow(t, Config{Issuer: i.URL}), nil)
			if test.good && (err != nil || p.Subject != "42") || !test.good && !errors.Is(err, provider.ErrFailed) {
				t.Errorf("%q, error %v", p.Subject, err)
			}
		})
	}
}

func TestBadAnswers(t *testing.T) {
	i := newIssuer(t)
	i.document = func(d map[string]any) { d["authorization_response_iss_parameter_supported"] = true }
	f := newFlow(t, Config{Issuer: i.URL})
	tests := []struct {
		name   string
		change func(url.Values)
		want   error
	}{
		{"good", nil, nil},
		{"other provider's", func(q url.Values) { q.Set("iss", "https://evil.example") }, provider.ErrFailed},
		{"nobody's", func(q url.Values) { q.Del("iss") }, provider.ErrFailed},
		{"cancelled", func(q url.Values) { q.Set("error", "access_denied") }, provider.ErrCancelled},
		{"no code", func(q url.Values) { q.Del("code") }, provider.ErrFailed},
		{"made-up code", func(q url.Values) { q.Set("code", "canary") }, provider.ErrFailed},
	}
	for _, test := range tests {
		_, err := travel(t, f, test.change)
		if !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%s: error %v", test.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") { // criterion 18
			t.Errorf("%s: the error quotes: %v", test.name, err)
		}
	}
	i.info["sub"], i.claims = "43", map[string]any{}
	if _, err := travel(t, f, nil); !errors.Is(err, provider.ErrFailed) {
		t.Errorf("somebody else's information: %v", err)
	}
}

func TestKeysChange(t *testing.T) {
	i := newIssuer(t)
	f := newFlow(t, Config{Issuer: i.URL})
	for _, k := range []*key{i.signer, rsaKey(t, "2"), ecKey(t, "3")} {
		i.signer = k
		if _, err := travel(t, f, nil); err != nil {
			t.Errorf("key %s: %v", k.id, err)
		}
	}
}

func TestTheProviderMayBeDown(t *testing.T) {
	i := newIssuer(t)
	i.broken = true
	f := newFlow(t, Config{Issuer: i.URL})
	for range 3 {
		_, err := travel(t, f, nil)
		if !errors.Is(err, provider.ErrUnavailable) || !strings.Contains(err.Error(), "503") {
			t.Errorf("error %v", err)
		}
	}
	if n := i.asked["/.well-known/openid-configuration"]; n != 1 {
		t.Errorf("asked %d times in a moment", n)
	}
	i.broken = false
	f.discovery.triedAt = time.Now().Add(-retryAfter)
	if _, err := travel(t, f, nil); err != nil {
		t.Errorf("back again: %v", err)
	}
	f.discovery.foundAt = time.Now().Add(-rediscover)
	i.document = func(d map[string]any) { d["issuer"] = "https://moved.example" }
	if _, err := travel(t, f, nil); err != nil {
		t.Errorf("an old document is not used: %v", err)
	}
}

func TestDocumentsThatWillNotDo(t *testing.T) {
	for want, change := range map[string]func(map[string]any){
		"exactly so": func(d map[string]any) { d["issuer"] = "https://other.example" },
		"no https":   func(d map[string]any) { d["token_endpoint"] = "http://192.0.2.1/token" },
		"has no":     func(d map[string]any) { d["jwks_uri"] = "file:///etc/passwd" },
	} {
		i := newIssuer(t)
		i.document = change
		if _, err := travel(t, newFlow(t, Config{Issuer: i.URL}), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", want, err)
		}
	}
	for _, issuer := range []string{"", "x", "http://id.example", "https://id.example/?a", "ftp://localhost", "https://"} {
		if _, err := New(Config{Issuer: issuer, ClientID: "client"}, provider.NewClient()); err == nil {
			t.Errorf("%q is taken for an issuer", issuer)
		}
	}
	if _, err := New(Config{Issuer: "https://id.example"}, provider.NewClient()); err == nil {
		t.Error("a client without name")
	}
}

func TestSecretInTheBody(t *testing.T) {
	i := newIssuer(t)
	i.document = func(d map[string]any) { d["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"} }
	if _, err := travel(t, newFlow(t, Config{Issuer: i.URL, Scopes: []string{"groups"}}), nil); err != nil {
		t.Error(err)
	}
}

func TestCriterion30LongAnswersAreCut(t *testing.T) {
	i := newIssuer(t)
	i.document = func(d map[string]any) { d["padding"] = strings.Repeat("x", 2<<20) }
	if _, err := travel(t, newFlow(t, Config{Issuer: i.URL}), nil); !errors.Is(err, provider.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}
