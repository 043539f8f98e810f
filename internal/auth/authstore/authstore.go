// Package authstore keeps what internal/auth keeps in internal/store: it opens the buckets with their limits, and
// translates the errors.
//
// It owns no goroutine, and must not know what the records mean.
package authstore

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"stube/internal/auth"
	"stube/internal/auth/account"
	"stube/internal/auth/record"
	"stube/internal/auth/session"
	"stube/internal/store"
)

// Limits of what is kept.
const (
	maxSessions = 20000
	maxAccounts = 5000
	sessionSize = 2 << 10
	accountSize = 32 << 10 // sixteen passkeys have twelve kibibytes
	nameSize    = 256
	linkSize    = 256
)

// Open opens what a log-in service keeps. It can be done once for a store.
func Open(ctx context.Context, s *store.Store) (auth.Storage, error) {
	var errs [5]error
	var storage auth.Storage
	storage.Sessions, errs[0] = open(ctx, s, store.BucketConfig[session.Session]{
		Name: "sessions", MaxEntries: maxSessions, MaxSize: sessionSize, Version: 1, Expires: session.Session.Ends,
	})
	storage.Accounts.Accounts, errs[1] = open(ctx, s, store.BucketConfig[account.Account]{
		Name: "accounts", Plain: true, MaxEntries: maxAccounts, MaxSize: accountSize, Version: 1,
	})
	storage.Accounts.Names, errs[2] = open(ctx, s, store.BucketConfig[account.Name]{
		Name: "account-names", MaxEntries: maxAccounts, MaxSize: nameSize, Version: 1,
	})
	storage.Accounts.Links, errs[3] = open(ctx, s, store.BucketConfig[account.Link]{
		Name: "setup-links", MaxEntries: maxAccounts, MaxSize: linkSize, Version: 1, Expires: account.Link.Ends,
	})
	storage.Key, errs[4] = s.Secret(ctx, "log-in")
	if err := errors.Join(errs[:]...); err != nil {
		return auth.Storage{}, fmt.Errorf("open what the log-in keeps: %w", err)
	}
	return storage, nil
}

func open[T any](ctx context.Context, s *store.Store, c store.BucketConfig[T]) (record.Bucket[T], error) {
	b, err := store.OpenBucket(ctx, s, c)
	if err != nil {
		return nil, translate(err)
	}
	return bucket[T]{b}, nil
}

// bucket is a record.Bucket.
type bucket[T any] struct{ inner *store.Bucket[T] }

// Get implements record.Bucket.
func (b bucket[T]) Get(ctx context.Context, key string) (T, uint64, error) {
	value, revision, err := b.inner.Get(ctx, key)
	return value, revision, translate(err)
}

// Create implements record.Bucket.
func (b bucket[T]) Create(ctx context.Context, key string, value T) error {
	_, err := b.inner.Create(ctx, key, value)
	return translate(err)
}

// Update implements record.Bucket.
func (b bucket[T]) Update(ctx context.Context, key string, revision uint64, value T) error {
	_, err := b.inner.Update(ctx, key, revision, value)
	return translate(err)
}

// Delete implements record.Bucket.
func (b bucket[T]) Delete(ctx context.Context, key string) error {
	return translate(b.inner.Delete(ctx, key))
}

// All implements record.Bucket.
func (b bucket[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for value, err := range b.inner.All(ctx) {
			if !yield(value, translate(err)) {
				return
			}
		}
	}
}

// UpdateAll implements record.Bucket.
func (b bucket[T]) UpdateAll(ctx context.Context, change func(T) (T, bool)) error {
	return translate(b.inner.UpdateAll(ctx, change))
}

// DeleteAll implements record.Bucket.
func (b bucket[T]) DeleteAll(ctx context.Context, match func(T) bool) (int, error) {
	n, err := b.inner.DeleteAll(ctx, match)
	return n, translate(err)
}

// translate makes errors of internal/auth of those of internal/store.
func translate(err error) error {
	for theirs, ours := range map[error]error{
		store.ErrNotFound: record.ErrNotFound, store.ErrExists: record.ErrExists, store.ErrConflict: record.ErrConflict,
	} {
		if errors.Is(err, theirs) {
			return fmt.Errorf("%w: %w", ours, err)
		}
	}
	return err
}
