// Package github logs in by GitHub or a GitHub Enterprise Server: OAuth 2.0, and its REST API for who it is
// (docs.github.com: "Authorizing OAuth apps", "REST API endpoints for users").
//
// It owns no goroutine, and must not know what a profile entitles to. It asks for no more scopes than the rules need:
// none at all, unless e-mail addresses or organisations decide something.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/oauth2"

	"stube/internal/auth/provider"
)

// Home is where GitHub is; an enterprise has its own.
const Home = "https://github.com"

// cloud is what the host of an enterprise ends with that GitHub itself runs, where the API has a host of its own.
const cloud = ".ghe.com"

// maxPages bounds how many pages of organisations are read, of a hundred each.
const maxPages = 5

// Config is how GitHub knows this server, and what it is asked.
type Config struct {
	URL          string // "" means Home
	API          string // "" means that of Home, or /api/v3 of the URL
	ClientID     string
	ClientSecret string
	Email        bool // whether the e-mail address is needed
	Groups       bool // whether the organisations are needed
}

// Flow is a log-in by GitHub. It is a provider.Flow.
type Flow struct {
	config Config
	client *provider.Client
}

// New makes a Flow. The error is a sentence about what is missing.
func New(c Config, client *provider.Client) (*Flow, error) {
	if c.ClientID == "" || c.ClientSecret == "" {
		return nil, errors.New("a log-in by GitHub needs a client_id and a client_secret")
	}
	c.URL = strings.TrimSuffix(c.URL, "/")
	if c.URL == "" {
		c.URL = Home
	}
	if c.API == "" {
		c.API = c.URL + "/api/v3"
		if host, ok := strings.CutPrefix(c.URL, "https://"); ok && (c.URL == Home || strings.HasSuffix(host, cloud)) {
			c.API = "https://api." + host
		}
	}
	return &Flow{config: c, client: client}, nil
}

// Realm implements provider.Flow.
func (f *Flow) Realm() string { return "github " + f.config.URL }

// Depart implements provider.Flow.
func (f *Flow) Depart(_ context.Context, a provider.Attempt) (string, error) {
	return f.oauth(a).AuthCodeURL(a.State, oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Arrive implements provider.Flow.
func (f *Flow) Arrive(ctx context.Context, a provider.Attempt, query url.Values) (provider.Profile, error) {
	none := provider.Profile{}
	code, err := provider.Code(query)
	if err != nil {
		return none, err
	}
	token, err := f.oauth(a).Exchange(f.client.Context(ctx), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return none, provider.Explain("exchange the code", err)
	}
	header := http.Header{
		"Accept": {"application/vnd.github+json"}, "Authorization": {"Bearer " + token.AccessToken},
		"X-Github-Api-Version": {"2022-11-28"}, "User-Agent": {"Stube"},
	}
	var user struct {
		ID    int64  `json:"id"` // stays when the login is renamed
		Login string `json:"login"`
		Name  string `json:"name"`
		Type  string `json:"type"`
	}
	if _, err := f.client.JSON(ctx, f.config.API+"/user", header, &user); err != nil {
		return none, fmt.Errorf("read the user: %w", err)
	}
	if user.ID <= 0 || user.Login == "" || user.Type != "" && user.Type != "User" {
		return none, fmt.Errorf("read the user: %w: it is no person", provider.ErrFailed)
	}
	p := provider.Profile{Subject: strconv.FormatInt(user.ID, 10), Name: user.Name}
	if strings.TrimSpace(p.Name) == "" {
		p.Name = user.Login
	}
	if f.config.Email {
		if err := f.readEmail(ctx, header, &p); err != nil {
			return none, err
		}
	}
	if f.config.Groups {
		p.Groups, err = f.organisations(ctx, header)
	}
	return p, err
}

func (f *Flow) oauth(a provider.Attempt) *oauth2.Config {
	var scopes []string
	if f.config.Email {
		scopes = append(scopes, "user:email")
	}
	if f.config.Groups {
		scopes = append(scopes, "read:org")
	}
	return &oauth2.Config{
		ClientID: f.config.ClientID, ClientSecret: f.config.ClientSecret, RedirectURL: a.Redirect, Scopes: scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:  f.config.URL + "/login/oauth/authorize",
			TokenURL: f.config.URL + "/login/oauth/access_token", AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// readEmail takes the primary address, if GitHub has verified it.
func (f *Flow) readEmail(ctx context.Context, header http.Header, p *provider.Profile) error {
	var emails []struct {
		Email    string `json:"email"`
		Primary  bool   `json:"primary"`
		Verified bool   `json:"verified"`
	}
	if _, err := f.client.JSON(ctx, f.config.API+"/user/emails", header, &emails); err != nil {
		return fmt.Errorf("read the e-mail addresses: %w", err)
	}
	for _, e := range emails {
		if e.Primary && e.Verified {
			p.SetEmail(e.Email)
		}
	}
	return nil
}

// organisations are the logins of those that somebody is in.
func (f *Flow) organisations(ctx context.Context, header http.Header) ([]string, error) {
	more := regexp.MustCompile(`<[^>]*>;\s*rel="next"`) // RFC 8288
	var names []string
	for page := 1; page <= maxPages; page++ {
		var organisations []struct {
			Login string `json:"login"`
		}
		address := fmt.Sprintf("%s/user/orgs?per_page=100&page=%d", f.config.API, page)
		answered, err := f.client.JSON(ctx, address, header, &organisations)
		if err != nil {
			return nil, fmt.Errorf("read the organisations: %w", err)
		}
		for _, o := range organisations {
			names = append(names, o.Login)
		}
		if !more.MatchString(answered.Get("Link")) {
			break
		}
	}
	return names, nil
}
