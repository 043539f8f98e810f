package ice

import (
	"crypto/rand"
	"encoding/base64"
	"log/slog"
)

// Lengths before base64, in bytes; RFC 8445 section 5.3 asks for 24 and 128 bits.
const (
	ufragBytes    = 9
	passwordBytes = 18
)

// Credentials are what a connectivity check is recognised by and verified with.
type Credentials struct{ Ufrag, Password string }

// NewCredentials makes random ones: 12 and 24 characters.
func NewCredentials() Credentials {
	return Credentials{Ufrag: random(ufragBytes), Password: random(passwordBytes)}
}

// LogValue keeps the password out of logs.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.Ufrag) }

// random returns n random bytes in base64, whose alphabet is that of ice-char (RFC 8839 section 5.4).
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64.RawStdEncoding.EncodeToString(b)
}
