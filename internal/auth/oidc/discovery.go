package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"stube/internal/auth/provider"
)

const (
	rediscover = 12 * time.Hour   // how long a discovery document is good
	retryAfter = 10 * time.Second // how long a provider is not asked again that did not answer
)

// discovered is what a discovery document says (OpenID Connect Discovery 1.0 section 4). It holds the provider's keys,
// which are read again when a token names a new one.
type discovered struct {
	provider    *oidc.Provider
	postsSecret bool // the client's secret is taken in the body only
	saysIssuer  bool // answers name their issuer (RFC 9207)
}

// discovery reads the document when it is needed.
type discovery struct {
	name   string // the issuer, exactly as it is configured
	issuer *url.URL
	turn   chan struct{} // held while asking, so that one asks for all

	mu      sync.Mutex
	found   *discovered
	foundAt time.Time
	failed  error
	triedAt time.Time
}

func newDiscovery(name string, issuer *url.URL) *discovery {
	return &discovery{name: name, issuer: issuer, turn: make(chan struct{}, 1)}
}

// read gives what was discovered, and asks if that is long ago. A document that is old is better than none.
func (d *discovery) read(ctx context.Context, client *provider.Client) (*discovered, error) {
	if found, done, err := d.known(); done {
		return found, err
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("discover the provider: %w: %w", provider.ErrUnavailable, ctx.Err())
	}
	if found, done, err := d.known(); done { // another has asked meanwhile
		return found, err
	}
	found, err := d.ask(ctx, client)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.found, d.foundAt, d.failed = found, time.Now(), nil
		return found, nil
	}
	if ctx.Err() == nil { // else it was the asker who went away
		d.failed, d.triedAt = err, time.Now()
	}
	if d.found != nil {
		return d.found, nil
	}
	return nil, err
}

// known tells what need not be asked; done is false when asking is due.
func (d *discovery) known() (found *discovered, done bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.found != nil && time.Since(d.foundAt) < rediscover:
		return d.found, true, nil
	case d.failed == nil || time.Since(d.triedAt) >= retryAfter:
		return nil, false, nil
	case d.found != nil:
		return d.found, true, nil
	}
	return nil, true, d.failed
}

func (d *discovery) ask(ctx context.Context, client *provider.Client) (*discovered, error) {
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, client.HTTP()), d.name)
	if err != nil {
		return nil, explain(err)
	}
	var document struct {
		Keys       string   `json:"jwks_uri"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
		SaysIssuer bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&document); err != nil {
		return nil, fmt.Errorf("discover the provider: %w: the document is malformed", provider.ErrFailed)
	}
	addresses := []string{p.Endpoint().AuthURL, p.Endpoint().TokenURL, document.Keys}
	if p.UserInfoEndpoint() != "" {
		addresses = append(addresses, p.UserInfoEndpoint())
	}
	for _, address := range addresses {
		if !safe(address, d.issuer) {
			return nil, fmt.Errorf("discover the provider: %w: an address of it has no https", provider.ErrFailed)
		}
	}
	return &discovered{
		provider: p, saysIssuer: document.SaysIssuer,
		postsSecret: slices.Contains(document.Methods, "client_secret_post") &&
			!slices.Contains(document.Methods, "client_secret_basic"),
	}, nil
}

// explain makes the error of a document that could not be had.
func explain(err error) error {
	var mismatch *oidc.IssuerMismatchError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("discover the provider: %w: it calls itself %q; write issuer exactly so",
			provider.ErrUnavailable, mismatch.Discovered)
	}
	if status := regexp.MustCompile(`^[0-9]{3}`).FindString(err.Error()); status != "" {
		return fmt.Errorf("discover the provider: %w: status %s", provider.ErrUnavailable, status)
	}
	return fmt.Errorf("%w: %w", provider.ErrUnavailable, provider.Explain("discover the provider", err))
}

// safe tells whether an address has https, or http on this machine where the issuer has that too.
func safe(address string, issuer *url.URL) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && issuer.Scheme == "http" && loopback(u) && loopback(issuer)
}

func loopback(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}
