package auth

import (
	"context"
	"fmt"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/passkey"
	"stube/internal/auth/record"
)

func (s *Service) readSetup(c *call, q api.Link) (api.Setup, error) {
	link, a, err := s.link(c, q.Secret)
	if err != nil {
		return api.Setup{}, err
	}
	return api.Setup{First: link.First(), Name: a.Name}, nil
}

// link finds a set-up link; who tries them out is stopped.
func (s *Service) link(c *call, secret string) (account.Link, account.Account, error) {
	if err := s.guess(c); err != nil {
		return account.Link{}, account.Account{}, err
	}
	link, a, err := s.directory.Link(c, secret)
	if err != nil {
		return link, a, fmt.Errorf("follow a set-up link: %w", err)
	}
	return link, a, nil
}

func (s *Service) setUpPassword(c *call, q api.SetupPassword) (api.Session, error) {
	if _, _, err := s.link(c, q.Secret); err != nil {
		return api.Session{}, err
	}
	ctx, cancel := context.WithTimeout(c, passwordTimeout)
	defer cancel()
	hash, err := s.hasher.Hash(ctx, q.Password)
	if err != nil {
		return api.Session{}, fmt.Errorf("set up a password: %w", err)
	}
	a, err := s.directory.Redeem(c, q.Secret, record.NewID(), q.Name, func(a *account.Account) error {
		a.Password = hash
		return nil
	})
	if err != nil {
		return api.Session{}, fmt.Errorf("set up a password: %w", err)
	}
	if err := s.endAll(c, a.ID, ""); err != nil {
		return api.Session{}, fmt.Errorf("set up a password: %w", err)
	}
	return s.signInLocal(c, a)
}

func (s *Service) beginSetUpPasskey(c *call, q api.SetupPasskey) (api.Ceremony, error) {
	link, a, err := s.link(c, q.Secret)
	if err != nil {
		return api.Ceremony{}, err
	}
	if link.First() {
		if a, err = account.First(q.Name); err != nil {
			return api.Ceremony{}, fmt.Errorf("set up a passkey: %w", err)
		}
	}
	return s.ceremony(c, purposeSetUp, func(site passkey.Site) (passkey.Ceremony, error) {
		return site.BeginRegistration(a)
	}, underway{Account: a.ID, Name: a.Name})
}

func (s *Service) setUpPasskey(c *call, q api.SetupCredential) (api.Session, error) {
	if _, _, err := s.link(c, q.Secret); err != nil {
		return api.Session{}, err
	}
	state, made, err := s.registered(c, purposeSetUp, q.Credential)
	if err != nil {
		return api.Session{}, err
	}
	a, err := s.directory.Redeem(c, q.Secret, state.Account, state.Name, func(a *account.Account) error {
		if a.ID != state.Account {
			return refuse(api.ErrExpired) // begun with another link
		}
		return addPasskey(a, made)
	})
	if err != nil {
		return api.Session{}, fmt.Errorf("set up a passkey: %w", err)
	}
	return s.signInLocal(c, a)
}

// registered finishes to make a passkey.
func (s *Service) registered(c *call, purpose string, answer []byte) (underway, account.Passkey, error) {
	var state underway
	site, err := passkey.NewSite(c.origin.text, c.origin.text)
	if err != nil {
		return state, account.Passkey{}, refuse(api.ErrNoPasskeys)
	}
	if err := s.resume(c, purpose, &state); err != nil {
		return state, account.Passkey{}, err
	}
	made, err := site.FinishRegistration(state.Account, state.Memory, answer)
	if err != nil {
		return state, made, fmt.Errorf("make a passkey: %w", err)
	}
	return state, made, nil
}

// addPasskey adds a passkey to an account, which has only so many.
func addPasskey(a *account.Account, made account.Passkey) error {
	if len(a.Passkeys) >= account.MaxPasskeys {
		return refuse(api.ErrTooMany)
	}
	for _, key := range a.Passkeys {
		if string(key.ID) == string(made.ID) {
			return refuse(api.ErrInvalidRequest)
		}
	}
	a.Passkeys = append(a.Passkeys, made)
	return nil
}
