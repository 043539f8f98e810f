// Package recordtest has a bucket in memory, for tests of what stands on buckets.
//
// It owns no goroutine, and must not know what the records are.
package recordtest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"sync"
	"time"

	"stube/internal/auth/record"
)

// Bucket is a record.Bucket in memory.
type Bucket[T any] struct {
	mu      sync.Mutex
	expires func(T) time.Time
	records map[string]revised[T]
	last    uint64
}

type revised[T any] struct {
	value    T
	revision uint64
}

// New makes an empty bucket. The function says when a record ends; it may be nil.
func New[T any](expires func(T) time.Time) *Bucket[T] {
	return &Bucket[T]{expires: expires, records: map[string]revised[T]{}}
}

// Get implements record.Bucket.
func (b *Bucket[T]) Get(_ context.Context, key string) (T, uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, ok := b.live()[key]
	if !ok {
		return r.value, 0, fmt.Errorf("get: %w", record.ErrNotFound)
	}
	return r.value, r.revision, nil
}

// Create implements record.Bucket.
func (b *Bucket[T]) Create(_ context.Context, key string, value T) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.live()[key]; ok {
		return fmt.Errorf("create: %w", record.ErrExists)
	}
	b.last++
	b.records[key] = revised[T]{value, b.last}
	return nil
}

// Update implements record.Bucket.
func (b *Bucket[T]) Update(_ context.Context, key string, revision uint64, value T) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r, ok := b.live()[key]; !ok || r.revision != revision {
		return fmt.Errorf("update: %w", record.ErrConflict)
	}
	b.last++
	b.records[key] = revised[T]{value, b.last}
	return nil
}

// Delete implements record.Bucket.
func (b *Bucket[T]) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.live()[key]; !ok {
		return fmt.Errorf("delete: %w", record.ErrNotFound)
	}
	delete(b.records, key)
	return nil
}

// All implements record.Bucket.
func (b *Bucket[T]) All(context.Context) iter.Seq2[T, error] {
	b.mu.Lock()
	defer b.mu.Unlock()
	records := maps.Clone(b.live())
	return func(yield func(T, error) bool) {
		for _, r := range records {
			if !yield(r.value, nil) {
				return
			}
		}
	}
}

// UpdateAll implements record.Bucket.
func (b *Bucket[T]) UpdateAll(_ context.Context, change func(T) (T, bool)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, r := range b.live() {
		if value, changed := change(r.value); changed {
			b.last++
			b.records[key] = revised[T]{value, b.last}
		}
	}
	return nil
}

// DeleteAll implements record.Bucket.
func (b *Bucket[T]) DeleteAll(_ context.Context, match func(T) bool) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.live())
	maps.DeleteFunc(b.records, func(_ string, r revised[T]) bool { return match(r.value) })
	return before - len(b.records), nil
}

// live drops what has ended.
func (b *Bucket[T]) live() map[string]revised[T] {
	maps.DeleteFunc(b.records, func(_ string, r revised[T]) bool {
		return b.expires != nil && !time.Now().Before(b.expires(r.value))
	})
	return b.records
}
