package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stube/internal/auth"
	"stube/internal/auth/authstore"
	"stube/internal/auth/provider"
	"stube/internal/config"
	"stube/internal/store"
)

func TestLogInOfTheConfiguration(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	kept, err := store.Open(t.Context(), store.Config{Folder: t.TempDir(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	storage, err := authstore.Open(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	client := provider.NewClient()
	defer client.Close()
	c := config.Default()
	c.Login = []config.Login{
		{Kind: "oidc", Name: "Google", Issuer: "https://accounts.google.com", ClientID: "id", ClientSecret: "s"},
		{Kind: "github", Name: "GitHub", ClientID: "id", ClientSecret: "s"},
		{Kind: "facebook", Name: "Facebook", ClientID: "id", ClientSecret: "s"},
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	service, err := newLogIn(t.Context(), c, auth.Config{Log: log}, storage, client)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/-/api/v1/session", http.NoBody)
	r.Host = "localhost:8080"
	service.Handler().ServeHTTP(w, r)
	for _, want := range []string{`"key":"google"`, `"key":"github"`, `"key":"facebook"`, `"mayCreate":false`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is missing in %s", want, w.Body)
		}
	}
	for _, l := range []config.Login{
		{Kind: "oidc", Name: "x", Issuer: "http://a.example", ClientID: "id"},
		{Kind: "github", Name: "x", ClientID: "id", SecretFile: "absent"},
		{Kind: "github", Name: "x"},
		{Kind: "facebook", Name: "x"},
	} {
		c.Login = []config.Login{l}
		if _, err := newLogIn(t.Context(), c, auth.Config{Log: log}, auth.Storage{}, client); err == nil ||
			!strings.HasPrefix(err.Error(), "login x: ") {
			t.Errorf("%s: error %v", l.Kind, err)
		}
	}
}

func TestTokensOfTheConfiguration(t *testing.T) {
	if v, err := newVerifier(config.Token{}); v != nil || err != nil {
		t.Errorf("without a table: %v, error %v", v, err)
	}
	c := config.Token{Algorithm: "HS256", Secret: strings.Repeat("x", 32), Issuer: "a", Audience: "b"}
	if v, err := newVerifier(c); v == nil || err != nil {
		t.Errorf("%v, error %v", v, err)
	}
	c.Secret = "short"
	if _, err := newVerifier(c); err == nil || !strings.HasPrefix(err.Error(), "token: ") {
		t.Errorf("error %v", err)
	}
}
