package auth

import (
	"context"
	"fmt"
)

// Inventory is what is held about persons right now: how much of each kind, never what.
type Inventory struct {
	Accounts  int // local: a name, and how it logs in
	Passwords int // as hashes
	Passkeys  int // public keys
	Sessions  int // of local accounts, and of others with the name that the provider told
	Links     int // that somebody was given to set up an account
	Addresses int // digests of addresses and names in memory, whose key changes every day
}

// Inventory counts.
func (s *Service) Inventory(ctx context.Context) (Inventory, error) {
	accounts, err := s.directory.List(ctx)
	if err != nil {
		return Inventory{}, fmt.Errorf("count accounts: %w", err)
	}
	held := Inventory{
		Accounts: len(accounts), Addresses: s.requests.Size() + s.guesses.Size() + s.failures.Size(),
	}
	for _, a := range accounts {
		held.Passkeys += len(a.Passkeys)
		if a.Password != "" {
			held.Passwords++
		}
	}
	if held.Sessions, err = s.sessions.Total(ctx); err != nil {
		return Inventory{}, fmt.Errorf("count sessions: %w", err)
	}
	if held.Links, err = s.directory.Links(ctx); err != nil {
		return Inventory{}, fmt.Errorf("count links: %w", err)
	}
	return held, nil
}
