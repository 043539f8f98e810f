package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stube/internal/config"
	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// What a token says of its holder reaches the door: the room, the name, host or guest, the lobby, and each feature that
// it refuses.
func TestTokensReachTheDoor(t *testing.T) {
	secret := strings.Repeat("x", 32)
	verifier, err := newVerifier(config.Token{Algorithm: "HS256", Secret: secret, Issuer: "lms", Audience: "stube"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "lms", "aud": "stube", "room": "Lesson", "exp": time.Now().Add(time.Hour).Unix(),
		"context": map[string]any{
			"user": map[string]any{"id": 7, "name": "Anna", "lobby_bypass": true},
			"features": map[string]any{
				"screen-sharing": false, "recording": "false", "send-groupchat": true, "lobby": false, "flip": false,
			},
		},
	}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	pass, err := tokens{verifier, "lms"}.Pass(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if !pass.Admits(room.Fold("lesson")) || pass.Admits(room.Fold("other")) || pass.Host || !pass.Bypass ||
		pass.Name != "Anna" || pass.Account != "token lms 7" || pass.Provider != "lms" {
		t.Errorf("%+v", pass)
	}
	want := []protocol.Right{protocol.MayScreen, protocol.MayRecord, protocol.MayAdmit}
	if !slices.Equal(pass.Denied, want) {
		t.Errorf("denied %v, want %v", pass.Denied, want)
	}
	if _, err := (tokens{verifier, "lms"}).Pass(t.Context(), text+"x"); err == nil {
		t.Error("a token with another signature is good")
	}
}
