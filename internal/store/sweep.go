package store

import (
	"context"
	"maps"
	"slices"
	"time"
)

// sweeper is a bucket, whatever its values are.
type sweeper interface {
	// sweep erases what has expired, and what an interrupted write left behind.
	sweep(ctx context.Context) error
}

// sweepAll sweeps every bucket from time to time until the context ends.
func (s *Store) sweepAll(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.sweepOnce(ctx)
		}
	}
}

func (s *Store) sweepOnce(ctx context.Context) {
	s.mu.Lock()
	buckets := maps.Clone(s.buckets)
	s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(buckets)) {
		if err := buckets[name].sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what has expired could not be erased", "bucket", name, "error", err)
		}
	}
}
