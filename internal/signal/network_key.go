package signal

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// networkKeyLife is for how long a network has the same hash.
const networkKeyLife = 24 * time.Hour

// networkKey is the key of the hashes that stand for networks. It is thrown away every day, and with it all that could
// lead from such a hash to an address. What rests on the hashes is forgotten by that a little earlier; the cookie by
// which a browser is known stays.
type networkKey struct {
	mu   sync.Mutex
	key  []byte
	ends time.Time
}

// now is the key of today.
func (k *networkKey) now() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); !now.Before(k.ends) {
		k.key, k.ends = newKey(), now.Add(networkKeyLife)
	}
	return k.key
}

func newKey() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key
}
