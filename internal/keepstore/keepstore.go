// Package keepstore keeps in the store what of meetings outlives them: it fulfils the interfaces of package keep with
// the buckets of package store.
//
// It owns no goroutine and must not know rooms beyond the shapes of keep.
package keepstore

import (
	"context"
	"errors"
	"fmt"

	"stube/internal/room/keep"
	"stube/internal/store"
)

// Limits of what is kept, in entries and in bytes of one.
const (
	maxRooms       = 20000
	maxInvitations = 100000
	maxBans        = 100000
	roomSize       = 16 << 10
	invitationSize = 4 << 10
	banSize        = 4 << 10
)

// Keep is what of meetings outlives them.
type Keep struct {
	rooms       rooms
	invitations invitations
	bans        bans
}

// Rooms are the named rooms.
func (k *Keep) Rooms() keep.Rooms { return k.rooms }

// Invitations are the links to named rooms.
func (k *Keep) Invitations() keep.Invitations { return k.invitations }

// Bans are the bans from named rooms.
func (k *Keep) Bans() keep.Bans { return k.bans }

// Open opens the buckets, and makes them when they are new.
func Open(ctx context.Context, s *store.Store) (*Keep, error) {
	r, roomsErr := store.OpenBucket(ctx, s, store.BucketConfig[keep.Room]{
		Name: "rooms", MaxEntries: maxRooms, MaxSize: roomSize, Version: 1,
	})
	i, invitationsErr := store.OpenBucket(ctx, s, store.BucketConfig[keep.Invitation]{
		Name: "invitations", MaxEntries: maxInvitations, MaxSize: invitationSize, Version: 1, Expires: expires,
	})
	b, bansErr := store.OpenBucket(ctx, s, store.BucketConfig[keep.Ban]{
		Name: "bans", MaxEntries: maxBans, MaxSize: banSize, Version: 1,
	})
	if err := errors.Join(roomsErr, invitationsErr, bansErr); err != nil {
		return nil, fmt.Errorf("open what meetings keep: %w", err)
	}
	return &Keep{rooms{r}, invitations{i}, bans{b}}, nil
}

// Forget deletes the rooms of an account with their links and bans, and the bans of the account itself.
func (k *Keep) Forget(ctx context.Context, account string) error {
	owned, err := k.rooms.RoomsOf(ctx, account)
	if err != nil {
		return fmt.Errorf("find the rooms of an account: %w", err)
	}
	err = forget(ctx, k.bans.bucket, func(b keep.Ban) bool { return b.Account == account })
	for _, r := range owned {
		err = errors.Join(
			err, k.invitations.DeleteInvitationsTo(ctx, r.Key), k.bans.DeleteBansFrom(ctx, r.Key),
			k.rooms.DeleteRoom(ctx, r.Key),
		)
	}
	if err != nil {
		return fmt.Errorf("forget what an account kept: %w", err)
	}
	return nil
}

// get reads a value, and tells whether there is one.
func get[T any](ctx context.Context, b *store.Bucket[T], key string) (T, bool, error) {
	value, _, err := b.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return value, false, nil
	}
	return value, err == nil, err
}

// list reads the values that match.
func list[T any](ctx context.Context, b *store.Bucket[T], match func(T) bool) ([]T, error) {
	var found []T
	for value, err := range b.All(ctx) {
		if err != nil {
			return nil, err
		}
		if match(value) {
			found = append(found, value)
		}
	}
	return found, nil
}

// forget deletes the values that match; there may be none.
func forget[T any](ctx context.Context, b *store.Bucket[T], match func(T) bool) error {
	_, err := b.DeleteAll(ctx, match)
	return err
}

// under is a key within a room: names of rooms have no line breaks.
func under(room, key string) string { return room + "\n" + key }
