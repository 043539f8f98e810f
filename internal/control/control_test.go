package control

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, socket string) *Server {
	t.Helper()
	s, err := Serve(t.Context(), socket, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Path)
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAskTheServer(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "data", "control.sock")
	if _, err := Dial(t.Context(), socket); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before it runs: %v", err)
	}
	s := serve(t, socket)
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	client, err := Dial(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://stube/people", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if string(text) != "/people" || err != nil {
		t.Errorf("%q, error %v", text, err)
	}
	_ = response.Body.Close()
	client.CloseIdleConnections()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Dial(t.Context(), socket); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after it ran: %v", err)
	}
}

// What a server that was killed left behind is in nobody's way.
func TestASocketLeftOver(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "control.sock")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	if err := left.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), socket); !errors.Is(err, ErrNotRunning) {
		t.Errorf("nobody is there: %v", err)
	}
	if err := serve(t, socket).Close(); err != nil {
		t.Error(err)
	}
}

func TestSocketsThatCannotBe(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, socket := range []string{
		filepath.Join(folder, strings.Repeat("x", maxPath)), filepath.Join(file, "control.sock"),
	} {
		if _, err := Serve(context.Background(), socket, http.NotFoundHandler()); err == nil {
			t.Errorf("%s: no error", socket)
		}
	}
}
