// Package seal hands the state of a log-in that is under way to the browser, encrypted, so that the server keeps
// nothing for those who only knock. What was sealed can be opened for some minutes, for the purpose that it was made
// for, and once.
//
// It owns no goroutine, and must not know what it seals.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/auth/record"
)

// Life is how long something sealed can be opened.
const Life = 10 * time.Minute

const (
	maxSealed = 3800    // characters; browsers take cookies of 4096 with their names
	maxOpened = 1 << 16 // of which it is remembered that they were opened
)

// ErrBroken says that something was not sealed here for this purpose, or too long ago, or has been opened.
var ErrBroken = errors.New("the seal is broken")

// Sealer seals and opens.
type Sealer struct {
	cipher cipher.AEAD

	mu     sync.Mutex
	opened map[string]time.Time // id → end
}

type envelope struct {
	ID      string         `json:"id"`
	End     time.Time      `json:"end"`
	Content jsontext.Value `json:"content"`
}

// New makes a Sealer with a key. Those with the same key open what each other sealed.
func New(key record.Key) (*Sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a sealer: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make a sealer: %w", err)
	}
	return &Sealer{cipher: aead, opened: map[string]time.Time{}}, nil
}

// Seal makes a text of something, fit for a cookie.
func (s *Sealer) Seal(purpose string, content any) (string, error) {
	inner, err := json.Marshal(content)
	if err != nil {
		return "", fmt.Errorf("seal for %s: %w", purpose, err)
	}
	plain, err := json.Marshal(envelope{ID: record.NewID(), End: time.Now().Add(Life).UTC(), Content: inner})
	if err != nil {
		return "", fmt.Errorf("seal for %s: %w", purpose, err)
	}
	sealed := base64.RawURLEncoding.EncodeToString(s.cipher.Seal(nil, nil, plain, []byte(purpose)))
	if len(sealed) > maxSealed {
		return "", fmt.Errorf("seal for %s: %d characters are too many", purpose, len(sealed))
	}
	return sealed, nil
}

// Open opens what was sealed for a purpose into content. Nobody can open it again. The error is ErrBroken.
func (s *Sealer) Open(purpose, sealed string, content any) error {
	if len(sealed) > maxSealed {
		return ErrBroken
	}
	hidden, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return ErrBroken
	}
	plain, err := s.cipher.Open(nil, nil, hidden, []byte(purpose))
	if err != nil {
		return ErrBroken
	}
	var e envelope
	if err := json.Unmarshal(plain, &e, json.RejectUnknownMembers(true)); err != nil {
		return ErrBroken
	}
	if !s.use(e.ID, e.End) || json.Unmarshal(e.Content, content, json.RejectUnknownMembers(true)) != nil {
		return ErrBroken
	}
	return nil
}

// use notes that something is opened; it tells whether it may be.
func (s *Sealer) use(id string, end time.Time) bool {
	now := time.Now()
	if !now.Before(end) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.opened[id]; again {
		return false
	}
	if len(s.opened) >= maxOpened {
		for other, end := range s.opened {
			if !now.Before(end) {
				delete(s.opened, other)
			}
		}
		if len(s.opened) >= maxOpened {
			return false
		}
	}
	s.opened[id] = end
	return true
}
