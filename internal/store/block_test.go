package store

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

const damagedKeys = 5

// written is a folder with values that were put one after the other, and the block that holds them.
func written(t *testing.T) (folder, block string) {
	t.Helper()
	folder = t.TempDir()
	s := open(t, folder)
	b := bucket(t, s, noteConfig("notes"))
	for i := range damagedKeys {
		put(t, b, fmt.Sprint("key", i), fmt.Sprint("value", i))
	}
	shut(t, s)
	return folder, filepath.Join(streamsFolder(folder), "KV_notes", "msgs", "1.blk")
}

func change(t *testing.T, file string, with func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, with(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A byte that is not as it was written is found wherever it is.
func TestEveryDamagedByteIsFound(t *testing.T) {
	_, path := written(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file := blockFile{path: path, stream: "KV_notes", index: 1}
	if !file.whole(data, false) {
		t.Fatal("the block is not understood")
	}
	last := len(data) - len(data)/damagedKeys // all records are equally long
	for i := range data {
		data[i] ^= 0x10
		if file.whole(data, false) {
			t.Errorf("byte %d of %d can be changed", i, len(data))
		}
		if i < last && file.whole(data, true) {
			t.Errorf("byte %d of %d is taken for a write that was cut off", i, len(data))
		}
		data[i] ^= 0x10
	}
	for n := range data {
		if n > last && !file.whole(data[:n], true) {
			t.Errorf("a last write cut off at %d of %d is taken for damage", n, len(data))
		}
	}
}

func TestDamage(t *testing.T) {
	stream := filepath.Join("jetstream", "$G", "streams", "KV_notes")
	tests := []struct {
		name  string
		crash bool // the store was not closed in order
		file  string
		with  func([]byte) []byte
		want  error
		keys  int
	}{
		{"nothing", false, "msgs/1.blk", func(b []byte) []byte { return b }, nil, damagedKeys},
		{"no mark", true, "msgs/1.blk", func(b []byte) []byte { return b }, nil, damagedKeys},
		{"in the middle", true, "msgs/1.blk", func(b []byte) []byte { b[len(b)/2]++; return b }, ErrDamaged, 0},
		{"last write", true, "msgs/1.blk", func(b []byte) []byte { return b[:len(b)-1] }, nil, damagedKeys - 1},
		{"zeroes", true, "msgs/1.blk", func(b []byte) []byte { return append(b, make([]byte, 99)...) }, nil, damagedKeys},
		{"last write, closed", false, "msgs/1.blk", func(b []byte) []byte { return b[:len(b)-1] }, ErrDamaged, 0},
		{"description", false, "meta.inf", func(b []byte) []byte { b[len(b)/2]++; return b }, ErrDamaged, 0},
		{"its sum", true, "meta.sum", func([]byte) []byte { return nil }, ErrDamaged, 0},
		{"index", false, "msgs/index.db", func(b []byte) []byte { b[len(b)/2]++; return b }, nil, damagedKeys},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder, _ := written(t)
			file := filepath.Join(folder, stream, test.file)
			change(t, file, test.with)
			if test.crash {
				if err := os.Remove(filepath.Join(folder, markFile)); err != nil {
					t.Fatal(err)
				}
			}
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the error stays, and so does the file
				s, err := Open(t.Context(), Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
				if !errors.Is(err, test.want) {
					t.Fatalf("error %v, want %v", err, test.want)
				}
				if err != nil {
					change(t, file, func(after []byte) []byte {
						if string(after) != string(before) {
							t.Error("the damaged file was changed")
						}
						return after
					})
					continue
				}
				if n := len(texts(t, bucket(t, s, noteConfig("notes")))); n != test.keys {
					t.Errorf("%d values, want %d", n, test.keys)
				}
				shut(t, s)
			}
		})
	}
}

// The making of a bucket that a crash cut off is begun anew.
func TestUnfinishedBucket(t *testing.T) {
	folder := t.TempDir()
	shut(t, open(t, folder))
	if err := os.MkdirAll(filepath.Join(streamsFolder(folder), "KV_notes", "msgs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(streamsFolder(folder), "KV_notes", "meta.inf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, folder)
	put(t, bucket(t, s, noteConfig("notes")), "a", "made")
	shut(t, s)
	s = open(t, folder)
	if got := texts(t, bucket(t, s, noteConfig("notes"))); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

// A block that was being rewritten when the process ended is not kept.
func TestLeftoversGo(t *testing.T) {
	folder, block := written(t)
	for _, name := range []string{block + ".tmp", filepath.Join(filepath.Dir(block), "1.new")} {
		if err := os.WriteFile(name, []byte("deleted later"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, folder)
	if n := len(texts(t, bucket(t, s, noteConfig("notes")))); n != damagedKeys {
		t.Errorf("%d values, want %d", n, damagedKeys)
	}
	for name := range files(t, folder) {
		if ext := filepath.Ext(name); ext == ".tmp" || ext == ".new" {
			t.Errorf("%s is still there", name)
		}
	}
}

func FuzzRecord(f *testing.F) {
	file := blockFile{stream: "KV_notes", index: 1}
	f.Add([]byte{30, 0, 0, 0x80})
	f.Add(make([]byte, 64))
	f.Fuzz(func(t *testing.T, data []byte) {
		if file.whole(data, false) && !file.whole(data, true) {
			t.Error("whole only when nothing may be cut off")
		}
		if n := record(data, make([]byte, 32)); n < 0 || n > len(data) {
			t.Errorf("a record of %d bytes in %d", n, len(data))
		}
	})
}
