package token

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"
)

// claims are those of RFC 7519 section 4.1 with Jitsi Meet's own. Others are read over.
type claims struct {
	Issuer    string           `json:"iss"`
	Audience  audience         `json:"aud"`
	Subject   string           `json:"sub"` // tenant or domain, not the person
	Room      string           `json:"room"`
	Expires   *jwt.NumericDate `json:"exp"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	Moderator flag             `json:"moderator"`
	Context   struct {
		User struct {
			ID          identifier `json:"id"`
			Name        string     `json:"name"`
			Moderator   flag       `json:"moderator"`
			Affiliation string     `json:"affiliation"`
			LobbyBypass flag       `json:"lobby_bypass"`
		} `json:"user"`
		Features map[string]flag `json:"features"`
		Room     struct {
			Regex flag `json:"regex"`
		} `json:"room"`
	} `json:"context"`
}

// UnmarshalJSON reads the claims strictly: names in their own case, and none twice. The JWT library would read the
// last of two.
func (c *claims) UnmarshalJSON(text []byte) error {
	type plain claims // without this method
	if err := json.Unmarshal(text, (*plain)(c)); err != nil {
		return fmt.Errorf("read the claims: %w", err)
	}
	return nil
}

// GetExpirationTime implements jwt.Claims.
func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.Expires, nil }

// GetNotBefore implements jwt.Claims.
func (c *claims) GetNotBefore() (*jwt.NumericDate, error) { return c.NotBefore, nil }

// GetIssuedAt implements jwt.Claims.
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error) { return c.IssuedAt, nil }

// GetIssuer implements jwt.Claims.
func (c *claims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject implements jwt.Claims.
func (c *claims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience implements jwt.Claims.
func (c *claims) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings(c.Audience), nil }

// audience is a text or a list of them (RFC 7519 section 4.1.3).
type audience []string

// UnmarshalJSON implements json.Unmarshaler.
func (a *audience) UnmarshalJSON(text []byte) error {
	switch jsontext.Value(text).Kind() {
	case jsontext.KindString:
		var one string
		if err := json.Unmarshal(text, &one); err != nil {
			return fmt.Errorf("read the audience: %w", err)
		}
		*a = audience{one}
		return nil
	case jsontext.KindBeginArray:
		if err := json.Unmarshal(text, (*[]string)(a)); err != nil {
			return fmt.Errorf("read the audience: %w", err)
		}
		return nil
	}
	return errors.New("the audience is neither text nor list")
}

// flag is true, or "true" as many systems write it; anything else is false.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case `true`, `"true"`:
		*f = true
	default:
		*f = false
	}
	return nil
}

// identifier is a text, or a number as some systems have it.
type identifier string

// UnmarshalJSON implements json.Unmarshaler.
func (i *identifier) UnmarshalJSON(text []byte) error {
	switch jsontext.Value(text).Kind() {
	case jsontext.KindString:
		if err := json.Unmarshal(text, (*string)(i)); err != nil {
			return fmt.Errorf("read an id: %w", err)
		}
	case jsontext.KindNumber:
		*i = identifier(text)
	case jsontext.KindNull:
		*i = ""
	default:
		return errors.New("an id is neither text nor number")
	}
	return nil
}
