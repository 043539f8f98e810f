package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stube/internal/privlog"
)

func TestValuesByKey(t *testing.T) {
	s := open(t, t.TempDir())
	b := bucket(t, s, noteConfig("notes"))
	ctx := t.Context()
	expect := func(what string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: error %v, want %v", what, err, want)
		}
	}
	_, _, err := b.Get(ctx, "a")
	expect("get nothing", err, ErrNotFound)
	_, err = b.Update(ctx, "a", 0, note{})
	expect("update nothing", err, ErrConflict)
	expect("delete nothing", b.Delete(ctx, "a"), ErrNotFound)
	first, err := b.Create(ctx, "a", note{Text: "one"})
	expect("create", err, nil)
	_, err = b.Create(ctx, "a", note{Text: "two"})
	expect("create again", err, ErrExists)
	second, err := b.Update(ctx, "a", first, note{Text: "two"})
	expect("update", err, nil)
	_, err = b.Update(ctx, "a", first, note{Text: "three"})
	expect("update an old revision", err, ErrConflict)
	value, revision, err := b.Get(ctx, "a")
	expect("get", err, nil)
	if value.Text != "two" || revision != second {
		t.Errorf("%q of revision %d, want two of %d", value.Text, revision, second)
	}
	put(t, b, "b", "three")
	if got := texts(t, b); !slices.Equal(got, []string{"two", "three"}) {
		t.Errorf("all: %q", got)
	}
	expect("delete", b.Delete(ctx, "a"), nil)
	_, err = b.Create(ctx, "a", note{Text: "four"})
	expect("create after delete", err, nil)
	expect("update all", b.UpdateAll(ctx, func(n note) (note, bool) {
		return note{Text: n.Text + "!"}, n.Text == "four"
	}), nil)
	if got := texts(t, b); !slices.Equal(got, []string{"three", "four!"}) {
		t.Errorf("all: %q", got)
	}
	value, revision, err = b.Get(ctx, "a")
	expect("get after updating all", err, nil)
	_, err = b.Update(ctx, "a", revision, note{Text: "four"})
	expect("update what was updated with all", err, nil)
	n, err := b.DeleteAll(ctx, func(n note) bool { return n.Text == "three" })
	expect("delete all", err, nil)
	if got := texts(t, b); n != 1 || !slices.Equal(got, []string{"four"}) {
		t.Errorf("%d deleted, %q left", n, got)
	}
}

func TestValuesOutliveARestart(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	b := bucket(t, s, noteConfig("notes"))
	for i := range 3 * batch / 2 {
		put(t, b, fmt.Sprint("key", i), fmt.Sprint(i))
	}
	revision := put(t, b, "key0", "new")
	shut(t, s)
	s = open(t, folder)
	b = bucket(t, s, noteConfig("notes"))
	value, found, err := b.Get(t.Context(), "key0")
	if err != nil || value.Text != "new" || found != revision {
		t.Errorf("%q of revision %d, error %v; want new of %d", value.Text, found, err, revision)
	}
	if n := len(texts(t, b)); n != 3*batch/2 {
		t.Errorf("%d values, want %d", n, 3*batch/2)
	}
}

