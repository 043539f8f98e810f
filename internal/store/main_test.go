package store

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain runs the tests, or is the process that TestKilled starts and kills.
func TestMain(m *testing.M) {
	if folder := os.Getenv(writerFolder); folder != "" {
		writeUntilKilled(folder)
		return
	}
	goleak.VerifyTestMain(m)
}

// note is a value.
type note struct {
	Text string    `json:"text"`
	Ends time.Time `json:"ends,omitzero"`
}

func noteConfig(name string) BucketConfig[note] {
	return BucketConfig[note]{
		Name: name, MaxEntries: 1000, MaxSize: 1 << 16, Version: 1,
		Expires: func(n note) time.Time { return n.Ends },
	}
}

func open(t *testing.T, folder string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func bucket[T any](t *testing.T, s *Store, c BucketConfig[T]) *Bucket[T] {
	t.Helper()
	b, err := OpenBucket(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, b *Bucket[note], key, text string) Revision {
	t.Helper()
	revision, err := b.Put(t.Context(), key, note{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func texts(t *testing.T, b *Bucket[note]) []string {
	t.Helper()
	var found []string
	for value, err := range b.All(context.WithoutCancel(t.Context())) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, value.Text)
	}
	return found
}
