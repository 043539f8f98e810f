package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/passkey"
	"stube/internal/auth/session"
)

// Purposes of what is sealed.
const (
	purposeLogIn  = "log in by passkey"
	purposeSetUp  = "set up a passkey"
	purposeAdd    = "add a passkey"
	purposeDepart = "log in by provider "
)

func (s *Service) readSession(c *call, _ api.Empty) (api.Session, error) {
	return s.session(c), nil
}

// session is what the page learns of who it shows.
func (s *Service) session(c *call) api.Session {
	_, err := passkey.NewSite(c.origin.text, c.origin.text)
	answer := api.Session{
		Create: s.config.Create, MayCreate: s.MayCreate(c.identity, c.signedIn), Local: s.directory.Some(),
		Passkeys: err == nil, Providers: []api.Provider{},
	}
	for _, p := range s.config.Providers {
		answer.Providers = append(answer.Providers, api.Provider{Key: p.Key, Name: p.Name})
	}
	if c.signedIn {
		answer.Identity = &api.Identity{
			Account: c.identity.Account, Name: c.identity.Name, Provider: c.identity.Provider,
			ProviderName: c.identity.ProviderName, Operator: c.identity.Operator, Recent: c.identity.recent(),
		}
	}
	return answer
}

// signIn begins a session in the place of the one that the browser had.
func (s *Service) signIn(c *call, begun session.Session) error {
	before := cookie(c.request, c.origin.sessionCookie())
	old, err := s.identify(c, before)
	if err != nil && !errors.Is(err, session.ErrNone) {
		return fmt.Errorf("sign in: %w", err)
	}
	if old.Account == begun.Account {
		begun.ID = old.Session // what it has open goes on under a new secret
	}
	if err := s.sessions.End(c, before); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if old.Session != begun.ID {
		s.config.Ended(old.Account, only(old.Session))
	}
	secret, pushedOut, err := s.sessions.Begin(c, begun)
	if len(pushedOut) > 0 {
		s.config.Ended(begun.Account, func(session string) bool { return slices.Contains(pushedOut, session) })
	}
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	c.origin.setSession(c.writer, secret)
	c.identity, err = s.identify(c, secret)
	c.signedIn = err == nil
	return err
}

// signInLocal signs in who proved a local account.
func (s *Service) signInLocal(c *call, a account.Account) (api.Session, error) {
	if err := s.signIn(c, session.Session{Account: a.ID, Provider: Local}); err != nil {
		return api.Session{}, err
	}
	return s.session(c), nil
}

func (s *Service) logInByPassword(c *call, q api.Password) (api.Session, error) {
	if err := s.guess(c); err != nil {
		return api.Session{}, err
	}
	// An account is locked for a while after failures, whether there is one of this name or not.
	key := account.Key(q.Name)
	if !s.failures.Allow(key) {
		return api.Session{}, refuse(api.ErrRateLimited)
	}
	a, err := s.directory.ByName(c, q.Name)
	if err != nil && !errors.Is(err, account.ErrNone) {
		return api.Session{}, fmt.Errorf("log in: %w", err)
	}
	if a.Disabled {
		a.Password = "" // which no password fits, and takes as long to find out
	}
	ctx, cancel := context.WithTimeout(c, passwordTimeout)
	defer cancel()
	ok, err := s.hasher.Verify(ctx, a.Password, q.Password)
	if err != nil {
		return api.Session{}, fmt.Errorf("log in: %w", err)
	}
	if !ok {
		return api.Session{}, refuse(api.ErrWrong)
	}
	s.failures.Forgive(key)
	if s.hasher.Outdated(a.Password) {
		if err := s.rehash(c, a.ID, a.Password, q.Password); err != nil {
			s.log.Error("a password's hash could not be made anew", "error", err)
		}
	}
	return s.signInLocal(c, a)
}

