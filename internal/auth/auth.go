// Package auth knows who somebody is: by a local account with a password or passkeys, or by the accounts of others
// (OpenID Connect, GitHub, Facebook). A [Service] answers the page's requests about that (docs/api.md), and tells who
// made an HTTP request. Its parts are the packages below: password, passkey, account, session, seal, limit, provider
// and its kinds; token reads what other systems vouch for.
//
// It owns no goroutine. It must not know rooms, signalling or the configuration file, nor where records are kept.
// Nobody's e-mail address or groups outlive the request that needed them, and nothing personal is logged.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"time"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/limit"
	"stube/internal/auth/password"
	"stube/internal/auth/provider"
	"stube/internal/auth/record"
	"stube/internal/auth/seal"
	"stube/internal/auth/session"
)

// Local is the provider of local accounts.
const Local = "local"

// Limits of tries.
const (
	hashesAtOnce    = 2   // of passwords: each takes tens of mebibytes
	requestsAtOnce  = 600 // of an address: a whole school may share one
	requestsEvery   = 50 * time.Millisecond
	guessesAtOnce   = 60 // of an address: passwords and secrets of links
	guessesEvery    = 5 * time.Second
	failuresAtOnce  = 10 // of an account
	failuresEvery   = time.Minute
	recent          = 15 * time.Minute // how long a log-in allows to change the account
	maxProviders    = 16
	setupPath       = "/-/setup#"
	loginPath       = "/-/login"
	answerTimeout   = 45 * time.Second
	requestTimeout  = 15 * time.Second
	passwordTimeout = 10 * time.Second
)

// Config is what a Service is made of.
type Config struct {
	// URL is the origin that the page is reached at, such as https://meet.example.org. When it is empty, the name that
	// a request came by is taken.
	URL       string
	Create    api.Create
	Providers []Provider
	Passwords password.Cost // zero: password.Usual
	// Address tells where a request came from; nil: where its connection did.
	Address func(*http.Request) netip.Addr
	// Secure tells whether a request's client spoke TLS; nil: whether its connection did.
	Secure func(*http.Request) bool
	// Ended is told of an account some of whose sessions were ended before their time, by its owner, by an operator or
	// because there were too many, and which those are, by Identity.Session, so that what they have open can be ended
	// too. It may be nil, and must not wait.
	Ended func(account string, ended func(session string) bool)
	// Forget takes away what others keep of a local account that is removed. It may be nil.
	Forget func(ctx context.Context, account string) error
	Log    *slog.Logger
}

// Provider is a provider of accounts, and what their holders may.
type Provider struct {
	Key       string // lower-case letters, digits and hyphens; part of addresses
	Name      string // for people
	Flow      provider.Flow
	Allow     Rule // who may create meetings, where Config.Create is api.CreateAllowed
	Operators Rule
}

// Storage is where a Service keeps things.
type Storage struct {
	Sessions record.Bucket[session.Session] // they end by session.Session.Ends
	Accounts account.Buckets
	Key      record.Key // of this server, always the same
}

// Service knows who somebody is.
type Service struct {
	config    Config
	site      site
	providers map[string]*admission
	log       *slog.Logger

	directory *account.Directory
	sessions  *session.Sessions
	hasher    *password.Hasher
	sealer    *seal.Sealer
	subjects  record.Key // of the accounts of others

	requests, guesses, failures *limit.Limit
}