func TestExpiry(t *testing.T) {
	s := open(t, t.TempDir())
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	b := bucket(t, s, noteConfig("notes"))
	ctx := t.Context()
	for i := range 3 {
		if _, err := b.Create(ctx, fmt.Sprint(i), note{Ends: now.Add(time.Duration(i) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	put(t, b, "forever", "for ever")
	now = now.Add(time.Minute)
	if _, _, err := b.Get(ctx, "1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("at its end: error %v", err)
	}
	if _, revision, err := b.Get(ctx, "2"); err != nil {
		t.Error(err)
	} else if _, err := b.Update(ctx, "1", revision-1, note{}); !errors.Is(err, ErrConflict) {
		t.Errorf("update what has expired: error %v", err)
	}
	if err := b.Delete(ctx, "0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("delete what has expired: error %v", err)
	}
	if _, err := b.Create(ctx, "1", note{Text: "again"}); err != nil {
		t.Errorf("create what has expired: %v", err)
	}
	now = now.Add(time.Minute)
	s.sweepOnce(ctx)
	if n, err := b.Count(ctx); err != nil || n != 2 {
		t.Errorf("%d keys after the sweep, error %v; want 2", n, err)
	}
	if got := texts(t, b); !slices.Equal(got, []string{"for ever", "again"}) {
		t.Errorf("left: %q", got)
	}
}

func TestCriterion30Limits(t *testing.T) {
	s := open(t, t.TempDir())
	now := time.Now()
	s.now = func() time.Time { return now }
	c := noteConfig("notes")
	c.MaxEntries, c.MaxSize = 2, 100
	b := bucket(t, s, c)
	ctx := t.Context()
	put(t, b, "a", "")
	if _, err := b.Put(ctx, "b", note{Ends: now.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(ctx, "c", note{}); !errors.Is(err, ErrFull) {
		t.Errorf("a third key: error %v", err)
	}
	put(t, b, "a", "replaced")
	now = now.Add(time.Minute)
	put(t, b, "c", "in the place of what has expired")
	if _, err := b.Put(ctx, "a", note{Text: strings.Repeat("x", 100)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a long value: error %v", err)
	}
	if _, _, err := b.Get(ctx, strings.Repeat("x", maxHidden+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a long key: error %v", err)
	}
	c = noteConfig("plain")
	c.Plain = true
	plain := bucket(t, s, c)
	put(t, plain, "Az09-_", "")
	for _, key := range []string{"", "a.b", "*", ">", "a b", "ä", strings.Repeat("x", maxPlain+1)} {
		if _, err := plain.Put(ctx, key, note{}); err == nil {
			t.Errorf("%q is taken for a plain key", key)
		}
	}
}

// Of many who want the same thing, one gets it.
func TestOneOfManySucceeds(t *testing.T) {
	s := open(t, t.TempDir())
	b := bucket(t, s, noteConfig("notes"))
	race := func(what string, try func(i int) error, want error) {
		t.Helper()
		var won atomic.Int32
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				if err := try(i); err == nil {
					won.Add(1)
				} else if !errors.Is(err, want) {
					t.Errorf("%s: %v", what, err)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 {
			t.Errorf("%s: %d succeeded", what, won.Load())
		}
	}
	ctx := t.Context()
	race("create", func(i int) error {
		_, err := b.Create(ctx, "key", note{Text: fmt.Sprint(i)})
		return err
	}, ErrExists)
	_, revision, err := b.Get(ctx, "key")
	if err != nil {
		t.Fatal(err)
	}
	race("update", func(i int) error {
		_, err := b.Update(ctx, "key", revision, note{Text: fmt.Sprint(i)})
		return err
	}, ErrConflict)
	race("delete", func(int) error { return b.Delete(ctx, "key") }, ErrNotFound)
}

func TestAWriteIsBegunOrNot(t *testing.T) {
	s := open(t, t.TempDir())
	b := bucket(t, s, noteConfig("notes"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Put(ctx, "a", note{}); !errors.Is(err, context.Canceled) {
		t.Errorf("put: error %v", err)
	}
	if err := b.Delete(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("delete: error %v", err)
	}
	if n, err := b.Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d keys, error %v", n, err)
	}
}

func TestVersions(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	put(t, bucket(t, s, noteConfig("notes")), "a", "old")
	shut(t, s)

	c := noteConfig("notes")
	c.Version = 2
	s = open(t, folder)
	if _, err := OpenBucket(t.Context(), s, c); !errors.Is(err, ErrDamaged) {
		t.Errorf("an old value that nothing upgrades: error %v", err)
	}
	c.Upgrade = func(version int, value []byte) (note, error) {
		return note{Text: fmt.Sprintf("%d: %s", version, value)}, nil
	}
	b := bucket(t, s, c)
	value, _, err := b.Get(t.Context(), "a")
	if err != nil || value.Text != `1: {"text":"old"}` {
		t.Errorf("upgraded: %q, error %v", value.Text, err)
	}
	put(t, b, "a", "new")
	shut(t, s)

	s = open(t, folder)
	if _, err := OpenBucket(t.Context(), s, noteConfig("notes")); !errors.Is(err, ErrNewer) {
		t.Errorf("a value of a newer version: error %v", err)
	}
}

func TestBucketsThatCannotBe(t *testing.T) {
	s := open(t, t.TempDir())
	ctx := t.Context()
	for _, name := range []string{"", "A", "a.b", "a*", strings.Repeat("a", 33)} {
		if _, err := OpenBucket(ctx, s, noteConfig(name)); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
	bucket(t, s, noteConfig("notes"))
	if _, err := OpenBucket(ctx, s, noteConfig("notes")); !errors.Is(err, ErrExists) {
		t.Errorf("opened twice: error %v", err)
	}
	type person struct {
		Names []*struct{ Name privlog.Name }
	}
	_, err := OpenBucket(ctx, s, BucketConfig[person]{Name: "people", MaxEntries: 1, MaxSize: 100, Version: 1})
	if err == nil || !strings.Contains(err.Error(), "privlog.Name is made for logging") {
		t.Errorf("a type that prints placeholders: error %v", err)
	}
}
