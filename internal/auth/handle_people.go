package auth

import (
	"context"
	"fmt"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
)

func (s *Service) listPeople(c *call, _ api.Empty) (api.People, error) { return s.People(c) }

func (s *Service) addPerson(c *call, q api.NewPerson) (api.Invited, error) {
	return s.Invite(c, q.Name, q.Operator)
}

func (s *Service) linkPerson(c *call, q api.PersonRef) (api.Invited, error) {
	return s.InviteAgain(c, q.ID)
}

func (s *Service) enablePerson(c *call, q api.PersonRef) (api.People, error) {
	return s.others(c, q.ID, func() error { return s.SetDisabled(c, q.ID, false) })
}

func (s *Service) disablePerson(c *call, q api.PersonRef) (api.People, error) {
	return s.others(c, q.ID, func() error { return s.SetDisabled(c, q.ID, true) })
}

func (s *Service) removePerson(c *call, q api.PersonRef) (api.People, error) {
	return s.others(c, q.ID, func() error { return s.Remove(c, q.ID) })
}

// others does something to somebody's account, but not to one's own: a server is not to lose its last operator by a
// slip.
func (s *Service) others(c *call, id string, do func() error) (api.People, error) {
	if id == c.identity.Account {
		return api.People{}, refuse(api.ErrForbidden)
	}
	if err := do(); err != nil {
		return api.People{}, err
	}
	return s.People(c)
}

// People lists the local accounts.
func (s *Service) People(ctx context.Context) (api.People, error) {
	accounts, err := s.directory.List(ctx)
	if err != nil {
		return api.People{}, fmt.Errorf("list people: %w", err)
	}
	answer := api.People{People: []api.Person{}}
	for _, a := range accounts {
		answer.People = append(answer.People, person(a))
	}
	return answer, nil
}

// Invite makes a local account, and the link by which its owner sets how to log in. Errors wrap account.ErrTaken and
// account.ErrInvalidName.
func (s *Service) Invite(ctx context.Context, name string, operator bool) (api.Invited, error) {
	a, err := s.directory.Add(ctx, account.Account{Name: name, Operator: operator})
	if err != nil {
		return api.Invited{}, fmt.Errorf("invite: %w", err)
	}
	s.log.Info("an account was made", "account", a.ID, "operator", a.Operator)
	return s.InviteAgain(ctx, a.ID)
}

// InviteAgain makes a new link for who lost the way in. The error wraps account.ErrNone where there is no account.
func (s *Service) InviteAgain(ctx context.Context, id string) (api.Invited, error) {
	a, err := s.directory.ByID(ctx, id)
	if err != nil {
		return api.Invited{}, fmt.Errorf("invite: %w", err)
	}
	secret, err := s.directory.NewLink(ctx, id)
	if err != nil {
		return api.Invited{}, fmt.Errorf("invite: %w", err)
	}
	return api.Invited{Person: person(a), Setup: setupPath + secret}, nil
}

// SetDisabled keeps somebody from logging in, and ends their sessions, or allows it again.
func (s *Service) SetDisabled(ctx context.Context, id string, disabled bool) error {
	if err := s.disable(ctx, id, disabled); err != nil {
		return fmt.Errorf("disable an account: %w", err)
	}
	s.log.Info("an account was disabled or enabled", "account", id, "disabled", disabled)
	return nil
}

func (s *Service) disable(ctx context.Context, id string, disabled bool) error {
	_, err := s.directory.Change(ctx, id, func(a *account.Account) error {
		a.Disabled = disabled
		return nil
	})
	if err == nil && disabled {
		err = s.endAll(ctx, id, "")
	}
	return err
}

// Remove removes a local account, ends its sessions, and has forgotten what else is kept of it. It is disabled first
// and goes last: whatever fails in between, nothing new is kept of it, and it can be removed again.
func (s *Service) Remove(ctx context.Context, id string) error {
	err := s.disable(ctx, id, true)
	if err == nil {
		err = s.config.Forget(ctx, id)
	}
	if err == nil {
		err = s.directory.Remove(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("remove an account: %w", err)
	}
	s.log.Info("an account was removed", "account", id)
	return nil
}

func person(a account.Account) api.Person {
	return api.Person{
		ID: a.ID, Name: a.Name, Operator: a.Operator, Disabled: a.Disabled, Ready: a.Ready(), Made: a.Made.UnixMilli(),
	}
}
