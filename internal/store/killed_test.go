package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	writerFolder = "STORE_TEST_FOLDER" // makes the test's program write there until it is killed
	killRounds   = 12
	killKeys     = 12
)

// writeUntilKilled does things at random, and writes a line before and after each: "begin" and "done", what, the key,
// and the value ("-" for none). It returns only when something failed, which it says on standard error.
func writeUntilKilled(folder string) {
	ctx := context.Background()
	s, err := Open(ctx, Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	b, err := OpenBucket(ctx, s, noteConfig("notes"))
	for n := 0; err == nil; n++ {
		key := fmt.Sprint("key", rand.IntN(killKeys))
		value := fmt.Sprintf("%d.%d.%s", os.Getpid(), n, strings.Repeat("x", rand.IntN(3000)))
		if rand.IntN(4) == 0 {
			fmt.Println("begin", key, "-")
			if err = b.Delete(ctx, key); errors.Is(err, ErrNotFound) {
				err = nil
			}
			value = "-"
		} else {
			fmt.Println("begin", key, value)
			_, err = b.Put(ctx, key, note{Text: value})
		}
		if err == nil {
			fmt.Println("done", key, value)
		}
	}
	fmt.Fprintln(os.Stderr, err)
}

// model is what a store must hold: the values acknowledged, and what may or may not have happened at the end.
type model struct {
	values map[string]string
	begun  []string // key and value of the operation under way
}

// follow reads lines until they end, and kills after some.
func (m *model) follow(lines io.Reader, kill func(), after int) error {
	m.begun = nil
	reader := bufio.NewReader(lines)
	for n := 0; ; {
		line, err := reader.ReadString('\n')
		if err != nil {
			return nil // a line that was cut off said nothing
		}
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return fmt.Errorf("the writer says %q", line)
		}
		if fields[0] == "begin" {
			m.begun = fields[1:]
			continue
		}
		m.set(fields[1], fields[2])
		m.begun = nil
		if n++; n == after {
			kill()
		}
	}
}

func (m *model) set(key, value string) {
	m.values[key] = value
	if value == "-" {
		delete(m.values, key)
	}
}

// Killed in the midst of writes, a store starts again with everything it acknowledged.
func TestKilled(t *testing.T) {
	folder := t.TempDir()
	expected := model{values: map[string]string{}}
	total := 0
	for round := range killRounds {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), writerFolder+"="+folder)
		var complaint strings.Builder
		cmd.Stderr = &complaint
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := 1 + rand.IntN(60)
		total += after
		if err := expected.follow(out, func() { _ = cmd.Process.Kill() }, after); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); complaint.Len() > 0 {
			t.Fatalf("round %d: the writer ended by itself: %v: %s", round, err, complaint.String())
		}
		compare(t, folder, &expected)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	t.Logf("%d kills, %d acknowledged writes", killRounds, total)
}

// compare opens the store and holds it against the model, which learns whether the last operation took place.
func compare(t *testing.T, folder string, m *model) {
	t.Helper()
	s := open(t, folder)
	b := bucket(t, s, noteConfig("notes"))
	found := map[string]string{}
	for i := range killKeys {
		key := fmt.Sprint("key", i)
		value, _, err := b.Get(t.Context(), key)
		if err == nil {
			found[key] = value.Text
		} else if !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
	if m.begun != nil && !maps.Equal(found, m.values) {
		m.set(m.begun[0], m.begun[1])
	}
	if !maps.Equal(found, m.values) {
		for _, key := range slices.Sorted(maps.Keys(m.values)) {
			if found[key] != m.values[key] {
				t.Errorf("%s is %.20q, acknowledged was %.20q", key, found[key], m.values[key])
			}
		}
		for key := range found {
			if m.values[key] == "" {
				t.Errorf("%s is there and was deleted", key)
			}
		}
	}
	if n, err := b.Count(t.Context()); err != nil || n != len(found) {
		t.Errorf("counts %d keys, error %v; there are %d", n, err, len(found))
	}
	if len(texts(t, b)) != len(found) {
		t.Errorf("all are %d values, want %d", len(texts(t, b)), len(found))
	}
	shut(t, s)
}
