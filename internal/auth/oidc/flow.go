// Package oidc logs in by a provider that speaks OpenID Connect: authorization code flow with PKCE, state and nonce
// (OpenID Connect Core 1.0 section 3.1, RFC 9700 section 2.1). Any provider with a discovery document will do.
//
// It owns no goroutine. It must not know what a profile entitles to. The provider need not be reachable when the
// server starts: its discovery document is read when somebody wants to log in.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"stube/internal/auth/provider"
)

// skew is how far the provider's clock and ours may be apart when a token ends.
const skew = time.Minute

// Config is how a provider knows this server, and what it is asked.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string   // "" for clients that have none
	Scopes       []string // beside openid and profile
	Email        bool     // whether the e-mail address is needed
	Groups       bool     // whether the groups are needed
	GroupsClaim  string   // where they stand, with points between the levels; "" means groups
}

// Flow is a log-in by one provider. It is a provider.Flow.
type Flow struct {
	config    Config
	client    *provider.Client
	discovery *discovery
}

// New makes a Flow. Nothing is asked of the provider yet. The error is a sentence about the issuer.
func New(c Config, client *provider.Client) (*Flow, error) {
	if c.GroupsClaim == "" {
		c.GroupsClaim = "groups"
	}
	if c.ClientID == "" {
		return nil, errors.New("the provider needs a client_id")
	}
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Host == "" || issuer.RawQuery != "" || issuer.Fragment != "" || !safe(c.Issuer, issuer) {
		return nil, fmt.Errorf("%q is not the address of a provider; write it with https:// and without query", c.Issuer)
	}
	return &Flow{config: c, client: client, discovery: newDiscovery(c.Issuer, issuer)}, nil
}

// Realm implements provider.Flow.
func (f *Flow) Realm() string { return "oidc " + f.config.Issuer }

// Depart implements provider.Flow.
func (f *Flow) Depart(ctx context.Context, a provider.Attempt) (string, error) {
	d, err := f.discovery.read(ctx, f.client)
	if err != nil {
		return "", err
	}
	return f.oauth(d, a).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Arrive implements provider.Flow.
func (f *Flow) Arrive(ctx context.Context, a provider.Attempt, query url.Values) (provider.Profile, error) {
	none := provider.Profile{}
	if issuer := query.Get("iss"); issuer != "" && issuer != f.config.Issuer { // RFC 9207 section 2.4
		return none, fmt.Errorf("read the answer: %w: it is another provider's", provider.ErrFailed)
	}
	code, err := provider.Code(query)
	if err != nil {
		return none, err
	}
	d, err := f.discovery.read(ctx, f.client)
	if err != nil {
		return none, err
	}
	if d.saysIssuer && query.Get("iss") == "" {
		return none, fmt.Errorf("read the answer: %w: it does not say whose it is", provider.ErrFailed)
	}
	ctx = f.client.Context(ctx)
	token, err := f.oauth(d, a).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return none, provider.Explain("exchange the code", err)
	}
	claims, err := f.verify(ctx, d, token, a.Nonce)
	if err != nil {
		return none, err
	}
	if err := f.complete(ctx, d, token, claims); err != nil {
		return none, err
	}
	return f.profile(claims), nil
}

func (f *Flow) oauth(d *discovered, a provider.Attempt) *oauth2.Config {
	scopes := []string{oidc.ScopeOpenID, oidc.ScopeProfile}
	if f.config.Email {
		scopes = append(scopes, oidc.ScopeEmail)
	}
	endpoint := d.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if d.postsSecret || f.config.ClientSecret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: f.config.ClientID, ClientSecret: f.config.ClientSecret, Endpoint: endpoint, RedirectURL: a.Redirect,
		Scopes: slices.Compact(append(scopes, f.config.Scopes...)),
	}
}

// verify checks the ID token (OpenID Connect Core section 3.1.3.7) and gives its claims.
func (f *Flow) verify(ctx context.Context, d *discovered, token *oauth2.Token, nonce string) (claims, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == "" {
		return nil, fmt.Errorf("verify the ID token: %w: there is none", provider.ErrFailed)
	}
	verified, err := d.provider.Verifier(&oidc.Config{
		ClientID: f.config.ClientID, SupportedSigningAlgs: algorithms(),
		Now: func() time.Time { return time.Now().Add(-skew) },
	}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verify the ID token: %w: %s", provider.ErrFailed, reason(err))
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(nonce)) != 1 {
		return nil, fmt.Errorf("verify the ID token: %w: its nonce is another's", provider.ErrFailed)
	}
	if verified.AccessTokenHash != "" && verified.VerifyAccessToken(token.AccessToken) != nil {
		return nil, fmt.Errorf("verify the ID token: %w: it came with another access token", provider.ErrFailed)
	}
	c := claims{}
	if err := verified.Claims(&c); err != nil {
		return nil, fmt.Errorf("verify the ID token: %w: no claims", provider.ErrFailed)
	}
	if party := c.text("azp"); party != "" && party != f.config.ClientID || party == "" && len(verified.Audience) > 1 {
		return nil, fmt.Errorf("verify the ID token: %w: it was issued to another client", provider.ErrFailed)
	}
	if len(verified.Subject) == 0 || len(verified.Subject) > 255 {
		return nil, fmt.Errorf("verify the ID token: %w: no subject", provider.ErrFailed)
	}
	return c, nil
}

// algorithms are the signatures that ID tokens may have. There is none with a shared key among them.
func algorithms() []string {
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.EdDSA,
	}
}

// reason is what the operator should know of why an ID token is not good. It never quotes what could name somebody.
func reason(err error) string {
	var expired *oidc.TokenExpiredError
	if errors.As(err, &expired) {
		return "it has expired; do the provider's and this server's clock go right?"
	}
	for _, harmless := range []string{
		"oidc: id token issued by a different provider", "oidc: expected audience",
		"oidc: id token signed with unsupported algorithm", "oidc: current time",
	} {
		if strings.HasPrefix(err.Error(), harmless) {
			return harmless
		}
	}
	return "it is malformed, or not signed by a key of the provider"
}

// complete asks the provider for claims that are needed and did not stand in the ID token (section 5.3).
func (f *Flow) complete(ctx context.Context, d *discovered, token *oauth2.Token, c claims) error {
	complete := c.name() != "" && (!f.config.Email || c["email"] != nil) &&
		(!f.config.Groups || c.at(f.config.GroupsClaim) != nil)
	if complete || d.provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return provider.Explain("ask for user information", err)
	}
	if info.Subject != c.text("sub") { // section 5.3.2
		return fmt.Errorf("ask for user information: %w: it is somebody else's", provider.ErrFailed)
	}
	more := claims{}
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("ask for user information: %w: no claims", provider.ErrFailed)
	}
	for name, value := range more {
		if _, signed := c[name]; !signed {
			c[name] = value
		}
	}
	return nil
}

// profile picks out of the claims what is needed.
func (f *Flow) profile(c claims) provider.Profile {
	p := provider.Profile{Subject: c.text("sub"), Name: c.name()}
	if f.config.Groups {
		p.Groups = c.texts(f.config.GroupsClaim)
	}
	if !f.config.Email || !c.isTrue("email_verified") {
		return p
	}
	p.SetEmail(c.text("email"))
	if f.config.Issuer == "https://accounts.google.com" {
		// Google vouches for addresses of its own and of organisations that it serves; others were theirs once
		// (developers.google.com/identity, "Validate the ID token").
		organisation := strings.ToLower(c.text("hd"))
		if organisation == "" && p.Domain != "gmail.com" {
			p.Email = ""
		}
		p.Domain = organisation
	}
	return p
}
