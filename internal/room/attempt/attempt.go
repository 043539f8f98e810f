// Package attempt slows down who tries in vain. Unlike a limit on all that somebody does it counts only failures, so
// that a class behind one address can come in at once, and nobody from it can guess.
//
// It keeps what it counts in memory, by keys that are no addresses, and forgets. It has no goroutine and must not know
// what is tried.
package attempt

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds the memory. When there are more at a time, newcomers share one count.
const maxKeys = 1 << 14

// Limit allows a number of failures at once, and then one each interval.
type Limit struct {
	// Set once.
	every time.Duration
	burst int

	// Guarded by mu.
	mu     sync.Mutex
	counts map[string]*rate.Limiter
	crowd  *rate.Limiter
}

// New makes a Limit.
func New(every time.Duration, burst int) *Limit {
	return &Limit{
		every: every, burst: burst, counts: map[string]*rate.Limiter{}, crowd: rate.NewLimiter(rate.Every(every), burst),
	}
}

// Len is how many keys are remembered.
func (l *Limit) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.counts)
}

// Allowed tells whether somebody may try.
func (l *Limit) Allowed(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := l.counts[who]
	if count == nil {
		return len(l.counts) < maxKeys || l.crowd.Tokens() >= 1
	}
	return count.Tokens() >= 1
}

// Failed counts a try in vain.
func (l *Limit) Failed(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := l.counts[who]
	if count == nil {
		if len(l.counts) >= maxKeys {
			l.sweep()
		}
		if len(l.counts) >= maxKeys {
			l.crowd.Allow()
			return
		}
		count = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.counts[who] = count
	}
	count.Allow()
}

// sweep forgets who has all tries again.
func (l *Limit) sweep() {
	for who, count := range l.counts {
		if count.Tokens() >= float64(l.burst) {
			delete(l.counts, who)
		}
	}
}
