// Package keep has what of meetings outlives them, and the small interfaces of the stores in which it lies: named
// rooms, their invitations, and the accounts that are banned from them. Nothing of what happens in a meeting is here.
// Memory fulfils the interfaces for tests, for servers that keep nothing, and for the invitations of instant rooms,
// which end with them.
//
// Stores may take their time; rooms ask them outside of their loops. The package has no goroutine and must not know
// rooms or where the stores keep things.
package keep

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"stube/internal/signal/protocol"
)

// Room is a room that an account keeps.
type Room struct {
	Key          string             `json:"key"`     // of its name, under which different spellings meet
	Account      string             `json:"account"` // the owner's
	Owner        protocol.Person    `json:"owner"`   // as guests see the owner
	Settings     protocol.NamedRoom `json:"settings"`
	PasswordHash string             `json:"passwordHash,omitempty"` // argon2id
}

// Rooms is the store of named rooms.
type Rooms interface {
	// Room finds a room by its key; false when there is none.
	Room(ctx context.Context, key string) (Room, bool, error)
	// RoomsOf lists the rooms of an account.
	RoomsOf(ctx context.Context, account string) ([]Room, error)
	// SaveRoom keeps a room in the place of one with its key, which must be of the same account: else ErrTaken.
	SaveRoom(ctx context.Context, r Room) error
	// DeleteRoom takes a room away, if it is there.
	DeleteRoom(ctx context.Context, key string) error
}

// Invitation is a link to a room. Its secret is not kept.
type Invitation struct {
	ID        string                  `json:"id"`
	Room      string                  `json:"room"` // key
	Hash      string                  `json:"hash"` // of the secret
	Kind      protocol.InvitationKind `json:"kind"`
	Name      string                  `json:"name,omitempty"`
	Role      protocol.Role           `json:"role"`
	Inviter   protocol.Person         `json:"inviter"`
	CreatedAt time.Time               `json:"createdAt"`
	ExpiresAt time.Time               `json:"expiresAt,omitzero"` // zero: with the room
}

// Valid tells whether the link still admits.
func (i Invitation) Valid(now time.Time) bool { return i.ExpiresAt.IsZero() || now.Before(i.ExpiresAt) }

// Invitations is the store of links.
type Invitations interface {
	// Invitation finds a link to a room by the hash of its secret; false when there is none.
	Invitation(ctx context.Context, room, hash string) (Invitation, bool, error)
	// InvitationsTo lists the links to a room, also those that have expired and were not swept yet.
	InvitationsTo(ctx context.Context, room string) ([]Invitation, error)
	SaveInvitation(ctx context.Context, i Invitation) error
	// DeleteInvitation takes a link away, if it is there.
	DeleteInvitation(ctx context.Context, room, id string) error
	// DeleteInvitationsTo takes all links to a room away.
	DeleteInvitationsTo(ctx context.Context, room string) error
}

// Ban is an account that is not let into a named room again.
type Ban struct {
	Room    string       `json:"room"` // key
	Account string       `json:"account"`
	Public  protocol.Ban `json:"public"`
}

// Bans is the store of bans.
type Bans interface {
	Banned(ctx context.Context, room, account string) (bool, error)
	BansFrom(ctx context.Context, room string) ([]Ban, error)
	SaveBan(ctx context.Context, b Ban) error
	// DeleteBan lifts a ban, if it is there.
	DeleteBan(ctx context.Context, room, id string) error
	DeleteBansFrom(ctx context.Context, room string) error
}

// NewSecret makes the secret of a link, with 130 random bits.
func NewSecret() string { return strings.ToLower(rand.Text()) }

// Hash is what is kept of a secret. Secrets have so many random bits that a fast hash is safe.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte("stube invitation " + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
