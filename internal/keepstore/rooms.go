package keepstore

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"stube/internal/room/keep"
	"stube/internal/store"
)

// saveAttempts is how often a room may change under the hands of somebody who saves it.
const saveAttempts = 5

// rooms keeps named rooms by their keys.
type rooms struct{ bucket *store.Bucket[keep.Room] }

func (s rooms) Room(ctx context.Context, key string) (keep.Room, bool, error) {
	return get(ctx, s.bucket, key)
}

func (s rooms) RoomsOf(ctx context.Context, account string) ([]keep.Room, error) {
	found, err := list(ctx, s.bucket, func(r keep.Room) bool { return r.Account == account })
	slices.SortFunc(found, func(a, b keep.Room) int { return cmp.Compare(a.Key, b.Key) })
	return found, err
}

// SaveRoom writes only over a room of the same account, also when two accounts reach for one name at the same time.
func (s rooms) SaveRoom(ctx context.Context, r keep.Room) error {
	for range saveAttempts {
		old, revision, err := s.bucket.Get(ctx, r.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			_, err = s.bucket.Create(ctx, r.Key, r)
		case err != nil:
			return err
		case old.Account != r.Account:
			return keep.ErrTaken
		default:
			_, err = s.bucket.Update(ctx, r.Key, revision, r)
		}
		if !errors.Is(err, store.ErrExists) && !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return store.ErrConflict
}

func (s rooms) DeleteRoom(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}
