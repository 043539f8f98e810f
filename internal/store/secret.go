package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
)

// secretSize is the length of the server's keys in bytes.
const secretSize = 32

// secret is a key of the server.
type secret struct {
	Key []byte `json:"key"`
}

// Secret is a key of the server's own for one purpose: 32 random bytes, made when first asked for and the same ever
// after. The purpose is a plain id.
func (s *Store) Secret(ctx context.Context, purpose string) ([]byte, error) {
	found, _, err := s.secret.Get(ctx, purpose)
	if errors.Is(err, ErrNotFound) {
		found.Key = make([]byte, secretSize)
		_, _ = rand.Read(found.Key) // never fails
		_, err = s.secret.Create(ctx, purpose, found)
		if errors.Is(err, ErrExists) { // somebody asked at the same time
			found, _, err = s.secret.Get(ctx, purpose)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key for %s: %w", purpose, err)
	}
	if len(found.Key) != secretSize {
		return nil, fmt.Errorf("key for %s has %d bytes: %w", purpose, len(found.Key), ErrDamaged)
	}
	return found.Key, nil
}

func (s *Store) openSecrets(ctx context.Context) error {
	var err error
	s.secret, err = OpenBucket(ctx, s, BucketConfig[secret]{
		Name: "secrets", Plain: true, MaxEntries: 100, MaxSize: 1000, Version: 1,
	})
	if err != nil {
		return err
	}
	s.keys, err = s.Secret(ctx, "keys")
	return err
}
