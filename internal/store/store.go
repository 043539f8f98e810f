// Package store keeps what must outlive a restart: accounts, named rooms, invitations, bans, the server's own keys. It
// holds them in buckets of keys and values, in an embedded NATS server with JetStream that listens on no port. A write
// that was acknowledged is on the disk, and what was deleted or replaced is overwritten there.
//
// A Store owns the goroutine that takes out what has expired, and those of the NATS server and of the connection to
// it; Close ends and waits for them. The package must not know what the buckets are for.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	sweepEvery     = time.Hour        // how long after its end something may stay on the disk
	requestTimeout = 30 * time.Second // of one operation; a slow disk under load takes its time
)

// Config says where a Store keeps its files.
type Config struct {
	Folder string // made if it does not exist; nobody else may write there
	Log    *slog.Logger
}

// Store is an open folder of buckets.
type Store struct {
	log    *slog.Logger
	folder string
	now    func() time.Time
	lock   *folderLock
	server *server.Server
	conn   *nats.Conn
	stream jetstream.JetStream
	keys   []byte // of the keyed hashes that hidden keys are stored as
	secret *Bucket[secret]

	stop     context.CancelFunc
	sweeping sync.WaitGroup

	mu      sync.Mutex
	buckets map[string]sweeper
	closed  bool
}

// Open opens the folder. An error wraps ErrInUse or ErrDamaged where that is the reason, and is a sentence with the
// cure; nothing is left open then.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{log: c.Log, folder: c.Folder, now: time.Now, buckets: map[string]sweeper{}}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	sweep, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.sweeping.Go(func() { s.sweepAll(sweep) })
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.lock, err = lockFolder(s.folder); err != nil {
		return err
	}
	if err := checkFiles(s.folder, marked(s.folder)); err != nil {
		return err
	}
	if err := errors.Join(takeMark(s.folder), removeLeftovers(s.folder)); err != nil {
		return err
	}
	if s.server, err = startServer(s.folder, s.log); err != nil {
		return err
	}
	if s.conn, err = connect(s.server, s.log); err != nil {
		return err
	}
	if s.stream, err = jetstream.New(s.conn, jetstream.WithDefaultTimeout(requestTimeout)); err != nil {
		return fmt.Errorf("reach JetStream: %w", err)
	}
	if err := s.checkStreams(ctx); err != nil {
		return err
	}
	return s.openSecrets(ctx)
}

// Close closes the buckets and waits for what runs. What was acknowledged is on the disk already. Closing twice does
// no harm.
func (s *Store) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	if s.stop != nil {
		s.stop()
	}
	s.sweeping.Wait()
	if s.conn != nil {
		s.conn.Close()
	}
	var err error
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
		if s.stop != nil { // it had been opened: the files are whole
			err = leaveMark(s.folder)
		}
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.release())
	}
	return err
}

// register takes a bucket among those that are swept; each has one handle, whose lock keeps its writers apart.
func (s *Store) register(name string, b sweeper) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the store is closed")
	}
	if s.buckets[name] != nil {
		return fmt.Errorf("bucket %s: %w", name, ErrExists)
	}
	s.buckets[name] = b
	return nil
}
