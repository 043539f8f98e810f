package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"stube/internal/load"
)

const startTimeout = 10 * time.Second

// server is a Stube server in a process of its own.
type server struct {
	command *exec.Cmd
	url     string
	folder  string       // of its data; removed with it
	stderr  bytes.Buffer // what it logged, for when it doesn't start
}

// startServer runs the program on a free port, and waits until it answers.
func startServer(ctx context.Context, program string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{url: "http://" + address}
	if s.folder, err = os.MkdirTemp("", "stube-bench-"); err != nil {
		return nil, fmt.Errorf("make a data folder: %w", err)
	}
	s.command = exec.CommandContext(ctx, program, "serve", "--listen", address)
	s.command.Env = append(os.Environ(), "STUBE_CREATE=anyone", "STUBE_DATA="+s.folder)
	s.command.Stderr = &s.stderr
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.WaitDelay = startTimeout
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if err := s.answers(ctx); err != nil {
		return nil, errors.Join(err, s.stop(), errors.New(s.stderr.String()))
	}
	return s, nil
}

// freeAddress finds a port that nobody has.
func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// answers waits until the server serves its page.
func (s *server) answers(ctx context.Context) error {
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

// stop ends the server and waits for it.
func (s *server) stop() error {
	defer func() { _ = os.RemoveAll(s.folder) }()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := s.command.Wait(); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}

// measureServer puts a publisher and subscribers into a room of a fresh server.
func measureServer(ctx context.Context, s settings, subscribers int) (result, error) {
	server, err := startServer(ctx, s.server)
	if err != nil {
		return result{}, err
	}
	report, err := load.Run(ctx, load.Options{
		URL: server.url, Room: "bench", Publishers: 1, Subscribers: subscribers, Duration: s.duration, Parallel: 1,
		ServerPID: server.command.Process.Pid,
	})
	if err = errors.Join(err, server.stop()); err != nil {
		return result{}, err
	}
	return result{
		cpuPerPacket: report.Server.CPUPerPacket,
		received:     report.Received, lost: report.Lost,
		p50: report.Latency.P50.Duration(), p99: report.Latency.P99.Duration(),
		firstMedia: report.FirstMedia.P50.Duration(),
	}, nil
}
