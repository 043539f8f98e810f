package testpeer

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// changes lets goroutines wait for the next change of something.
type changes struct {
	mu   sync.Mutex
	next chan struct{} // closed at the next change
}

func (c *changes) init() { c.next = make(chan struct{}) }

func (c *changes) tell() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.next)
	c.next = make(chan struct{})
}

func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

// pollInterval is how often Until looks at counters, which change with each packet.
const pollInterval = 5 * time.Millisecond

// Until waits until a condition on the peer holds: it looks at each change of the room and of the consumers, and at
// short intervals for what media changes. It fails with ctx, and when the peer is closed.
func (p *Peer) Until(ctx context.Context, condition func() bool) error {
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		changed := p.changes.wait()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-p.ctx.Done():
			return ErrClosed
		case <-ctx.Done():
			return fmt.Errorf("wait for a condition: %w", ctx.Err())
		}
	}
}
