package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stube/internal/config"
	"stube/internal/signal/protocol"
)

// What a token says arrives at the door: for which rooms, under which name, and what it refuses.
func TestPassOfAToken(t *testing.T) {
	secret := strings.Repeat("x", 32)
	verifier, err := newVerifier(config.Token{Algorithm: "HS256", Secret: secret, Issuer: "lms", Audience: "stube"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "lms", "aud": "stube", "sub": "*", "room": "Physics", "exp": time.Now().Add(time.Hour).Unix(),
		"context": map[string]any{
			"user":     map[string]any{"id": "7", "name": "Ben", "moderator": false},
			"features": map[string]any{"screen-sharing": false, "create-polls": true},
		},
	}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	pass, err := tokens{verifier, "Moodle"}.Pass(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if !pass.Admits("physics") || pass.Admits("chemistry") || pass.Name != "Ben" || pass.Provider != "Moodle" ||
		pass.Host {
		t.Errorf("the pass is %+v", pass)
	}
	if !slices.Equal(pass.Denied, []protocol.Right{protocol.MayScreen}) {
		t.Errorf("refused is %v", pass.Denied)
	}
	if _, err := (tokens{verifier, "Moodle"}).Pass(t.Context(), text+"x"); err == nil {
		t.Error("a forged token was taken")
	}
}
