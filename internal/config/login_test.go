package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const logins = `
url = "https://meet.example.org"
create = "allowed"

[[login]]
kind = "oidc"
name = "Google"
issuer = "https://accounts.google.com"
client_id = "id"
client_secret = "secret"
allow = { domains = ["school.example"], emails = ["guest@other.example"] }
operators = { emails = ["head@school.example"] }

[[login]]
kind = "oidc"
name = "Our Keycloak!"
issuer = "http://localhost:8081/realms/x"
client_id = "id"
scopes = ["roles"]
groups_claim = "realm_access.roles"
allow.groups = ["teachers"]

[[login]]
kind = "github"
name = "GitHub"
client_id = "id"
client_secret_file = "FILE"

[[login]]
kind = "facebook"
key = "fb"
name = "Facebook"
client_id = "id"
client_secret = "secret"

[token]
algorithm = "HS256"
secret_file = "FILE"
issuer = "moodle"
audience = "stube"
`

func TestLogins(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(" canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Sources{File: write(t, strings.ReplaceAll(logins, "FILE", secret))})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, l := range c.Login {
		ids = append(ids, l.ID())
	}
	if got := strings.Join(ids, " "); got != "google our-keycloak github fb" {
		t.Errorf("keys %s", got)
	}
	if !c.Login[0].NeedEmail() || c.Login[0].NeedGroups() || !c.Login[1].NeedGroups() || c.Login[1].NeedEmail() {
		t.Error("what decides something is not told")
	}
	if got, err := c.Login[2].Secret(); got != "canary" || err != nil {
		t.Errorf("secret %q, error %v", got, err)
	}
	if got, err := c.Login[3].Secret(); got != "secret" || err != nil {
		t.Errorf("secret %q, error %v", got, err)
	}
	if got, err := c.Token.Key(); string(got) != "canary" || err != nil {
		t.Errorf("key %q, error %v", got, err)
	}
	if err := os.Remove(secret); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token.Key(); err == nil || !strings.Contains(err.Error(), "token.secret_file: ") {
		t.Errorf("error %v", err)
	}
	if _, err := c.Login[2].Secret(); err == nil || !strings.Contains(err.Error(), "login github: ") {
		t.Errorf("error %v", err)
	}
}

func TestValidateLogins(t *testing.T) {
	google := Login{Kind: "oidc", Name: "G", Issuer: "https://a.example", ClientID: "id", ClientSecret: "s"}
	hub := Login{Kind: "github", Name: "H", ClientID: "id", ClientSecret: "s"}
	book := Login{Kind: "facebook", Name: "F", ClientID: "id", ClientSecret: "s"}
	secret := Token{Algorithm: "HS256", Secret: "x", Issuer: "a", Audience: "b"}
	set := func(l Login, change func(*Login)) func(*Config) {
		change(&l)
		return func(c *Config) { c.Login = []Login{l} }
	}
	token := func(change func(*Token)) func(*Config) {
		t := secret
		change(&t)
		return func(c *Config) { c.Token = t }
	}
	tests := []struct {
		name   string
		change func(*Config)
		want   string // a part of the error; "" means valid
	}{
		{"all kinds", func(c *Config) { c.Login = []Login{google, hub, book} }, ""},
		{"anyone", func(c *Config) { c.Create = "anyone" }, ""},
		{"create", func(c *Config) { c.Create = "all" }, "create: "},
		{"twice", func(c *Config) { c.Login = []Login{google, google} }, "is another provider's"},
		{"many", func(c *Config) { c.Login = make([]Login, 17) }, "more than 16"},
		{"kind", set(google, func(l *Login) { l.Kind = "ldap" }), "kind: "},
		{"no name", set(google, func(l *Login) { l.Name = "" }), "name: "},
		{"name without letters", set(google, func(l *Login) { l.Name = "学校" }), "key: "},
		{"local", set(google, func(l *Login) { l.Name = "Local" }), "key: "},
		{"no client", set(google, func(l *Login) { l.ClientID = "" }), "client_id: "},
		{"public client", set(google, func(l *Login) { l.ClientSecret = "" }), ""},
		{"no secret", set(hub, func(l *Login) { l.ClientSecret = "" }), "client_secret: "},
		{"two secrets", set(google, func(l *Login) { l.SecretFile = "x" }), "client_secret: "},
		{"issuer without TLS", set(google, func(l *Login) { l.Issuer = "http://a.example" }), "issuer: "},
		{"no issuer", set(google, func(l *Login) { l.Issuer = "" }), "issuer: "},
		{"url", set(google, func(l *Login) { l.URL = "https://a.example" }), "url: "},
		{"enterprise", set(hub, func(l *Login) { l.URL = "https://git.example" }), ""},
		{"bad enterprise", set(hub, func(l *Login) { l.URL = "git.example" }), "url: "},
		{"issuer of GitHub", set(hub, func(l *Login) { l.Issuer = "https://a.example" }), "for oidc"},
		{"allow", set(hub, func(l *Login) { l.Allow.Groups = []string{"x"} }), "allow: it has no effect"},
		{"operators", set(hub, func(l *Login) { l.Operators.Groups = []string{"x"} }), ""},
		{"empty group", set(hub, func(l *Login) { l.Operators.Groups = []string{""} }), "operators.groups: "},
		{"domain", set(hub, func(l *Login) { l.Operators.Domains = []string{"@a.example"} }), "operators.domains: "},
		{"e-mail", set(hub, func(l *Login) { l.Operators.Emails = []string{"a.example"} }), "operators.emails: "},
		{"Facebook's groups", set(book, func(l *Login) { l.Operators.Emails = []string{"a@b.example"} }), "vouches for no"},
		{"address", func(c *Config) { c.URL = "https://a.example:8443" }, ""},
		{"local address", func(c *Config) { c.URL = "http://localhost:8080" }, ""},
		{"path", func(c *Config) { c.URL = "https://a.example/" }, "url: "},
		{"no TLS", func(c *Config) { c.URL = "http://a.example" }, "url: "},
		{"token", token(func(*Token) {}), ""},
		{"algorithm", token(func(t *Token) { t.Algorithm = "none" }), "token.algorithm: "},
		{"no algorithm", token(func(t *Token) { t.Algorithm = "" }), "token.algorithm: "},
		{"secret for RSA", token(func(t *Token) { t.Algorithm = "RS256" }), "token.public_key_file: "},
		{"key for HMAC", token(func(t *Token) { t.KeyFile = "x" }), "token.secret: "},
		{"any audience", token(func(t *Token) { t.Audience = "" }), "token.audience: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Default()
			test.change(&c)
			got := ""
			if err := c.Validate(); err != nil {
				got = err.Error()
			}
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	for want, c := range map[string]Config{
		"":                            {},
		"https://a.example":           {Domain: "a.example"},
		"https://a.example:8443":      {Domain: "a.example", Listen: ":8443"},
		"https://other.example":       {Domain: "a.example", URL: "https://other.example"},
		"https://third.example":       {URL: "https://third.example"},
		"https://random-port.example": {Domain: "random-port.example", Listen: ":0"},
	} {
		if got := c.Origin(); got != want {
			t.Errorf("origin %q, want %q", got, want)
		}
	}
	c := Config{Data: "d"}
	if c.StoreFolder() != filepath.Join("d", "store") || c.ControlSocket() != filepath.Join("d", "control.sock") {
		t.Errorf("%s, %s", c.StoreFolder(), c.ControlSocket())
	}
}
