// Package control lets other commands of this program speak to the server that runs: HTTP over a Unix socket in the
// data folder, which only the server's own user can reach.
//
// A Server owns the goroutine that serves; Close ends and waits for it. The package must not know what is said.
package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// ErrNotRunning says that no server answers at a socket.
var ErrNotRunning = errors.New("the server is not running")

const (
	timeout = 10 * time.Second // of a request
	maxPath = 107              // bytes of a socket's name, sun_path in unix(7)
)

// Server serves at a socket.
type Server struct {
	http    *http.Server
	serving sync.WaitGroup
}

// Serve makes the socket and serves at it until Close. What a server that was killed left there is removed; the caller
// sees to it that none runs. The folder is made if it does not exist.
func Serve(ctx context.Context, socket string, handler http.Handler) (*Server, error) {
	if len(socket) > maxPath {
		return nil, fmt.Errorf("the name of the socket %s is too long; set data to a folder with a shorter name", socket)
	}
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the socket: %w", err)
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the socket of a server before: %w", err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("make the socket %s: %w", socket, err)
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("close the socket to others: %w", err), listener.Close())
	}
	s := &Server{http: &http.Server{
		Handler: handler, ReadTimeout: timeout, WriteTimeout: 2 * timeout, IdleTimeout: timeout, MaxHeaderBytes: 16 << 10,
	}}
	s.serving.Go(func() { _ = s.http.Serve(listener) }) // its error is that of Close
	return s, nil
}

// Close ends requests and removes the socket.
func (s *Server) Close() error {
	err := s.http.Close()
	s.serving.Wait()
	if err != nil {
		return fmt.Errorf("close the socket of control: %w", err)
	}
	return nil
}

// Dial makes a client of the server at a socket; the host in addresses is of no account. The error wraps
// ErrNotRunning when there is none. The caller closes the client's idle connections.
func Dial(ctx context.Context, socket string) (*http.Client, error) {
	connect := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", socket)
	}
	conn, err := connect(ctx, "", "")
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("reach the server: %w", ErrNotRunning)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s belongs to another user; run this as the user that the server runs as", socket)
	case err != nil:
		return nil, fmt.Errorf("reach the server: %w", err)
	}
	if err := conn.Close(); err != nil {
		return nil, fmt.Errorf("reach the server: %w", err)
	}
	return &http.Client{Transport: &http.Transport{DialContext: connect}, Timeout: 2 * timeout}, nil
}
