// Package password keeps passwords as argon2id hashes (RFC 9106) that carry their parameters, in the usual form
// $argon2id$v=19$m=…,t=…,p=…$salt$hash.
//
// It owns no goroutine, and must not know whose password it is. Hashing takes tens of mebibytes and milliseconds on
// purpose, so a Hasher does few at a time; callers wait in line until their context ends.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Lengths of a password: in characters at the least, in bytes at the most. A long one is worth more than a colourful
// one (NIST SP 800-63B section 3.1.1.2).
const (
	MinLength = 12
	MaxLength = 512
)

const (
	saltSize = 16 // bytes, RFC 9106 section 3.1
	hashSize = 32 // bytes
)

// ErrWeak says that a text will not do as a password.
var ErrWeak = errors.New("the password is too short or too long")

// Cost is how much work a hash is.
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// Usual is the cost of new hashes: a tenth of a second on a small computer.
func Usual() Cost { return Cost{Memory: 46 << 10, Passes: 2, Threads: 1} }

// most bounds the cost of a hash that is verified, so that no record can stop the server.
func most() Cost { return Cost{Memory: 256 << 10, Passes: 16, Threads: 16} }

// Hasher makes and verifies hashes.
type Hasher struct {
	cost  Cost
	dummy string
	turns chan struct{}
}

// NewHasher makes a Hasher that works on at most so many hashes at a time.
func NewHasher(cost Cost, parallel int) *Hasher {
	h := &Hasher{cost: cost, turns: make(chan struct{}, parallel)}
	h.dummy = encode(cost, rand.Text()[:saltSize], make([]byte, hashSize)) // no password has this hash
	return h
}

// Hash makes the hash of a new password. The error is ErrWeak, or the context's.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	prepared := norm.NFC.String(password) // RFC 8265 section 4.2.1
	if utf8.RuneCountInString(prepared) < MinLength || len(password) > MaxLength || !utf8.ValidString(password) {
		return "", ErrWeak
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	hash, err := h.work(ctx, prepared, salt, h.cost)
	if err != nil {
		return "", err
	}
	return encode(h.cost, string(salt), hash), nil
}

// Verify tells whether a password belongs to a hash. Without a hash it does the same work and says no, so that time
// does not tell which accounts there are. The error is the context's.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	if len(password) > MaxLength {
		password = ""
	}
	cost, salt, want, err := decode(hash)
	known := err == nil
	if !known {
		cost, salt, want, _ = decode(h.dummy)
	}
	got, err := h.work(ctx, norm.NFC.String(password), salt, cost)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// Outdated tells whether a hash should be made again, as it cost another amount of work than new ones.
func (h *Hasher) Outdated(hash string) bool {
	cost, _, _, err := decode(hash)
	return err != nil || cost != h.cost
}

func (h *Hasher) work(ctx context.Context, password string, salt []byte, cost Cost) ([]byte, error) {
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, cost.Threads, hashSize), nil
}

func encode(cost Cost, salt string, hash []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Passes, cost.Threads,
		base64.RawStdEncoding.EncodeToString([]byte(salt)), base64.RawStdEncoding.EncodeToString(hash))
}

func decode(encoded string) (cost Cost, salt, hash []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return cost, nil, nil, errors.New("not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Passes, &cost.Threads); err != nil {
		return cost, nil, nil, fmt.Errorf("read the cost of a hash: %w", err)
	}
	limit := most()
	if cost.Memory < 8*uint32(cost.Threads) || cost.Passes == 0 || cost.Threads == 0 ||
		cost.Memory > limit.Memory || cost.Passes > limit.Passes || cost.Threads > limit.Threads {
		return cost, nil, nil, errors.New("the cost of a hash is out of bounds")
	}
	salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(salt) < 8 || len(salt) > 64 {
		return cost, nil, nil, errors.New("the salt of a hash is malformed")
	}
	hash, err = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err != nil || len(hash) != hashSize {
		return cost, nil, nil, errors.New("a hash has the wrong length")
	}
	return cost, salt, hash, nil
}
