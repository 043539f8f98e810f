package main

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stube/internal/auth"
	"stube/internal/auth/api"
	"stube/internal/auth/authstore"
	"stube/internal/control"
	"stube/internal/keepstore"
	"stube/internal/room/keep"
	"stube/internal/store"
)

// user runs "stube user" with a data folder, and gives what it printed.
func user(t *testing.T, data string, code int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	s := surroundings{environ: []string{"STUBE_DATA=" + data}, stdout: &stdout, stderr: &stderr}
	if got := run(append([]string{"user"}, args...), s); got != code {
		t.Errorf("%v: exit code %d, want %d: %s", args, got, code, &stderr)
	}
	return stdout.String() + stderr.String()
}

func TestUser(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "d")
	for _, running := range []bool{false, true} {
		if running {
			serveControl(t, data)
		}
		if got := user(t, data, 0, "add", "Anna Bauer"); !regexp.MustCompile(
			`http://localhost:8080/-/setup#[A-Za-z0-9_-]{43}\n$`).MatchString(got) {
			t.Errorf("printed %q", got)
		}
		if got := user(t, data, 1, "add", "ANNA bauer"); !strings.Contains(got, "already; take another") {
			t.Errorf("printed %q", got)
		}
		if got := user(t, data, 1, "add", " "); !strings.Contains(got, "is no name for an account") {
			t.Errorf("printed %q", got)
		}
		user(t, data, 0, "add", "--operator", "Bea")
		user(t, data, 0, "disable", "bea")
		got := user(t, data, 0, "list")
		if !regexp.MustCompile(`Anna Bauer +no +invited +\d{4}-\d\d-\d\d\nBea +yes +disabled `).MatchString(got) {
			t.Errorf("printed %q", got)
		}
		user(t, data, 0, "enable", "Bea")
		if got := user(t, data, 0, "link", "Bea"); !strings.Contains(got, "Give Bea this link") {
			t.Errorf("printed %q", got)
		}
		user(t, data, 0, "remove", "Bea")
		user(t, data, 0, "remove", "Anna Bauer")
		for _, command := range []string{"link", "disable", "enable", "remove"} {
			if got := user(t, data, 1, command, "Bea"); !strings.Contains(got, "see stube user list") {
				t.Errorf("printed %q", got)
			}
		}
	}
}

// serveControl is a server that runs, as far as accounts go.
func serveControl(t *testing.T, data string) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	kept, err := store.Open(t.Context(), store.Config{Folder: filepath.Join(data, "store"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	storage, err := authstore.Open(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	service, err := auth.New(t.Context(), auth.Config{Create: api.CreateSignedIn, Log: log}, storage)
	if err != nil {
		t.Fatal(err)
	}
	if got := user(t, data, 1, "list"); !strings.Contains(got, "in use by another process") {
		t.Errorf("a server without a socket: %q", got)
	}
	server, err := control.Serve(t.Context(), filepath.Join(data, "control.sock"), service.Control())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

// While no server runs, a removal takes the account's meetings away all the same.
func TestRemovedWithoutAServer(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "d")
	user(t, data, 0, "add", "Anna")
	// in does something in the folder while nobody else does.
	in := func(do func(*store.Store, *slog.Logger) error) {
		t.Helper()
		log := slog.New(slog.DiscardHandler)
		kept, err := store.Open(t.Context(), store.Config{Folder: filepath.Join(data, "store"), Log: log})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(do(kept, log), kept.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var anna string
	in(func(kept *store.Store, log *slog.Logger) error {
		p, err := openPeople(t.Context(), kept, log)
		if err != nil {
			return err
		}
		list, err := p.People(t.Context())
		anna = list.People[0].ID
		return err
	})
	in(func(kept *store.Store, _ *slog.Logger) error {
		k, err := keepstore.Open(t.Context(), kept)
		if err != nil {
			return err
		}
		return k.Rooms().SaveRoom(t.Context(), keep.Room{Key: "choir", Account: anna})
	})
	user(t, data, 0, "remove", "Anna")
	in(func(kept *store.Store, _ *slog.Logger) error {
		k, err := keepstore.Open(t.Context(), kept)
		if err != nil {
			return err
		}
		if _, found, err := k.Rooms().Room(t.Context(), "choir"); found || err != nil {
			t.Errorf("the meeting is there: %t, error %v", found, err)
		}
		return nil
	})
}
