package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/passkey"
)

func (s *Service) readAccount(c *call, _ api.Empty) (api.Account, error) {
	a, err := s.directory.ByID(c, c.identity.Account)
	if err != nil {
		return api.Account{}, fmt.Errorf("read one's account: %w", err)
	}
	return s.account(c, a)
}

func (s *Service) account(c *call, a account.Account) (api.Account, error) {
	sessions, err := s.sessions.Count(c, a.ID)
	if err != nil {
		return api.Account{}, fmt.Errorf("count one's sessions: %w", err)
	}
	answer := api.Account{Name: a.Name, Password: a.Password != "", Passkeys: []api.Passkey{}, Sessions: sessions}
	for _, key := range a.Passkeys {
		answer.Passkeys = append(answer.Passkeys, api.Passkey{
			ID: base64.RawURLEncoding.EncodeToString(key.ID), Name: key.Name, Made: key.Made.UnixMilli(),
		})
	}
	return answer, nil
}

// change changes one's own account, and ends all other sessions if it says so.
func (s *Service) change(c *call, endOthers bool, change func(*account.Account) error) (api.Account, error) {
	a, err := s.directory.Change(c, c.identity.Account, change)
	if err != nil {
		return api.Account{}, fmt.Errorf("change one's account: %w", err)
	}
	if endOthers {
		if err := s.endAll(c, a.ID, c.identity.Session); err != nil {
			return api.Account{}, fmt.Errorf("end one's other sessions: %w", err)
		}
	}
	return s.account(c, a)
}

func (s *Service) changePassword(c *call, q api.NewPassword) (api.Account, error) {
	if err := s.guess(c); err != nil {
		return api.Account{}, err
	}
	ctx, cancel := context.WithTimeout(c, passwordTimeout)
	defer cancel()
	hash, err := s.hasher.Hash(ctx, q.Password)
	if err != nil {
		return api.Account{}, fmt.Errorf("change one's password: %w", err)
	}
	return s.change(c, true, func(a *account.Account) error {
		a.Password = hash
		return nil
	})
}

func (s *Service) beginNewPasskey(c *call, _ api.Empty) (api.Ceremony, error) {
	a, err := s.directory.ByID(c, c.identity.Account)
	if err != nil {
		return api.Ceremony{}, fmt.Errorf("read one's account: %w", err)
	}
	return s.ceremony(c, purposeAdd, func(site passkey.Site) (passkey.Ceremony, error) {
		return site.BeginRegistration(a)
	}, underway{Account: a.ID})
}

func (s *Service) addPasskey(c *call, q api.NewPasskey) (api.Account, error) {
	state, made, err := s.registered(c, purposeAdd, q.Credential)
	if err != nil {
		return api.Account{}, err
	}
	if state.Account != c.identity.Account {
		return api.Account{}, refuse(api.ErrExpired)
	}
	made.Name = account.Shown(q.Name)
	return s.change(c, false, func(a *account.Account) error { return addPasskey(a, made) })
}

func (s *Service) removePasskey(c *call, q api.PasskeyRef) (api.Account, error) {
	id, err := base64.RawURLEncoding.DecodeString(q.ID)
	if err != nil {
		return api.Account{}, refuse(api.ErrNotFound)
	}
	return s.change(c, true, func(a *account.Account) error {
		before := len(a.Passkeys)
		a.Passkeys = slices.DeleteFunc(a.Passkeys, func(key account.Passkey) bool { return string(key.ID) == string(id) })
		switch {
		case len(a.Passkeys) == before:
			return refuse(api.ErrNotFound)
		case !a.Ready():
			return refuse(api.ErrLastWay)
		}
		return nil
	})
}
