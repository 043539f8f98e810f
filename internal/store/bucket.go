package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// maxBytes bounds the files of one bucket.
const maxBytes = 64 << 20

// Revision counts the writes to a bucket; each value has that of the write that it came by. 0 is none.
type Revision = uint64

// BucketConfig says what a bucket holds, and how much of it.
type BucketConfig[T any] struct {
	Name string // lower-case letters, digits and hyphens
	// Plain buckets store their keys as they are: random ids of 64 letters, digits, - and _ at the most. The keys of
	// all others are secrets, names, addresses; of them only a keyed hash is stored.
	Plain      bool
	MaxEntries int // keys; one more is ErrFull
	MaxSize    int // bytes of a value in JSON; more are ErrTooLarge
	// Version is that of the shape of T, from 1; it grows when older values cannot be decoded into T any more.
	Version int
	// Upgrade makes a T of the JSON of a value with an older version. It may be nil while there is none.
	Upgrade func(version int, value []byte) (T, error)
	// Expires is when a value ends; the zero time means never. It may be nil, which means the same.
	Expires func(T) time.Time
}

// Bucket holds values by key. A write that returned without an error outlives a crash; what it replaced or deleted is
// overwritten on the disk. All methods may be called at the same time from everywhere.
type Bucket[T any] struct {
	config BucketConfig[T]
	store  *Store
	stream jetstream.Stream
	prefix string     // of subjects
	mu     sync.Mutex // one write at a time, or two revisions of a key could be there to be overwritten
}

// OpenBucket opens a bucket, and makes it when it is new. It reads all values once: an error wraps ErrDamaged or
// ErrNewer when one of them cannot be read. A bucket can be opened once.
func OpenBucket[T any](ctx context.Context, s *Store, c BucketConfig[T]) (*Bucket[T], error) {
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`).MatchString(c.Name) || c.MaxEntries <= 0 || c.MaxSize <= 0 ||
		c.Version <= 0 {
		return nil, fmt.Errorf("open bucket %q: it needs a name, limits and a version", c.Name)
	}
	if err := storable[T](); err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", c.Name, err)
	}
	b := &Bucket[T]{config: c, store: s, prefix: "$KV." + c.Name + "."}
	if err := b.open(ctx); err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", c.Name, err)
	}
	return b, nil
}

func (b *Bucket[T]) open(ctx context.Context) error {
	name := "KV_" + b.config.Name
	var err error
	b.stream, err = b.store.stream.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		// These settings stay as they are, so that the files that hold them are written once; limits of a bucket are
		// kept here. Two revisions are kept for the moment until the older one is overwritten.
		b.stream, err = b.store.stream.CreateStream(ctx, jetstream.StreamConfig{
			Name: name, Subjects: []string{b.prefix + ">"}, Storage: jetstream.FileStorage, MaxBytes: maxBytes,
			MaxMsgsPerSubject: 2, Discard: jetstream.DiscardNew, AllowDirect: true,
		})
	}
	if err != nil {
		return fmt.Errorf("reach its stream: %w", err)
	}
	if err := b.sweep(ctx); err != nil {
		return err
	}
	return b.store.register(b.config.Name, b)
}

// Get reads a value. Its error wraps ErrNotFound when there is none.
func (b *Bucket[T]) Get(ctx context.Context, key string) (T, Revision, error) {
	var none T
	subject, err := b.subject(key)
	if err != nil {
		return none, 0, b.failed("get", err)
	}
	last, err := b.last(ctx, subject)
	if err != nil {
		return none, 0, b.failed("get", err)
	}
	if !last.live {
		return none, 0, b.failed("get", ErrNotFound)
	}
	return last.value, last.revision, nil
}

// Create writes the first value of a key. Its error wraps ErrExists when there is one already.
func (b *Bucket[T]) Create(ctx context.Context, key string, value T) (Revision, error) {
	revision, err := b.write(ctx, key, value, func(last entry[T]) error {
		if last.live {
			return ErrExists
		}
		return nil
	})
	return revision, b.failed("create", err)
}

// Update writes a value in the place of the one with this revision. Its error wraps ErrConflict when that is not the
// latest, or not there any more.
func (b *Bucket[T]) Update(ctx context.Context, key string, revision Revision, value T) (Revision, error) {
	revision, err := b.write(ctx, key, value, func(last entry[T]) error {
		if !last.live || last.revision != revision {
			return ErrConflict
		}
		return nil
	})
	return revision, b.failed("update", err)
}

// Put writes a value, whether there is one or not.
func (b *Bucket[T]) Put(ctx context.Context, key string, value T) (Revision, error) {
	revision, err := b.write(ctx, key, value, func(entry[T]) error { return nil })
	return revision, b.failed("put", err)
}

// Delete erases a key. Its error wraps ErrNotFound when there is none: of several who delete one key, one succeeds.
func (b *Bucket[T]) Delete(ctx context.Context, key string) error {
	subject, err := b.subject(key)
	if err != nil {
		return b.failed("delete", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	ctx, done, err := begin(ctx)
	if err != nil {
		return b.failed("delete", err)
	}
	defer done()
	last, err := b.last(ctx, subject)
	if err != nil {
		return b.failed("delete", err)
	}
	if last.revision == 0 {
		return b.failed("delete", ErrNotFound)
	}
	if err := b.erase(ctx, last.revision); err != nil {
		return b.failed("delete", err)
	}
	if !last.live {
		return b.failed("delete", ErrNotFound)
	}
	return nil
}

// write publishes a value when the latest one passes the check, and then erases that.
func (b *Bucket[T]) write(
	ctx context.Context, key string, value T, check func(last entry[T]) error,
) (Revision, error) {
	subject, err := b.subject(key)
	if err != nil {
		return 0, err
	}
	data, err := b.encode(value)
	if err != nil {
		return 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	ctx, done, err := begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	last, err := b.last(ctx, subject)
	if err != nil {
		return 0, err
	}
	if err := check(last); err != nil {
		return 0, err
	}
	if last.revision == 0 {
		if err := b.makeRoom(ctx); err != nil {
			return 0, err
		}
	}
	return b.replace(ctx, subject, data, last.revision)
}

// replace publishes a value in the place of a revision, if there is one, which it then erases. It needs the bucket's
// lock.
func (b *Bucket[T]) replace(ctx context.Context, subject string, data []byte, last Revision) (Revision, error) {
	revision, err := b.publish(ctx, subject, data, last)
	if err != nil {
		return 0, err
	}
	if last != 0 {
		if err := b.erase(ctx, last); err != nil { // the value is written: the next sweep erases the older one
			b.store.log.Error("a replaced value could not be erased", "bucket", b.config.Name, "error", err)
		}
	}
	return revision, nil
}

// begin is the context of a write: once begun, it is finished, or nobody knew what is stored.
func begin(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("not begun: %w", err)
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	return ctx, done, nil
}

func (b *Bucket[T]) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s in bucket %s: %w", what, b.config.Name, err)
}
