package app_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"stube/internal/app"
	"stube/internal/config"
)

// challengePort is where the authority comes to ask. It stands for 443, which tests may not listen on; as they have
// loopback addresses of their own, they do not disturb each other.
const challengePort = 5001

// authority is a real ACME server (tools/acme).
type authority struct {
	Directory string `json:"directory"`
	Server    string `json:"server"`
	Root      string `json:"root"`

	stop func()
}

// newAuthority starts an authority for which names lead to loopback ("name=address"), until the test ends.
func newAuthority(t *testing.T, names ...string) *authority {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	arguments := append([]string{"run", ".", "-port", strconv.Itoa(challengePort)}, names...)
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Dir, command.Stderr = "../../tools/acme", testLog{t}
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	a := &authority{stop: func() {
		_, _ = input.Close(), command.Wait() // once more when the test ends
	}}
	t.Cleanup(a.stop)
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the authority does not start: %v", err)
	}
	if err := json.Unmarshal(line, a); err != nil {
		t.Fatal(err)
	}
	return a
}

// pool trusts one certificate.
func pool(t *testing.T, certificate string) *x509.CertPool {
	t.Helper()
	p := x509.NewCertPool()
	if !p.AppendCertsFromPEM([]byte(certificate)) {
		t.Fatal("no certificate")
	}
	return p
}

// loopback is an address that nothing else listens on.
func loopback() string {
	return fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
}

// withDomain are the options of a server for a domain that listens on a loopback address, and its log.
func withDomain(t *testing.T, domain, host, directory, data string) (app.Options, *logged) {
	t.Helper()
	c := config.Default()
	c.Domain, c.ACMEDirectory, c.Data, c.Create = domain, directory, data, "anyone"
	c.Listen = host + ":" + strconv.Itoa(challengePort)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	log := &logged{lines: make(chan string, 100)}
	return app.Options{Config: c, Log: slog.New(slog.NewTextHandler(io.MultiWriter(testLog{t}, log), nil))}, log
}

// logged is what a server logs, to be waited for.
type logged struct{ lines chan string }

func (l *logged) Write(line []byte) (int, error) {
	select {
	case l.lines <- string(line):
	default: // more than any test reads
	}
	return len(line), nil
}

// wait waits for a line with a text, and fails on an error before it.
func (l *logged) wait(ctx context.Context, t *testing.T, text string) string {
	t.Helper()
	for {
		select {
		case line := <-l.lines:
			if strings.Contains(line, text) {
				return line
			}
			if strings.Contains(line, "level=ERROR") {
				t.Fatalf("logged %q, want %q", line, text)
			}
		case <-ctx.Done():
			t.Fatalf("%q was never logged", text)
		}
	}
}
