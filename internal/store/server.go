package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	maxMemory = 1 << 20 // bytes that JetStream may keep of streams in memory; there are none
	maxDisk   = 4 << 30 // bytes of all buckets
	readyWait = 30 * time.Second
)

// startServer starts a NATS server that keeps its files in a folder and listens nowhere.
func startServer(folder string, log *slog.Logger) (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName:         "stube",
		DontListen:         true,
		NoSigs:             true,
		JetStream:          true,
		StoreDir:           folder,
		SyncAlways:         true, // an acknowledged write is on the disk
		SyncInterval:       2 * time.Minute,
		JetStreamMaxMemory: maxMemory,
		JetStreamMaxStore:  maxDisk,
	})
	if err != nil {
		return nil, fmt.Errorf("make the NATS server: %w", err)
	}
	lines := &serverLog{log: log}
	s.SetLoggerV2(lines, log.Enabled(context.Background(), slog.LevelDebug), false, false)
	s.Start()
	if err := lines.fatal(); err != nil || !s.ReadyForConnections(readyWait) {
		s.Shutdown()
		s.WaitForShutdown()
		if err == nil {
			err = errors.New("it is not ready in time")
		}
		return nil, fmt.Errorf("data: the folder %s cannot be opened (%w)", folder, err)
	}
	return s, nil
}

// connect makes the connection over which the server is asked; it is a pipe within the process.
func connect(s *server.Server, log *slog.Logger) (*nats.Conn, error) {
	conn, err := nats.Connect("",
		nats.InProcessServer(s), nats.MaxReconnects(-1), nats.Timeout(readyWait),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("connection to the store", "error", err)
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("connect to the NATS server: %w", err)
	}
	return conn, nil
}

// checkStreams finds buckets that the server passed over because their description cannot be read. It would make
// them anew, empty.
func (s *Store) checkStreams(ctx context.Context) error {
	names := s.stream.StreamNames(ctx)
	var served []string
	for name := range names.Name() {
		served = append(served, name)
	}
	if err := names.Err(); err != nil {
		return fmt.Errorf("list the buckets: %w", err)
	}
	folders, err := os.ReadDir(streamsFolder(s.folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("list the buckets: %w", err)
	}
	for _, folder := range folders {
		if slices.Contains(served, folder.Name()) {
			continue
		}
		files, err := blockFiles(filepath.Join(streamsFolder(s.folder), folder.Name()))
		if err != nil {
			return err
		}
		for _, file := range files {
			if info, err := os.Stat(file.path); err != nil || info.Size() > 0 {
				return damaged(filepath.Join(streamsFolder(s.folder), folder.Name()))
			}
		}
	}
	return nil
}
