package signal

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// networkKeyLife is for how long a network has the same hash; for as long again the hash is known.
const networkKeyLife = 24 * time.Hour

// networkKey is the key of the hashes that stand for networks. It changes every day, and is thrown away a day later,
// with all that could lead from such a hash to an address. The day between is for meetings that go on when it changes:
// they know who comes from a network by both hashes.
type networkKey struct {
	mu          sync.Mutex
	key, before []byte // before is nil when there was none, or it is too old
	ends        time.Time
}

// now is the key of today, and that of the day before or nil.
func (k *networkKey) now() (today, before []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); !now.Before(k.ends) {
		k.before = k.key
		if now.Sub(k.ends) >= networkKeyLife { // nobody came meanwhile
			k.before = nil
		}
		k.key, k.ends = newKey(), now.Add(networkKeyLife)
	}
	return k.key, k.before
}

func newKey() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key
}
