package keepstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"stube/internal/room/keep"
	"stube/internal/store"
)

// invitations keeps links by their room and the hash of their secret, so that finding one needs no search.
type invitations struct {
	bucket *store.Bucket[keep.Invitation]
}

func expires(i keep.Invitation) time.Time { return i.ExpiresAt }

func (s invitations) Invitation(ctx context.Context, room, hash string) (keep.Invitation, bool, error) {
	return get(ctx, s.bucket, under(room, hash))
}

func (s invitations) InvitationsTo(ctx context.Context, room string) ([]keep.Invitation, error) {
	found, err := list(ctx, s.bucket, func(i keep.Invitation) bool { return i.Room == room })
	slices.SortFunc(found, func(a, b keep.Invitation) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return found, err
}

func (s invitations) SaveInvitation(ctx context.Context, i keep.Invitation) error {
	_, err := s.bucket.Put(ctx, under(i.Room, i.Hash), i)
	return err
}

func (s invitations) DeleteInvitation(ctx context.Context, room, id string) error {
	return forget(ctx, s.bucket, func(i keep.Invitation) bool { return i.Room == room && i.ID == id })
}

func (s invitations) DeleteInvitationsTo(ctx context.Context, room string) error {
	return forget(ctx, s.bucket, func(i keep.Invitation) bool { return i.Room == room })
}
