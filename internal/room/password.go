package room

import (
	"context"

	"stube/internal/signal/protocol"
)

// passwordPurpose stands before a room's password when it is hashed, so that no hash of one thing is good for another.
const passwordPurpose = "stube room password: "

// minPassword is the shortest password of a room, in bytes: guessing is slowed down, and nobody can do it offline.
const minPassword = 4

// hashPassword makes what is kept of a room's password.
func (h *House) hashPassword(ctx context.Context, password string) (string, error) {
	if len(password) < minPassword || len(password) > protocol.MaxPassword {
		return "", refuse(protocol.ErrInvalidParams, "password of %d bytes", len(password))
	}
	hash, err := h.passwords.Hash(ctx, passwordPurpose+password)
	if err != nil {
		return "", refuse(protocol.ErrInternal, "hash password: %w", err)
	}
	return hash, nil
}

// checkPassword tells whether a password fits. It slows down who tries many, and all who try many at one room.
func (h *House) checkPassword(ctx context.Context, room, address, hash, password string) error {
	switch {
	case password == "":
		return refuse(protocol.ErrPasswordRequired, "room has a password")
	case !h.guesses.Allowed(room+"\n"+address) || !h.floods.Allowed(room):
		return refuse(protocol.ErrTryLater, "too many passwords were tried")
	}
	fits, err := h.passwords.Verify(ctx, hash, passwordPurpose+password)
	if err != nil {
		return refuse(protocol.ErrInternal, "verify password: %w", err)
	}
	if !fits {
		h.guesses.Failed(room + "\n" + address)
		h.floods.Failed(room)
		return refuse(protocol.ErrWrongPassword, "password does not fit")
	}
	return nil
}