// New makes a Service. Its error says what of the config or the storage cannot be used.
func New(ctx context.Context, c Config, storage Storage) (*Service, error) {
	if c.Passwords == (password.Cost{}) {
		c.Passwords = password.Usual()
	}
	if c.Ended == nil {
		c.Ended = func(string, func(string) bool) {}
	}
	if c.Forget == nil {
		c.Forget = func(context.Context, string) error { return nil }
	}
	if c.Address == nil {
		c.Address = remote
	}
	if c.Secure == nil {
		c.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	s := &Service{
		config: c, log: c.Log, providers: map[string]*admission{},
		sessions: session.New(storage.Sessions),
		hasher:   password.NewHasher(c.Passwords, hashesAtOnce),
		requests: limit.New(requestsEvery, requestsAtOnce),
		guesses:  limit.New(guessesEvery, guessesAtOnce),
		failures: limit.New(failuresEvery, failuresAtOnce),
	}
	var err, siteErr, keyErr, sealErr error
	s.site, siteErr = newSite(c.URL, c.Secure)
	s.subjects, err = storage.Key.Derive("accounts of providers")
	key, keyErr := storage.Key.Derive("state of log-ins")
	if err := errors.Join(siteErr, err, keyErr); err != nil {
		return nil, err
	}
	s.sealer, sealErr = seal.New(key)
	s.directory, err = account.Open(ctx, storage.Accounts)
	return s, errors.Join(sealErr, err, s.admit(c))
}

// admit prepares the providers.
func (s *Service) admit(c Config) error {
	switch c.Create {
	case api.CreateSignedIn, api.CreateAllowed, api.CreateAnyone:
	default:
		return fmt.Errorf("make the log-in: %q is no rule of who may create", c.Create)
	}
	if len(c.Providers) > maxProviders {
		return fmt.Errorf("make the log-in: more than %d providers", maxProviders)
	}
	key := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	for _, p := range c.Providers {
		if !key.MatchString(p.Key) || p.Key == Local || s.providers[p.Key] != nil {
			return fmt.Errorf("make the log-in: %q is no key of a provider, or that of two", p.Key)
		}
		s.providers[p.Key] = newAdmission(p, c.Create, s.subjects)
	}
	return nil
}

// Identity is who somebody is.
type Identity struct {
	Account      string // stable, and never another's; it tells nothing of the person
	Name         string // as it is shown; for logs it needs privlog.Name
	Provider     string // key of the configuration, or Local
	ProviderName string // for people; "" for local accounts
	MayCreate    bool   // meetings
	Operator     bool   // of this server
	Began        time.Time
	Session      string // names the session, and opens nothing
}

// Identify tells who made a request, if they have logged in.
func (s *Service) Identify(r *http.Request) (Identity, bool) {
	origin, err := s.site.origin(r)
	if err != nil {
		return Identity{}, false
	}
	identity, err := s.identify(r.Context(), cookie(r, origin.sessionCookie()))
	if err != nil {
		if !errors.Is(err, session.ErrNone) {
			s.log.Error("a session could not be read", "error", err)
		}
		return Identity{}, false
	}
	return identity, true
}

// LiveSessions tells which sessions there are, by Identity.Session: those that ended by their age are missing, which
// Config.Ended is not told of. Those that are named are in use, and do not end for want of it.
func (s *Service) LiveSessions(ctx context.Context, used map[string]bool) (map[string]bool, error) {
	if err := s.sessions.Use(ctx, used); err != nil {
		return nil, fmt.Errorf("tell the sessions: %w", err)
	}
	live, err := s.sessions.Live(ctx)
	if err != nil {
		return nil, fmt.Errorf("tell the sessions: %w", err)
	}
	return live, nil
}

// Secure tells whether a request was made over TLS, as far as the browser knows.
func (s *Service) Secure(r *http.Request) bool {
	origin, err := s.site.origin(r)
	return err == nil && origin.secure
}

// MayCreate tells whether somebody may create a meeting; signedIn is what Identify told beside the identity
// (criterion 1).
func (s *Service) MayCreate(identity Identity, signedIn bool) bool {
	return s.config.Create == api.CreateAnyone || signedIn && identity.MayCreate
}

// Disabled tells whether an account is a local one that an operator has disabled.
func (s *Service) Disabled(account string) bool { return s.directory.Disabled(account) }

// FirstSetup gives the path of a link that makes the first operator; ok is false when nobody needs it, as there are
// accounts or providers. It is a secret, for whoever started the server. The one before ends.
func (s *Service) FirstSetup(ctx context.Context) (path string, ok bool, err error) {
	if len(s.providers) > 0 {
		return "", false, s.directory.EndFirstLink(ctx) // which may have been made before there were any
	}
	secret, err := s.directory.FirstLink(ctx)
	switch {
	case errors.Is(err, account.ErrTaken):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("make the link for the first operator: %w", err)
	}
	return setupPath + secret, true, nil
}

// identify finds whose session a secret is. The error wraps session.ErrNone when it is nobody's.
func (s *Service) identify(ctx context.Context, secret string) (Identity, error) {
	found, err := s.sessions.Find(ctx, secret)
	if err != nil {
		return Identity{}, fmt.Errorf("identify: %w", err)
	}
	identity := Identity{
		Account: found.Account, Name: found.Name, Provider: found.Provider, MayCreate: found.MayCreate,
		Operator: found.Operator, Began: found.Began, Session: found.ID,
	}
	if found.Provider != Local {
		p := s.providers[found.Provider]
		if p == nil || p.terms != found.Terms { // the operator changed the rules since
			return Identity{}, session.ErrNone
		}
		identity.ProviderName = p.Name
		return identity, nil
	}
	a, err := s.directory.ByID(ctx, found.Account)
	if errors.Is(err, account.ErrNone) || a.Disabled {
		return Identity{}, session.ErrNone
	}
	if err != nil {
		return Identity{}, fmt.Errorf("identify: %w", err)
	}
	identity.Name, identity.Operator, identity.MayCreate = a.Name, a.Operator, true
	return identity, nil
}

// remote is where a request's connection came from.
func remote(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr()
}

// callback is where a provider sends the browser back to.
func callback(o origin, key string) string {
	return o.text + loginPath + "/" + url.PathEscape(key) + "/callback"
}