// rehash replaces a hash by one of today's cost, unless the password was changed meanwhile.
func (s *Service) rehash(ctx context.Context, id, old, text string) error {
	hash, err := s.hasher.Hash(ctx, text)
	if err != nil {
		return fmt.Errorf("hash again: %w", err)
	}
	_, err = s.directory.Change(ctx, id, func(a *account.Account) error {
		if a.Password == old {
			a.Password = hash
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the new hash: %w", err)
	}
	return nil
}

func (s *Service) beginPasskey(c *call, _ api.Empty) (api.Ceremony, error) {
	return s.ceremony(c, purposeLogIn, passkey.Site.BeginLogin, underway{})
}

func (s *Service) logInByPasskey(c *call, q api.Credential) (api.Session, error) {
	site, err := passkey.NewSite(c.origin.text, c.origin.text)
	if err != nil {
		return api.Session{}, refuse(api.ErrNoPasskeys)
	}
	var state underway
	if err := s.resume(c, purposeLogIn, &state); err != nil {
		return api.Session{}, err
	}
	var broken error // of the storage, which says nothing of the passkey
	a, used, err := site.FinishLogin(state.Memory, q.Credential, func(id string) (account.Account, error) {
		a, err := s.directory.ByID(c, id)
		switch {
		case err != nil && !errors.Is(err, account.ErrNone):
			broken = err
		case a.Disabled:
			err = account.ErrNone
		}
		return a, err
	})
	if broken != nil {
		return api.Session{}, fmt.Errorf("log in: %w", broken)
	}
	if err != nil {
		return api.Session{}, fmt.Errorf("log in: %w", err)
	}
	_, err = s.directory.Change(c, a.ID, func(a *account.Account) error {
		for i, key := range a.Passkeys {
			if string(key.ID) == string(used.ID) {
				a.Passkeys[i] = used
				return nil
			}
		}
		return refuse(api.ErrWrong) // removed at this moment
	})
	if err != nil {
		return api.Session{}, fmt.Errorf("note the use of a passkey: %w", err)
	}
	return s.signInLocal(c, a)
}

func (s *Service) logOut(c *call, q api.End) (api.Session, error) {
	if c.signedIn {
		err := s.sessions.End(c, cookie(c.request, c.origin.sessionCookie()))
		if q.Everywhere {
			err = errors.Join(err, s.endAll(c, c.identity.Account, ""))
		} else if err == nil {
			s.config.Ended(c.identity.Account, only(c.identity.Session))
		}
		if err != nil {
			return api.Session{}, fmt.Errorf("log out: %w", err)
		}
	}
	c.origin.setCookie(c.writer, c.origin.sessionCookie(), "", 0)
	c.identity, c.signedIn = Identity{}, false
	return s.session(c), nil
}

// endAll ends all sessions of an account, but for the one that is to stay, if any.
func (s *Service) endAll(ctx context.Context, account, stays string) error {
	if err := s.sessions.EndAll(ctx, account, stays); err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	s.config.Ended(account, func(session string) bool { return session != stays })
	return nil
}

// only tells whether a session is this one.
func only(one string) func(string) bool { return func(session string) bool { return session == one } }

// underway is what must be remembered of a passkey under way.
type underway struct {
	Memory  []byte `json:"memory"`
	Account string `json:"account,omitzero"` // that it will belong to
	Name    string `json:"name,omitzero"`    // of the first operator's account
}

// ceremony begins something with a passkey.
func (s *Service) ceremony(
	c *call, purpose string, begin func(passkey.Site) (passkey.Ceremony, error), state underway,
) (api.Ceremony, error) {
	site, err := passkey.NewSite(c.origin.text, c.origin.text)
	if err != nil {
		return api.Ceremony{}, refuse(api.ErrNoPasskeys)
	}
	begun, err := begin(site)
	if err != nil {
		return api.Ceremony{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	state.Memory = begun.Memory
	return api.Ceremony{Options: begun.Options}, s.step(c, purpose, state)
}
