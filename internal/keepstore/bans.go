package keepstore

import (
	"cmp"
	"context"
	"slices"

	"stube/internal/room/keep"
	"stube/internal/store"
)

// bans keeps bans by their room and account.
type bans struct{ bucket *store.Bucket[keep.Ban] }

func (s bans) Banned(ctx context.Context, room, account string) (bool, error) {
	_, found, err := get(ctx, s.bucket, under(room, account))
	return found, err
}

func (s bans) BansFrom(ctx context.Context, room string) ([]keep.Ban, error) {
	found, err := list(ctx, s.bucket, func(b keep.Ban) bool { return b.Room == room })
	slices.SortFunc(found, func(a, b keep.Ban) int {
		return cmp.Or(cmp.Compare(a.Public.At, b.Public.At), cmp.Compare(a.Public.ID, b.Public.ID))
	})
	return found, err
}

func (s bans) SaveBan(ctx context.Context, b keep.Ban) error {
	_, err := s.bucket.Put(ctx, under(b.Room, b.Account), b)
	return err
}

func (s bans) DeleteBan(ctx context.Context, room, id string) error {
	return forget(ctx, s.bucket, func(b keep.Ban) bool { return b.Room == room && b.Public.ID == id })
}

func (s bans) DeleteBansFrom(ctx context.Context, room string) error {
	return forget(ctx, s.bucket, func(b keep.Ban) bool { return b.Room == room })
}
