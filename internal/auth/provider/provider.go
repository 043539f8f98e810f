// Package provider says what a log-in by somebody else's accounts is made of: a Flow sends the browser there with an
// Attempt, and makes a Profile of what it comes back with. It also has the HTTP client that all flows use.
//
// It owns no goroutine but those of its client's idle connections, which Close ends. It must not know what a profile
// entitles to, nor sessions.
package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"stube/internal/auth/record"
	"stube/internal/privlog"
)

// Errors of a Flow; each is wrapped with its cause, which names nobody.
var (
	// ErrUnavailable says that the provider cannot be reached, or does not work.
	ErrUnavailable = errors.New("the provider is unavailable")
	// ErrCancelled says that the person, or the provider for them, said no.
	ErrCancelled = errors.New("the log-in was cancelled")
	// ErrFailed says that the provider's answer is not good.
	ErrFailed = errors.New("the provider's answer is not good")
)

// Flow is a log-in by a provider. It is safe for concurrent use.
type Flow interface {
	// Realm is where a Profile's Subject is unique: it stays the same as long as the accounts do.
	Realm() string
	// Depart gives the address to which the browser is to go.
	Depart(ctx context.Context, a Attempt) (string, error)
	// Arrive makes a profile of the query that the browser came back with.
	Arrive(ctx context.Context, a Attempt, query url.Values) (Profile, error)
}

// Attempt is what ties a browser's coming back to its going. Nobody but the browser may learn it.
type Attempt struct {
	Redirect string `json:"redirect"` // address to come back to
	State    string `json:"state"`    // RFC 6749 section 10.12
	Nonce    string `json:"nonce"`    // OpenID Connect Core section 15.5.2
	Verifier string `json:"verifier"` // PKCE, RFC 7636 section 4.1
}

// NewAttempt makes an Attempt.
func NewAttempt(redirect string) Attempt {
	return Attempt{
		Redirect: redirect, State: record.NewSecret(), Nonce: record.NewSecret(), Verifier: record.NewSecret(),
	}
}

// Profile is what a provider tells of somebody.
type Profile struct {
	Subject string        // never changes, never is somebody else's
	Name    string        // as they call themselves
	Email   privlog.Email // lower case, and theirs beyond doubt; else ""
	Domain  string        // of the organisation that vouches for them, lower case; "" where none does
	Groups  []string
}

// SetEmail takes an e-mail address that the provider has verified, and its domain.
func (p *Profile) SetEmail(address string) {
	address = strings.ToLower(strings.TrimSpace(address))
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(domain, "@ ") || len(address) > 254 {
		return
	}
	p.Email, p.Domain = privlog.Email(address), domain
}

// Code takes the authorization code out of what a browser came back with (RFC 6749 section 4.1.2).
func Code(query url.Values) (string, error) {
	switch problem := query.Get("error"); problem {
	case "":
	case "access_denied", "login_required", "consent_required", "interaction_required":
		return "", fmt.Errorf("%w: %s", ErrCancelled, problem)
	case "temporarily_unavailable", "server_error":
		return "", fmt.Errorf("%w: %s", ErrUnavailable, problem)
	default:
		return "", fmt.Errorf("%w: error %s", ErrFailed, word(problem))
	}
	codes := query["code"]
	if len(codes) != 1 || codes[0] == "" || len(codes[0]) > maxCode {
		return "", fmt.Errorf("%w: no code", ErrFailed)
	}
	return codes[0], nil
}

// maxCode bounds an authorization code, in bytes.
const maxCode = 2048

// Explain makes an error of a flow of what went wrong on the way to the provider: addresses, which hold secrets, and
// bodies, which may hold persons, are left out.
func Explain(attempt string, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		status := 0
		if answer.Response != nil {
			status = answer.Response.StatusCode
		}
		kind := ErrFailed
		if status >= 500 || status == 429 {
			kind = ErrUnavailable
		}
		return fmt.Errorf("%s: %w: status %d %s", attempt, kind, status, word(answer.ErrorCode))
	}
	var request *url.Error
	if errors.As(err, &request) {
		return fmt.Errorf("%s: %w: %w", attempt, ErrUnavailable, request.Err)
	}
	return fmt.Errorf("%s: %w", attempt, ErrFailed)
}

// word is a text of the provider's if it is one short word of a vocabulary.
func word(text string) string {
	harmless := func(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' }
	if len(text) > 40 || strings.IndexFunc(text, func(r rune) bool { return !harmless(r) }) >= 0 {
		return "(other)"
	}
	return text
}
