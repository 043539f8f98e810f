package token

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var secret = bytes.Repeat([]byte("k"), minSecret)

func verifier(t testing.TB, algorithm Algorithm, key []byte) *Verifier {
	t.Helper()
	v, err := NewVerifier(Config{
		Algorithm: algorithm, Key: key, Issuer: "school", Audience: "stube", Tenant: "meet.example.org",
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// good are the claims of a token as Jitsi Meet documents them.
func good() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "school", "aud": "stube", "sub": "meet.example.org", "room": "Physics",
		"exp": time.Now().Add(time.Hour).Unix(), "nbf": time.Now().Unix(), "unknown": map[string]any{"a": 1},
		"context": map[string]any{
			"user":     map[string]any{"id": "7", "name": "Anna", "email": "a@b.example", "moderator": "true", "avatar": ""},
			"features": map[string]any{"recording": true, "screen-sharing": "false", "livestreaming": true, "lobby": "true"},
			"group":    "teachers",
		},
	}
}

func sign(t testing.TB, method jwt.SigningMethod, key any, claims jwt.Claims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// raw signs any header and payload with the shared secret.
func raw(header, payload string) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(payload))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func publicPEM(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func keys(t testing.TB) (*rsa.PrivateKey, *ecdsa.PrivateKey) {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, minRSA)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r, e
}

func TestRead(t *testing.T) {
	g, err := verifier(t, HS256, secret).Read(sign(t, jwt.SigningMethodHS256, secret, good()))
	if err != nil {
		t.Fatal(err)
	}
	if g.Room != "Physics" || g.Name != "Anna" || g.Subject != "7" || !g.Moderator || g.Lobby ||
		time.Until(g.Expires) < 59*time.Minute {
		t.Errorf("%+v", g)
	}
	want := map[Feature]bool{Recording: true, Screen: false, Lobbies: true}
	if !maps.Equal(g.Features, want) {
		t.Errorf("features %v, want %v", g.Features, want)
	}
}

// A token is good by the one algorithm that was chosen, whatever it says itself.
func TestAlgorithmsAreNeverSwitched(t *testing.T) {
	r, e := keys(t)
	verifiers := map[Algorithm]*Verifier{
		HS256: verifier(t, HS256, secret),
		RS256: verifier(t, RS256, publicPEM(t, r.Public())),
		ES256: verifier(t, ES256, publicPEM(t, e.Public())),
	}
	tokens := map[string]string{
		"HS256":                       sign(t, jwt.SigningMethodHS256, secret, good()),
		"RS256":                       sign(t, jwt.SigningMethodRS256, r, good()),
		"ES256":                       sign(t, jwt.SigningMethodES256, e, good()),
		"HS384":                       sign(t, jwt.SigningMethodHS384, secret, good()),
		"PS256":                       sign(t, jwt.SigningMethodPS256, r, good()),
		"RS512":                       sign(t, jwt.SigningMethodRS512, r, good()),
		"none":                        sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good()),
		"HS256 by the public RSA key": sign(t, jwt.SigningMethodHS256, publicPEM(t, r.Public()), good()),
		"HS256 by the public EC key":  sign(t, jwt.SigningMethodHS256, publicPEM(t, e.Public()), good()),
	}
	for algorithm, v := range verifiers {
		for name, text := range tokens {
			_, err := v.Read(text)
			if name == string(algorithm) && err != nil || name != string(algorithm) && !errors.Is(err, ErrInvalid) {
				t.Errorf("%s with a token of %s: error %v", algorithm, name, err)
			}
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	v := verifier(t, HS256, secret)
	set := func(name string, value any) string {
		c := good()
		c[name] = value
		if value == nil {
			delete(c, name)
		}
		return sign(t, jwt.SigningMethodHS256, secret, c)
	}
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	fine := sign(t, jwt.SigningMethodHS256, secret, good())
	for name, text := range map[string]string{
		"expired": set("exp", in(-time.Minute)), "for ever": set("exp", nil), "nearly for ever": set("exp", in(2*maxLife)),
		"not yet": set("nbf", in(time.Minute)), "other issuer": set("iss", "other"), "no issuer": set("iss", nil),
		"other audience": set("aud", "other"), "no audience": set("aud", nil), "audiences": set("aud", []string{"a", "b"}),
		"other tenant": set("sub", "other"), "no tenant": set("sub", nil), "no room": set("room", nil),
		"empty room": set("room", ""), "long room": set("room", strings.Repeat("x", 401)), "room 7": set("room", 7),
		"text": set("exp", "soon"), "other key": sign(t, jwt.SigningMethodHS256, append([]byte("x"), secret...), good()),
		"cut": fine[:len(fine)-1], "longer": fine + "A", "four parts": fine + ".A", "padded": fine + "=",
		"line break": fine + "\n", "empty": "", "points": "..", "long": strings.Repeat("A", maxToken+1),
		"broken pattern": set("context", map[string]any{"room": map[string]any{"regex": true}, "user": nil}) + "x",
		"long name":      set("context", map[string]any{"user": map[string]any{"name": strings.Repeat("x", 513)}}),
	} {
		if g, err := v.Read(text); !errors.Is(err, ErrInvalid) || strings.Contains(err.Error(), "school") {
			t.Errorf("%s: %+v, error %v", name, g, err)
		}
	}
	if _, err := v.Read(set("aud", []string{"other", "stube"})); err != nil {
		t.Errorf("one audience of several: %v", err)
	}
	if _, err := v.Read(set("sub", "*")); err != nil {
		t.Errorf("any tenant: %v", err)
	}
}

// What two readers could understand in two ways is refused.
func TestAmbiguousTokens(t *testing.T) {
	v := verifier(t, HS256, secret)
	const header = `{"alg":"HS256","typ":"JWT"}`
	body := fmt.Sprintf(`"iss":"school","aud":"stube","sub":"meet.example.org","exp":%d`, time.Now().Unix()+60)
	for name, test := range map[string]struct {
		text string
		good bool
	}{
		"good":              {raw(header, `{`+body+`,"room":"a"}`), true},
		"two rooms":         {raw(header, `{`+body+`,"room":"a","room":"*"}`), false},
		"room in capitals":  {raw(header, `{`+body+`,"Room":"a"}`), false},
		"deep twice":        {raw(header, `{`+body+`,"room":"a","context":{"user":{"id":"1","id":"2"}}}`), false},
		"two algorithms":    {raw(`{"alg":"none","alg":"HS256"}`, `{`+body+`,"room":"a"}`), false},
		"capital algorithm": {raw(`{"Alg":"HS256"}`, `{`+body+`,"room":"a"}`), false},
		"critical":          {raw(`{"alg":"HS256","crit":["b64"],"b64":false}`, `{`+body+`,"room":"a"}`), false},
		"other type":        {raw(`{"alg":"HS256","typ":"JWE"}`, `{`+body+`,"room":"a"}`), false},
		"list":              {raw(header, `[]`), false},
		"null":              {raw(header, `null`), false},
		"two values":        {raw(header, `{`+body+`,"room":"a"}{}`), false},
		"not UTF-8":         {raw(header, `{`+body+",\"room\":\"\xff\"}"), false},
	} {
		if _, err := v.Read(test.text); (err == nil) != test.good {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestClaimsOfOtherSystems(t *testing.T) {
	v := verifier(t, HS256, secret)
	for user, want := range map[string]Grant{
		`{}`:                             {},
		`{"id":7,"name":"A"}`:            {Subject: "7", Name: "A"},
		`{"id":null,"moderator":true}`:   {Moderator: true},
		`{"moderator":"yes"}`:            {},
		`{"moderator":1}`:                {},
		`{"affiliation":"owner"}`:        {Moderator: true},
		`{"affiliation":"member"}`:       {},
		`{"lobby_bypass":true,"x":null}`: {Lobby: true},
	} {
		text := raw(`{"alg":"HS256"}`, fmt.Sprintf(
			`{"iss":"school","aud":"stube","sub":"*","exp":%d,"room":"a","context":{"user":%s}}`, time.Now().Unix()+60, user))
		g, err := v.Read(text)
		if err != nil || g.Subject != want.Subject || g.Name != want.Name || g.Moderator != want.Moderator ||
			g.Lobby != want.Lobby {
			t.Errorf("%s: %+v, error %v", user, g, err)
		}
	}
}

func TestCriterion8RoomsOfAToken(t *testing.T) {
	v := verifier(t, HS256, secret)
	tests := []struct {
		room  string
		regex bool
		yes   []string
		no    []string
	}{
		{"Physics", false, []string{"physics", "PHYSICS"}, []string{"physics2", "", "*"}},
		{"*", false, []string{"physics", ""}, nil},
		{"physics-.*", true, []string{"physics-1", "Physics-"}, []string{"physics", "my-physics-1"}},
		{"a|b", true, []string{"a", "B"}, []string{"ab", "ax", "xb"}},
		{"physics-.*", false, []string{"physics-.*"}, []string{"physics-1"}},
	}
	for _, test := range tests {
		c := good()
		c["room"] = test.room
		c["context"] = map[string]any{"room": map[string]any{"regex": test.regex}}
		g, err := v.Read(sign(t, jwt.SigningMethodHS256, secret, c))
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range test.yes {
			if !g.Admits(room, strings.ToLower) {
				t.Errorf("%q does not admit to %q", test.room, room)
			}
		}
		for _, room := range test.no {
			if g.Admits(room, strings.ToLower) {
				t.Errorf("%q admits to %q", test.room, room)
			}
		}
	}
	for _, pattern := range []string{"(", ")|(?:.*", "a{5000}"} {
		c := good()
		c["room"], c["context"] = pattern, map[string]any{"room": map[string]any{"regex": true}}
		if _, err := v.Read(sign(t, jwt.SigningMethodHS256, secret, c)); !errors.Is(err, ErrInvalid) {
			t.Errorf("pattern %q: error %v", pattern, err)
		}
	}
}

func TestKeysThatDoNotFit(t *testing.T) {
	r, e := keys(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Config{
		"short secret":    {Algorithm: HS256, Key: secret[1:]},
		"key as a secret": {Algorithm: HS256, Key: publicPEM(t, r.Public())},
		"secret as a key": {Algorithm: RS256, Key: secret},
		"EC for RSA":      {Algorithm: RS256, Key: publicPEM(t, e.Public())},
		"RSA for EC":      {Algorithm: ES256, Key: publicPEM(t, r.Public())},
		"small RSA":       {Algorithm: RS256, Key: publicPEM(t, small.Public())},
		"other curve":     {Algorithm: ES256, Key: publicPEM(t, other.Public())},
		"damaged":         {Algorithm: ES256, Key: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})},
		"private key":     {Algorithm: ES256, Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY"})},
		"none":            {Algorithm: "none", Key: secret},
		"no algorithm":    {Key: publicPEM(t, r.Public())},
	} {
		c.Issuer, c.Audience = "school", "stube"
		if _, err := NewVerifier(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewVerifier(Config{Algorithm: HS256, Key: secret, Issuer: "school"}); err == nil {
		t.Error("no audience: no error")
	}
}

func FuzzCriterion31Read(f *testing.F) {
	v := verifier(f, HS256, secret)
	f.Add(sign(f, jwt.SigningMethodHS256, secret, good()), "{}", "{}")
	f.Add("", `{"alg":"HS256"}`, `{"iss":"school","aud":"stube","sub":"*","exp":9999999999,"room":"a","context":{}}`)
	f.Fuzz(func(t *testing.T, text, header, payload string) {
		for _, text := range []string{text, raw(header, payload)} {
			g, err := v.Read(text)
			if err == nil && (g.Room == "" || !g.Expires.After(time.Now().Add(-time.Minute))) {
				t.Errorf("%q gave %+v", text, g)
			}
			if err != nil && !errors.Is(err, ErrInvalid) {
				t.Errorf("%q: error %v", text, err)
			}
		}
	})
}
