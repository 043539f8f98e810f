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
	records map[string]entry[T]
	last    record.Revision
}

type entry[T any] struct {
	value    T
	revision record.Revision
	end      time.Time // zero: none
}

// New makes an empty bucket.
func New[T any]() *Bucket[T] { return &Bucket[T]{records: map[string]entry[T]{}} }

// Get implements record.Bucket.
func (b *Bucket[T]) Get(_ context.Context, key string) (T, record.Revision, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.find(key)
	if !ok {
		return e.value, 0, fmt.Errorf("get: %w", record.ErrNotFound)
	}
	return e.value, e.revision, nil
}

// Create implements record.Bucket.
func (b *Bucket[T]) Create(_ context.Context, key string, value T, ttl time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.find(key); ok {
		return fmt.Errorf("create: %w", record.ErrExists)
	}
	var end time.Time
	if ttl > 0 {
		end = time.Now().Add(ttl)
	}
	b.put(key, value, end)
	return nil
}

// Update implements record.Bucket.
func (b *Bucket[T]) Update(_ context.Context, key string, at record.Revision, value T) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.find(key)
	if !ok || e.revision != at {
		return fmt.Errorf("update: %w", record.ErrConflict)
	}
	b.put(key, value, e.end)
	return nil
}

// Delete implements record.Bucket.
func (b *Bucket[T]) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.records, key)
	return nil
}

// All implements record.Bucket.
func (b *Bucket[T]) All(context.Context) iter.Seq2[record.Entry[T], error] {
	b.mu.Lock()
	defer b.mu.Unlock()
	records := maps.Clone(b.records)
	return func(yield func(record.Entry[T], error) bool) {
		for key, e := range records {
			if !yield(record.Entry[T]{Key: key, Value: e.value}, nil) {
				return
			}
		}
	}
}

func (b *Bucket[T]) find(key string) (entry[T], bool) {
	e, ok := b.records[key]
	if !ok || !e.end.IsZero() && time.Now().After(e.end) {
		return entry[T]{}, false
	}
	return e, true
}

func (b *Bucket[T]) put(key string, value T, end time.Time) {
	b.last++
	b.records[key] = entry[T]{value, b.last, end}
}
