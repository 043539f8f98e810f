package room

import "sync"

// inbox is a queue of closures for a loop. It is not bounded: each connection has at most one question in it, and
// what the media core tells is little.
type inbox struct {
	filled chan struct{} // holds a token while there is something to take

	// Guarded by mu.
	mu    sync.Mutex
	queue []func(*state)
	spare []func(*state) // the slice taken before, to be used again
}

func newInbox() *inbox { return &inbox{filled: make(chan struct{}, 1)} }

func (b *inbox) put(f func(*state)) {
	b.mu.Lock()
	b.queue = append(b.queue, f)
	b.mu.Unlock()
	select {
	case b.filled <- struct{}{}:
	default:
	}
}

// take gives all that is queued. The slice is valid until the next take; only the loop calls it.
func (b *inbox) take() []func(*state) {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.queue
	clear(b.spare) // lets the closures of the last time go
	b.queue, b.spare = b.spare[:0], taken
	return taken
}
