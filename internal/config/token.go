package config

import (
	"errors"
	"fmt"
)

// Token says which tokens of other systems (JWT) let their holders in. Without an algorithm none does.
type Token struct {
	Algorithm  string `toml:"algorithm"`       // HS256, RS256 or ES256
	Secret     string `toml:"secret"`          // HS256: shared with the other system; or SecretFile
	SecretFile string `toml:"secret_file"`     // holds the secret and nothing else
	KeyFile    string `toml:"public_key_file"` // RS256, ES256: PEM
	Issuer     string `toml:"issuer"`          // "iss" that tokens must have
	Audience   string `toml:"audience"`        // "aud" that tokens must have
	Tenant     string `toml:"tenant"`          // "sub" that tokens must have; none takes any
}

// Key is what tokens are verified with, from where it is kept.
func (t Token) Key() ([]byte, error) {
	name, key := t.SecretFile, "token.secret_file"
	if t.KeyFile != "" {
		name, key = t.KeyFile, "token.public_key_file"
	}
	if name == "" {
		return []byte(t.Secret), nil
	}
	text, err := readSecret(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return []byte(text), nil
}

func (t Token) validate() error {
	if t == (Token{}) {
		return nil
	}
	var errs []error
	switch t.Algorithm {
	case "HS256":
		if (t.Secret != "") == (t.SecretFile != "") || t.KeyFile != "" {
			errs = append(errs, errors.New("token.secret: HS256 takes a secret; set either secret or secret_file"))
		}
	case "RS256", "ES256":
		if t.KeyFile == "" || t.Secret != "" || t.SecretFile != "" {
			errs = append(errs, fmt.Errorf("token.public_key_file: %s takes a public key; set this alone", t.Algorithm))
		}
	default:
		errs = append(errs, fmt.Errorf("token.algorithm: %q is unknown; write HS256, RS256 or ES256", t.Algorithm))
	}
	if t.Issuer == "" || t.Audience == "" {
		errs = append(errs, errors.New(
			"token.issuer, token.audience: set both, or tokens that were made for other programs would be good here"))
	}
	return errors.Join(errs...)
}
