// Package limit counts how often somebody tries something, by address or by account, and says when it is too often.
// Nobody is remembered: what is counted stands in memory under a digest whose key is thrown away every day.
//
// It owns no goroutine, and must not know what is tried.
package limit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	keyLife = 24 * time.Hour
	// maxCounts bounds the memory. Beyond it all newcomers share one count until others have been forgotten.
	maxCounts = 1 << 14
	// sweepPause is between two walks over all counts, which a flood of addresses must not cause at will.
	sweepPause = time.Second
)

// Limit allows a number of tries at once, and then one each interval.
type Limit struct {
	mu     sync.Mutex
	every  time.Duration
	burst  int
	key    []byte
	keyEnd time.Time
	counts map[[sha256.Size]byte]*rate.Limiter
	crowd  *rate.Limiter // of those who came when counts was full
	swept  time.Time
}

// New makes a Limit.
func New(every time.Duration, burst int) *Limit {
	return &Limit{every: every, burst: burst, counts: map[[sha256.Size]byte]*rate.Limiter{}}
}

// Allow counts a try of somebody, and tells whether it is allowed.
func (l *Limit) Allow(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count(who).Allow()
}

// Forgive takes back what was counted, when a try proved right.
func (l *Limit) Forgive(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renew(time.Now())
	delete(l.counts, l.digest(who))
}

// Size is how many are counted; each is a digest that leads to nobody.
func (l *Limit) Size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(time.Now())
	return len(l.counts)
}

func (l *Limit) count(who string) *rate.Limiter {
	now := time.Now()
	l.renew(now)
	digest := l.digest(who)
	if count, ok := l.counts[digest]; ok {
		return count
	}
	if len(l.counts) >= maxCounts && now.Sub(l.swept) >= sweepPause {
		l.sweep(now)
	}
	if len(l.counts) >= maxCounts {
		return l.crowd
	}
	count := rate.NewLimiter(rate.Every(l.every), l.burst)
	l.counts[digest] = count
	return count
}

// renew forgets everybody when the key is a day old.
func (l *Limit) renew(now time.Time) {
	if now.Before(l.keyEnd) {
		return
	}
	l.key = make([]byte, sha256.Size)
	_, _ = rand.Read(l.key) // never fails
	l.keyEnd = now.Add(keyLife)
	clear(l.counts)
	l.crowd = rate.NewLimiter(rate.Every(l.every), l.burst)
}

// sweep forgets who has all tries again.
func (l *Limit) sweep(now time.Time) {
	l.swept = now
	for digest, count := range l.counts {
		if count.TokensAt(now) >= float64(l.burst) {
			delete(l.counts, digest)
		}
	}
}

func (l *Limit) digest(who string) (digest [sha256.Size]byte) {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(who)) // never fails
	mac.Sum(digest[:0])
	return digest
}

// Network is what an address counts as: IPv6 addresses of one subnet are one household (RFC 6177).
func Network(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
