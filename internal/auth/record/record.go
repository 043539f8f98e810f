// Package record says what internal/auth needs of storage: buckets of records under keys, each with a revision, so
// that two writers cannot undo each other. It also makes random names and secrets, and digests.
//
// It owns no goroutine, and must not know where records are kept.
package record

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
)

// Errors of a Bucket.
var (
	// ErrNotFound says that there is no record under the key.
	ErrNotFound = errors.New("no such record")
	// ErrExists says that there is one already.
	ErrExists = errors.New("the record exists")
	// ErrConflict says that the record changed since it was read.
	ErrConflict = errors.New("the record changed")
)

// Bucket keeps records of one type by key. It is safe for concurrent use, and what it acknowledged outlives the
// process. Keys are not kept as they are, so they may be secrets or personal. A record may end by itself.
type Bucket[T any] interface {
	// Get reads a record and its revision; the error wraps ErrNotFound where there is none.
	Get(ctx context.Context, key string) (T, uint64, error)
	// Create writes a new record; the error wraps ErrExists where there is one.
	Create(ctx context.Context, key string, value T) error
	// Update replaces a record that is still at the revision; else the error wraps ErrConflict.
	Update(ctx context.Context, key string, revision uint64, value T) error
	// Delete removes a record; of several who remove the same, all but one get an error that wraps ErrNotFound.
	Delete(ctx context.Context, key string) error
	// All reads all records in any order. It ends with the first error.
	All(ctx context.Context) iter.Seq2[T, error]
	// UpdateAll writes what change makes of each record of which it answers true.
	UpdateAll(ctx context.Context, change func(T) (T, bool)) error
	// DeleteAll removes the records that match, and tells how many.
	DeleteAll(ctx context.Context, match func(T) bool) (int, error)
}

// Key is a secret of this server, from which others are made, one for each purpose.
type Key []byte

// KeySize is the length of a Key in bytes.
const KeySize = 32

// Derive makes the secret for a purpose (RFC 5869).
func (k Key) Derive(purpose string) (Key, error) {
	derived, err := hkdf.Key(sha256.New, k, nil, purpose, KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive the key for %s: %w", purpose, err)
	}
	return derived, nil
}

// Digest stands for some texts: 26 characters, as of NewID. Without the key nobody can find the texts by trying.
func (k Key) Digest(texts ...string) string {
	mac := hmac.New(sha256.New, k)
	for _, text := range texts {
		part := sha256.Sum256([]byte(text)) // of one length, so that texts cannot run into each other
		mac.Write(part[:])                  // never fails
	}
	return base32.StdEncoding.EncodeToString(mac.Sum(nil))[:26]
}

// NewID is a random name for something: 26 characters, 130 bits.
func NewID() string { return rand.Text() }

// NewSecret is a random secret of 256 bits, in 43 characters that may stand in a cookie or in a fragment.
func NewSecret() string {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(secret[:])
}

// IsSecret tells whether a text can be one of NewSecret, before anything is looked up by it.
func IsSecret(text string) bool {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(secret) == 32 && len(text) == 43 // the decoder passes over line breaks
}
