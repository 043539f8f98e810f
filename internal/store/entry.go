package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What JetStream answers when a stream has no room (server/errors.json of nats-server).
const (
	codeInsufficientStorage jetstream.ErrorCode = 10047
	codeStoreFailed         jetstream.ErrorCode = 10077
)

// entry is a revision of a key as it is stored.
type entry[T any] struct {
	subject  string
	revision Revision // 0: there is none
	value    T
	live     bool // it is there and has not expired
}

// All goes through the values as they are when it begins. The context bounds the reading.
func (b *Bucket[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		entries, err := b.entries(ctx)
		if err != nil {
			yield(none, b.failed("read all", err))
			return
		}
		for _, e := range entries {
			if e.live && !yield(e.value, nil) {
				return
			}
		}
	}
}

// DeleteAll erases the values that match, and says how many. Those that are written meanwhile are not among them.
func (b *Bucket[T]) DeleteAll(ctx context.Context, match func(T) bool) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, err := b.scan(ctx)
	if err != nil {
		return 0, b.failed("delete", err)
	}
	n := 0
	for _, e := range latest(entries) {
		if !e.live || !match(e.value) {
			continue
		}
		if err := b.erase(ctx, e.revision); err != nil {
			return n, b.failed("delete", err)
		}
		n++
	}
	return n, nil
}

// UpdateAll writes what change makes of each value of which it answers true. Those that are written meanwhile are not
// among them.
func (b *Bucket[T]) UpdateAll(ctx context.Context, change func(T) (T, bool)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, err := b.scan(ctx)
	if err != nil {
		return b.failed("update all", err)
	}
	for _, e := range latest(entries) {
		value, changed := change(e.value)
		if !e.live || !changed {
			continue
		}
		if err := b.update(ctx, e, value); err != nil {
			return b.failed("update all", err)
		}
	}
	return nil
}

// update puts a value in the place of an entry. It needs the bucket's lock.
func (b *Bucket[T]) update(ctx context.Context, e entry[T], value T) error {
	data, err := b.encode(value)
	if err != nil {
		return err
	}
	ctx, done, err := begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, err = b.replace(ctx, e.subject, data, e.revision)
	return err
}

// Count is how many keys there are; some of them may have expired within the hour.
func (b *Bucket[T]) Count(ctx context.Context) (int, error) {
	info, err := b.stream.Info(ctx)
	if err != nil {
		return 0, b.failed("count", err)
	}
	return int(info.State.NumSubjects), nil
}

// entries are the latest revisions of all keys. No write goes on while they are read.
func (b *Bucket[T]) entries(ctx context.Context) ([]entry[T], error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, err := b.scan(ctx)
	return latest(entries), err
}

// latest leaves out what has a later revision. Entries come in the order of their revisions.
func latest[T any](entries []entry[T]) []entry[T] {
	last := map[string]Revision{}
	for _, e := range entries {
		last[e.subject] = e.revision
	}
	kept := entries[:0]
	for _, e := range entries {
		if last[e.subject] == e.revision {
			kept = append(kept, e)
		}
	}
	return kept
}

// sweep implements sweeper.
func (b *Bucket[T]) sweep(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sweepLocked(ctx)
}

// sweepLocked needs the bucket's lock.
func (b *Bucket[T]) sweepLocked(ctx context.Context) error {
	entries, err := b.scan(ctx)
	if err != nil {
		return err
	}
	last := map[string]Revision{}
	for _, e := range entries {
		last[e.subject] = e.revision
	}
	for _, e := range entries {
		if e.live && last[e.subject] == e.revision {
			continue
		}
		if err := b.erase(ctx, e.revision); err != nil {
			return err
		}
	}
	return nil
}

// makeRoom answers ErrFull when there is no room for another key, not even without what has expired.
func (b *Bucket[T]) makeRoom(ctx context.Context) error {
	n, err := b.Count(ctx)
	if err != nil || n < b.config.MaxEntries {
		return err
	}
	if err := b.sweepLocked(ctx); err != nil {
		return err
	}
	if n, err = b.Count(ctx); err == nil && n >= b.config.MaxEntries {
		err = ErrFull
	}
	return err
}

// last reads the latest revision of a key; its revision is 0 when there is none.
func (b *Bucket[T]) last(ctx context.Context, subject string) (entry[T], error) {
	m, err := b.stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return entry[T]{}, nil
	} else if err != nil {
		return entry[T]{}, fmt.Errorf("read: %w", err)
	}
	return b.entry(subject, m.Sequence, m.Data)
}

func (b *Bucket[T]) entry(subject string, revision Revision, data []byte) (entry[T], error) {
	value, err := b.decode(data)
	if err != nil {
		return entry[T]{}, err
	}
	e := entry[T]{subject: subject, revision: revision, value: value, live: true}
	if b.config.Expires != nil {
		ends := b.config.Expires(value)
		e.live = ends.IsZero() || b.store.now().Before(ends)
	}
	return e, nil
}

// publish appends a revision if the latest one is still this, and returns when it is on the disk.
func (b *Bucket[T]) publish(ctx context.Context, subject string, data []byte, last Revision) (Revision, error) {
	ack, err := b.store.stream.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data},
		jetstream.WithExpectLastSequencePerSubject(last))
	if api := (*jetstream.APIError)(nil); errors.As(err, &api) {
		switch api.ErrorCode {
		case jetstream.JSErrCodeStreamWrongLastSequence:
			return 0, ErrConflict
		case codeInsufficientStorage, codeStoreFailed:
			return 0, errors.Join(ErrFull, err)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return ack.Sequence, nil
}

// erase overwrites a revision on the disk. JetStream puts a new file in the place of the block for that and does not
// sync the folder, without which later writes could be in a file that a loss of power makes unreachable.
func (b *Bucket[T]) erase(ctx context.Context, revision Revision) error {
	if err := b.stream.SecureDeleteMsg(ctx, revision); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	return syncFolder(filepath.Join(streamsFolder(b.store.folder), "KV_"+b.config.Name, "msgs"))
}
