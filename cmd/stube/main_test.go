package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	t.Chdir(t.TempDir())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	broken := filepath.Join(t.TempDir(), "broken.toml")
	if err := os.WriteFile(broken, []byte("lisen = 1\nmedia = 70000\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	tests := []struct {
		name    string
		args    []string
		environ []string
		code    int
		stdout  string // parts of what is printed
		stderr  string
	}{
		{"version", []string{"version"}, nil, 0, version(), ""},
		{"help", []string{"--help"}, nil, 0, "Run the server", ""},
		{"unknown command", []string{"dance"}, nil, 2, "", "stube --help"},
		{"unknown flag", []string{"--dance"}, nil, 2, "", "stube --help"},
		{"no such file", []string{"--config", "absent.toml"}, nil, 1, "", "absent.toml cannot be read"},
		{"broken file", []string{"serve", "--config", broken}, nil, 1, "", "lisen is no setting"},
		{"everything wrong at once", []string{"--config", broken}, nil, 1, "", "70000 is not a port"},
		{"broken variable", nil, []string{"STUBE_DANCE=1"}, 1, "", "STUBE_DANCE: no such setting"},
		{
			"load for what is no server",
			[]string{"load", "--url", "http://" + taken.Addr().String(), "--bad", "200"},
			nil, 1,
			"", "bad is 2",
		},
		{"load of another shape", []string{"load", "--url", "x", "--shape", "party"}, nil, 2, "", "stube --help"},
		{"load behind what is no network", []string{"load", "--url", "x", "--network", "storm=1"}, nil, 1, "", "storm"},
		{"port in use", []string{"--listen", taken.Addr().String()}, nil, 1, "", "is in use by another program"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(test.args, surroundings{environ: test.environ, stdout: &stdout, stderr: &stderr})
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("printed %q and %q, want %q and %q", &stdout, &stderr, test.stdout, test.stderr)
			}
			if code == 0 && stderr.Len() > 0 {
				t.Errorf("complained: %q", &stderr)
			}
		})
	}
}
