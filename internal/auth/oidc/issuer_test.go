package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"stube/internal/auth/provider"
	"stube/internal/auth/provider/providertest"
)

// issuer is an OpenID Connect provider: it has a discovery document, keys, an authorization endpoint that logs
// everybody in at once, a token endpoint that checks client, code and PKCE, and a user information endpoint.
type issuer struct {
	*httptest.Server

	t      *testing.T
	signer *key

	mu       sync.Mutex
	grants   map[string]url.Values // authorization requests by code
	asked    map[string]int        // requests by path
	broken   bool
	claims   map[string]any         // of the ID token, beside those that must be
	info     map[string]any         // user information
	document func(d map[string]any) // changes the discovery document
	token    func(a map[string]any) // changes the answer of the token endpoint
}

// key is a key with which tokens are signed.
type key struct {
	id        string
	algorithm jose.SignatureAlgorithm
	private   any
	public    any
}

func rsaKey(t *testing.T, id string) *key {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &key{id, jose.RS256, private, private.Public()}
}

func ecKey(t *testing.T, id string) *key {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &key{id, jose.ES256, private, private.Public()}
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{
		t: t, signer: ecKey(t, "1"), grants: map[string]url.Values{}, asked: map[string]int{},
		claims: map[string]any{"name": "Anna"}, info: map[string]any{"sub": "42"},
		document: func(map[string]any) {}, token: func(map[string]any) {},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discover)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
			Key: i.signer.public, KeyID: i.signer.id, Algorithm: string(i.signer.algorithm), Use: "sig",
		}}})
	})
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.exchange)
	mux.HandleFunc("GET /info", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer access" {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		write(w, i.info)
	})
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.asked[r.URL.Path]++
		if i.broken {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(i.Close)
	return i
}

func write(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (i *issuer) discover(w http.ResponseWriter, _ *http.Request) {
	d := map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token",
		"jwks_uri": i.URL + "/keys", "userinfo_endpoint": i.URL + "/info",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256"},
	}
	i.document(d)
	write(w, d)
}

func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "client" || q.Get("code_challenge_method") != "S256" ||
		q.Get("nonce") == "" || q.Get("state") == "" || !strings.HasPrefix(q.Get("scope"), "openid profile") {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	i.grants[code] = q
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.URL}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// exchange makes tokens of a code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
func (i *issuer) exchange(w http.ResponseWriter, r *http.Request) {
	refuse := func(problem string) {
		w.WriteHeader(http.StatusBadRequest)
		write(w, map[string]string{"error": problem, "error_description": "canary@school.example"})
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != "client" || secret != "secret" {
		refuse("invalid_client")
		return
	}
	grant, ok := i.grants[r.PostFormValue("code")]
	delete(i.grants, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || grant.Get("redirect_uri") != r.PostFormValue("redirect_uri") ||
		grant.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(challenge[:]) {
		refuse("invalid_grant")
		return
	}
	now := time.Now()
	claims := map[string]any{
		"iss": i.URL, "sub": "42", "aud": "client", "nonce": grant.Get("nonce"), "iat": now.Unix(),
		"exp": now.Add(time.Hour).Unix(),
	}
	for name, value := range i.claims {
		claims[name] = value
	}
	answer := map[string]any{
		"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": i.sign(i.signer, claims),
	}
	i.token(answer)
	write(w, answer)
}

func (i *issuer) sign(k *key, claims map[string]any) string {
	private := jose.JSONWebKey{Key: k.private, KeyID: k.id}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: k.algorithm, Key: private}, nil)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		i.t.Error(err)
	}
	return text
}

// newFlow is a flow to an issuer.
func newFlow(t *testing.T, c Config) *Flow {
	t.Helper()
	client := provider.NewClient()
	t.Cleanup(client.Close)
	c.ClientID, c.ClientSecret = "client", "secret"
	f, err := New(c, client)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// travel departs and comes back as a browser does. What is given changes the query that it comes back with.
func travel(t *testing.T, f *Flow, change func(url.Values)) (provider.Profile, error) {
	t.Helper()
	return providertest.Travel(t, f, f.client.HTTP(), change)
}
