package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFolderInUse(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	_, err := Open(t.Context(), Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, ErrInUse) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want one line", err)
	}
	put(t, bucket(t, s, noteConfig("notes")), "a", "still open")
	shut(t, s)
	open(t, folder)
}

func TestFolderThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below"), "/proc/none"} {
		_, err := Open(t.Context(), Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
		want := fmt.Sprintf("data: the folder %s cannot be written (", folder)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one line that begins with %q", err, want)
		}
	}
}

func TestSecretsStay(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	first, err := s.Secret(t.Context(), "sessions")
	if err != nil || len(first) != secretSize {
		t.Fatalf("%d bytes, error %v", len(first), err)
	}
	other, err := s.Secret(t.Context(), "tickets")
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("two purposes have one key, error %v", err)
	}
	shut(t, s)
	s = open(t, folder)
	again, err := s.Secret(t.Context(), "sessions")
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the key changed, error %v", err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data", "store")
	s := open(t, folder)
	put(t, bucket(t, s, noteConfig("notes")), "a", "b")
	for name, info := range files(t, folder) {
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", name, info.Mode())
		}
	}
}

// What was deleted or replaced, has expired or is a hidden key cannot be found in the files: neither at once nor after
// a restart, which writes indexes.
func TestNothingStaysOnDisk(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	b := bucket(t, s, noteConfig("notes"))
	put(t, b, "canary-key", "visible")
	put(t, b, "a", "canary-replaced")
	put(t, b, "a", "replacement")
	put(t, b, "b", "canary-deleted")
	if err := b.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	put(t, b, "c", "canary-of-many")
	if _, err := b.DeleteAll(t.Context(), func(n note) bool { return n.Text == "canary-of-many" }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Create(t.Context(), "d", note{Text: "canary-expired", Ends: s.now()}); err != nil {
		t.Fatal(err)
	}
	s.sweepOnce(t.Context())
	search(t, folder)
	shut(t, s)
	search(t, folder)
	s = open(t, folder)
	bucket(t, s, noteConfig("notes"))
	search(t, folder)
}

func search(t *testing.T, folder string) {
	t.Helper()
	visible := false
	for name := range files(t, folder) {
		data, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			continue // a folder
		}
		if i := bytes.Index(data, []byte("canary")); i >= 0 {
			t.Errorf("%s holds %q", name, data[i:min(i+20, len(data))])
		}
		visible = visible || bytes.Contains(data, []byte("visible"))
	}
	if !visible {
		t.Error("the search does not find what is there")
	}
}

// files are all files and folders below a folder, it included.
func files(t *testing.T, folder string) map[string]fs.FileInfo {
	t.Helper()
	found := map[string]fs.FileInfo{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		found[path], err = entry.Info()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
