package authstore

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"stube/internal/auth"
	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/password"
	"stube/internal/auth/record"
	"stube/internal/auth/session"
	"stube/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opened is a store in a folder, until it is closed.
func opened(t *testing.T, folder string) (auth.Storage, func()) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	storage, err := Open(t.Context(), s)
	if err != nil {
		t.Fatal(errors.Join(err, s.Close()))
	}
	return storage, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBucketsBehaveAsTheyMust(t *testing.T) {
	storage, done := opened(t, t.TempDir())
	defer done()
	names := storage.Accounts.Names
	if _, _, err := names.Get(t.Context(), "anna"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	if err := names.Create(t.Context(), "anna", account.Name{Account: "1"}); err != nil {
		t.Fatal(err)
	}
	if err := names.Create(t.Context(), "anna", account.Name{}); !errors.Is(err, record.ErrExists) {
		t.Errorf("create: %v", err)
	}
	_, revision, err := names.Get(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	if err := names.Update(t.Context(), "anna", revision, account.Name{Account: "2"}); err != nil {
		t.Fatal(err)
	}
	if err := names.Update(t.Context(), "anna", revision, account.Name{}); !errors.Is(err, record.ErrConflict) {
		t.Errorf("update: %v", err)
	}
	for value, err := range names.All(t.Context()) {
		if err != nil || value.Account != "2" {
			t.Errorf("%+v, error %v", value, err)
		}
	}
	err = names.UpdateAll(t.Context(), func(n account.Name) (account.Name, bool) { return n, n.Account == "2" })
	if _, updated, _ := names.Get(t.Context(), "anna"); updated <= revision || err != nil {
		t.Errorf("revision %d after %d, error %v", updated, revision, err)
	}
	n, err := names.DeleteAll(t.Context(), func(n account.Name) bool { return n.Account == "2" })
	if n != 1 || err != nil {
		t.Errorf("%d, error %v", n, err)
	}
	if err := names.Delete(t.Context(), "anna"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("delete: %v", err)
	}
}

func service(t *testing.T, storage auth.Storage) *auth.Service {
	t.Helper()
	s, err := auth.New(t.Context(), auth.Config{
		Create: api.CreateSignedIn, Passwords: password.Cost{Memory: 64, Passes: 1, Threads: 1},
		Log: slog.New(slog.DiscardHandler),
	}, storage)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Accounts, links and sessions outlive a restart, and no secret of them is on the disk.
func TestARestart(t *testing.T) {
	folder := t.TempDir()
	storage, done := opened(t, folder)
	path, ok, err := service(t, storage).FirstSetup(t.Context())
	if !ok || err != nil {
		t.Fatalf("%t, error %v", ok, err)
	}
	done()
	secret := strings.TrimPrefix(path, "/-/setup#")

	storage, done = opened(t, folder)
	body := `{"secret":"` + secret + `","name":"Anna","password":"correct horse battery"}`
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/-/api/v1/setup/password", strings.NewReader(body))
	r.Host = "localhost"
	r.Header.Set("Origin", "http://localhost")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	service(t, storage).Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK || len(w.Result().Cookies()) != 1 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	cookie := w.Result().Cookies()[0]
	done()

	storage, done = opened(t, folder)
	again := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	again.Host = "localhost"
	again.AddCookie(cookie)
	identity, ok := service(t, storage).Identify(again)
	if !ok || identity.Name != "Anna" || !identity.Operator {
		t.Errorf("%+v", identity)
	}
	done()
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, secret := range []string{secret, cookie.Value, "correct horse"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds a secret", path)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// An account with as many passkeys as it may have fits.
func TestTheLargestAccountFits(t *testing.T) {
	storage, done := opened(t, t.TempDir())
	defer done()
	name := strings.Repeat("名", account.MaxName)
	a := account.Account{ID: record.NewID(), Name: name, Password: strings.Repeat("x", 200)}
	for range account.MaxPasskeys {
		a.Passkeys = append(a.Passkeys, account.Passkey{
			ID: make([]byte, 255), PublicKey: make([]byte, 600), Name: a.Name, Transports: []string{"internal", "hybrid"},
		})
	}
	if err := storage.Accounts.Accounts.Create(t.Context(), a.ID, a); err != nil {
		t.Error(err)
	}
	s := session.Session{ID: a.ID, Account: a.ID, Name: a.Name, Provider: strings.Repeat("x", 32), Terms: a.ID}
	secret, _, err := session.New(storage.Sessions).Begin(t.Context(), s)
	if err != nil || !record.IsSecret(secret) {
		t.Error(err)
	}
}
