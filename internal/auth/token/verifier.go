package token

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// ErrInvalid says that a token is not good, for a reason that is wrapped with it and quotes nothing of the token.
var ErrInvalid = errors.New("the token is not good")

const (
	maxToken  = 8 << 10 // bytes
	minSecret = 32      // bytes of a shared secret, RFC 7518 section 3.2
	minRSA    = 2048    // bits, RFC 7518 section 3.3
	leeway    = 30 * time.Second
	maxLife   = 366 * 24 * time.Hour // until a token ends
)

// Algorithm is a way to sign (RFC 7518 section 3.1).
type Algorithm string

// The algorithms.
const (
	HS256 Algorithm = "HS256" // with a shared secret
	RS256 Algorithm = "RS256" // with an RSA key
	ES256 Algorithm = "ES256" // with an EC key on P-256
)

// Config says which tokens are good.
type Config struct {
	Algorithm Algorithm
	Key       []byte // HS256: the secret, at least 32 bytes; else the public key in PEM
	Issuer    string // "iss"; required
	Audience  string // "aud"; required
	Tenant    string // "sub"; "" takes any
}

// Verifier reads tokens.
type Verifier struct {
	config Config
	key    any
	parser *jwt.Parser
}

// NewVerifier makes a Verifier. Its error says what of the config cannot be used.
func NewVerifier(c Config) (*Verifier, error) {
	if c.Issuer == "" || c.Audience == "" {
		return nil, errors.New("tokens need an issuer and an audience, or those for other programs would be good here")
	}
	key, err := readKey(c)
	if err != nil {
		return nil, err
	}
	return &Verifier{config: c, key: key, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{string(c.Algorithm)}), jwt.WithExpirationRequired(), jwt.WithLeeway(leeway),
		jwt.WithIssuer(c.Issuer), jwt.WithAudience(c.Audience), jwt.WithStrictDecoding(),
	)}, nil
}

// readKey makes the key of the one algorithm. A key never serves another one, so that no token can choose.
func readKey(c Config) (any, error) {
	if c.Algorithm == HS256 {
		if len(c.Key) < minSecret {
			return nil, fmt.Errorf("the secret of tokens has %d bytes; make one of %d or more", len(c.Key), minSecret)
		}
		if block, _ := pem.Decode(c.Key); block != nil {
			return nil, errors.New("the secret of tokens is a key in PEM; for such keys the algorithm is RS256 or ES256")
		}
		return c.Key, nil
	}
	block, _ := pem.Decode(c.Key)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, errors.New("the key of tokens is no public key in PEM (-----BEGIN PUBLIC KEY-----)")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the key of tokens is damaged")
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		if c.Algorithm == RS256 && key.N.BitLen() >= minRSA {
			return key, nil
		}
	case *ecdsa.PublicKey:
		if c.Algorithm == ES256 && key.Curve == elliptic.P256() {
			return key, nil
		}
	}
	return nil, fmt.Errorf("the key of tokens does not fit the algorithm %q; "+
		"RS256 takes RSA of %d bits and more, ES256 takes EC on P-256", c.Algorithm, minRSA)
}

// Read verifies a token and gives what it grants. The error wraps ErrInvalid.
func (v *Verifier) Read(text string) (Grant, error) {
	if len(text) > maxToken {
		return Grant{}, fmt.Errorf("%w: it is too long", ErrInvalid)
	}
	if strings.ContainsFunc(text, foreign) { // base64 decoders pass over line breaks
		return Grant{}, fmt.Errorf("%w: it is malformed", ErrInvalid)
	}
	if err := checkHeader(text, v.config.Algorithm); err != nil {
		return Grant{}, err
	}
	var c claims
	_, err := v.parser.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return v.key, nil })
	if err != nil {
		return Grant{}, fmt.Errorf("%w: %s", ErrInvalid, reason(err))
	}
	if v.config.Tenant != "" && c.Subject != v.config.Tenant && c.Subject != "*" {
		return Grant{}, fmt.Errorf("%w: it is for another tenant", ErrInvalid)
	}
	if c.Expires.After(time.Now().Add(maxLife)) {
		return Grant{}, fmt.Errorf("%w: it ends in more than a year", ErrInvalid)
	}
	return c.grant()
}

// foreign tells characters that no token has (RFC 7515 section 7.1).
func foreign(r rune) bool {
	return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// checkHeader reads a token's header strictly, before the library does: the algorithm once, and no extension that
// must be understood (RFC 7515 section 4.1.11).
func checkHeader(text string, algorithm Algorithm) error {
	first, _, _ := strings.Cut(text, ".")
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(first)
	if err != nil {
		return fmt.Errorf("%w: its header is malformed", ErrInvalid)
	}
	var header struct {
		Algorithm string `json:"alg"`
		Type      string `json:"typ"`
		Critical  any    `json:"crit"`
	}
	switch err := json.Unmarshal(decoded, &header); {
	case err != nil:
		return fmt.Errorf("%w: its header is malformed", ErrInvalid)
	case header.Algorithm != string(algorithm):
		return fmt.Errorf("%w: it is not signed by %s", ErrInvalid, algorithm)
	case header.Critical != nil, header.Type != "" && !strings.EqualFold(header.Type, "JWT"):
		return fmt.Errorf("%w: its header asks for what is not understood", ErrInvalid)
	}
	return nil
}

// reason is why the library refused a token, in words that quote nothing of it.
func reason(err error) string {
	for known, words := range map[error]string{
		jwt.ErrTokenExpired: "it has expired", jwt.ErrTokenNotValidYet: "it is not valid yet",
		jwt.ErrTokenInvalidIssuer: "its issuer is another", jwt.ErrTokenInvalidAudience: "its audience is another",
		jwt.ErrTokenRequiredClaimMissing: "a claim is missing", jwt.ErrTokenSignatureInvalid: "its signature is wrong",
	} {
		if errors.Is(err, known) {
			return words
		}
	}
	return "it is malformed"
}
