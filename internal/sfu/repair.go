package sfu

import "time"

// bucket bounds how much is sent again: half of what the way carries, with room for a fifth of a second of it at once.
// What exceeds that the client asks for again. Of a way without a known limit no more than mostCarried counts: one that
// never tells what comes could else ask for a hundred times what it sends. Sound counts too, but comes before pictures:
// it is sent again beyond that, up to overdraft.
type bucket struct {
	tokens int64 // bytes
	at     int64
}

const (
	bucketTime = int64(200 * time.Millisecond)
	minBucket  = 1_500  // bytes
	overdraft  = 20_000 // bytes: a second of sound of some people
	// mostCarried is in bit/s.
	mostCarried = 50_000_000
)

// open tells whether anything may be sent now, with an estimate in bit/s.
func (b *bucket) open(estimate uint64, now int64) bool {
	rate := int64(min(estimate, mostCarried)) / 16 // bytes a second
	room := max(rate*bucketTime/int64(time.Second), minBucket)
	passed := min(now-b.at, int64(time.Second))
	b.tokens = min(b.tokens+rate*passed/int64(time.Second), room)
	if b.at == 0 {
		b.tokens = room
	}
	b.at = now
	return b.tokens > 0
}

// overdrawn tells whether not even sound may be sent.
func (b *bucket) overdrawn() bool { return b.tokens < -overdraft }

// take counts what was sent.
func (b *bucket) take(bytes int) { b.tokens -= int64(bytes) }
