package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Bounds of keys in bytes.
const (
	maxPlain  = 64
	maxHidden = 1024
)

// subject is where the values of a key are stored. That of a hidden key is an HMAC (RFC 2104) with a key of the
// server's own: a stolen file tells no secret, and who does not have the server's keys too cannot try out addresses and
// names. The bucket's name is in it, so that equal keys of two buckets cannot be told to be equal.
func (b *Bucket[T]) subject(key string) (string, error) {
	if b.config.Plain {
		if !plain(key) {
			return "", errors.New("the key is no plain id")
		}
		return b.prefix + key, nil
	}
	if len(key) > maxHidden {
		return "", fmt.Errorf("a key of %d bytes: %w", len(key), ErrTooLarge)
	}
	mac := hmac.New(sha256.New, b.store.keys)
	mac.Write([]byte(b.config.Name + "\x00" + key))
	return b.prefix + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// plain tells whether a key can stand in a subject as it is.
func plain(key string) bool {
	return key != "" && len(key) <= maxPlain && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
