// Package record says what internal/auth needs of storage: buckets of records under keys, each with a revision, so
// that two writers cannot undo each other. It also makes the keys, as a record that is found by a secret or by
// something personal stands under a digest of it.
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
	"time"
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

// Revision tells the versions of a record apart. It is for Update.
type Revision uint64

// Bucket keeps records of one type. It is safe for concurrent use. What it acknowledged outlives the process.
type Bucket[T any] interface {
	// Get reads a record; the error wraps ErrNotFound where there is none.
	Get(ctx context.Context, key string) (T, Revision, error)
	// Create writes a new record; the error wraps ErrExists where there is one. It vanishes after the time to live,
	// which is none when 0.
	Create(ctx context.Context, key string, value T, ttl time.Duration) error
	// Update replaces a record that is still at the revision; else the error wraps ErrConflict.
	Update(ctx context.Context, key string, at Revision, value T) error
	// Delete removes a record. It is well when there is none.
	Delete(ctx context.Context, key string) error
	// All reads all records in any order, each with its key. It ends with the first error.
	All(ctx context.Context) iter.Seq2[Entry[T], error]
}

// Entry is a record with its key.
type Entry[T any] struct {
	Key   string
	Value T
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

// Digest is what a text is known by in a bucket: without the key nobody can find the text by trying.
func (k Key) Digest(text string) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(text)) // never fails
	return spell(mac.Sum(nil)[:20])
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

func spell(digest []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(digest)
}
