package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const startTimeout = 10 * time.Second

// Server is a Stube server in a process of its own, where anyone may start meetings.
type Server struct {
	command *exec.Cmd
	url     string
	metrics string       // their URL
	folder  string       // of its data; removed with it
	stderr  bytes.Buffer // what it logged, for when it doesn't start
}

// StartServer runs the program with metrics and without limits at an address, with settings such as
// STUBE_ANNOUNCE=192.0.2.1, and waits until it answers. The empty address is a free port of the loopback.
func StartServer(ctx context.Context, program, address string, settings ...string) (*Server, error) {
	var err error
	if address == "" {
		if address, err = freeAddress(ctx); err != nil {
			return nil, err
		}
	}
	metrics, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{url: "http://" + address, metrics: "http://" + metrics + "/metrics"}
	if s.folder, err = os.MkdirTemp("", "stube-process-"); err != nil {
		return nil, fmt.Errorf("make a data folder: %w", err)
	}
	s.command = exec.CommandContext(ctx, program, "serve", "--listen", address)
	s.command.Env = append(
		os.Environ(), "STUBE_CREATE=anyone", "STUBE_DATA="+s.folder, "STUBE_METRICS="+metrics, "STUBE_LIMIT_CPU=0",
	)
	s.command.Env = append(s.command.Env, settings...)
	s.command.Stderr = &s.stderr
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.WaitDelay = startTimeout
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if err := s.answers(ctx); err != nil {
		return nil, errors.Join(err, s.Stop(), errors.New(s.stderr.String()))
	}
	return s, nil
}

// URL is where it is reached.
func (s *Server) URL() string { return s.url }

// PID is its process's.
func (s *Server) PID() int { return s.command.Process.Pid }

// Metrics asks for the server's metrics, in the text form of Prometheus.
func (s *Server) Metrics(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.metrics, http.NoBody)
	if err != nil {
		return "", fmt.Errorf("ask for metrics: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("ask for metrics: %w", err)
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", fmt.Errorf("read metrics: %w", err)
	}
	return string(text), nil
}

// Ports below those that systems give to outgoing connections: else one of them may take a port before the server does.
const lowestPort, highestPort = 20_000, 32_000

// freeAddress finds a port that nobody has.
func freeAddress(ctx context.Context) (address string, err error) {
	var config net.ListenConfig
	for range 100 {
		address = fmt.Sprintf("127.0.0.1:%d", lowestPort+rand.IntN(highestPort-lowestPort))
		var l net.Listener
		if l, err = config.Listen(ctx, "tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", fmt.Errorf("find a free port: %w", err)
}

// answers waits until the server serves its page.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	try := time.NewTicker(20 * time.Millisecond)
	defer try.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, http.NoBody)
		if err != nil {
			return fmt.Errorf("ask the server: %w", err)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			return response.Body.Close()
		}
		select {
		case <-try.C:
		case <-ctx.Done():
			return errors.New("the server doesn't answer")
		}
	}
}

// Stop ends the server and waits for it.
func (s *Server) Stop() error {
	defer func() { _ = os.RemoveAll(s.folder) }()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := s.command.Wait(); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}
