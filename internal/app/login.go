package app

import (
	"context"
	"fmt"

	"stube/internal/auth"
	"stube/internal/auth/api"
	"stube/internal/auth/facebook"
	"stube/internal/auth/github"
	"stube/internal/auth/oidc"
	"stube/internal/auth/provider"
	"stube/internal/auth/token"
	"stube/internal/config"
)

// newLogIn makes the log-in of what is configured; settings hold what is not. Providers are asked by the client, which
// the caller closes.
func newLogIn(
	ctx context.Context, c config.Config, settings auth.Config, storage auth.Storage, client *provider.Client,
) (*auth.Service, error) {
	settings.URL, settings.Create = c.Origin(), api.Create(c.Create)
	for _, l := range c.Login {
		flow, err := newFlow(l, client)
		if err != nil {
			return nil, fmt.Errorf("login %s: %w", l.ID(), err)
		}
		settings.Providers = append(settings.Providers, auth.Provider{
			Key: l.ID(), Name: l.Name, Flow: flow, Allow: auth.Rule(l.Allow), Operators: auth.Rule(l.Operators),
		})
	}
	return auth.New(ctx, settings, storage)
}

// newFlow makes the log-in by one provider.
func newFlow(l config.Login, client *provider.Client) (provider.Flow, error) {
	secret, err := l.Secret()
	if err != nil {
		return nil, err
	}
	switch l.Kind {
	case "github":
		return github.New(github.Config{
			URL: l.URL, ClientID: l.ClientID, ClientSecret: secret, Email: l.NeedEmail(), Groups: l.NeedGroups(),
		}, client)
	case "facebook":
		return facebook.New(facebook.Config{URL: l.URL, API: l.URL, ClientID: l.ClientID, ClientSecret: secret}, client)
	}
	return oidc.New(oidc.Config{
		Issuer: l.Issuer, ClientID: l.ClientID, ClientSecret: secret, Scopes: l.Scopes, Email: l.NeedEmail(),
		Groups: l.NeedGroups(), GroupsClaim: l.GroupsClaim,
	}, client)
}

// newVerifier makes the verifier of other systems' tokens; nil when none are taken.
func newVerifier(c config.Token) (*token.Verifier, error) {
	if c.Algorithm == "" {
		return nil, nil
	}
	key, err := c.Key()
	if err != nil {
		return nil, err
	}
	verifier, err := token.NewVerifier(token.Config{
		Algorithm: token.Algorithm(c.Algorithm), Key: key, Issuer: c.Issuer, Audience: c.Audience, Tenant: c.Tenant,
	})
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	return verifier, nil
}
