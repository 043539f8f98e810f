package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"stube/internal/config"
)

func options(t *testing.T) Options {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data, c.Create = "127.0.0.1:0", t.TempDir(), "anyone"
	return Options{
		Config: c, Version: "test", Log: slog.New(slog.DiscardHandler),
		Page: fstest.MapFS{"index.html": {Data: []byte("the page")}},
	}
}

func start(t *testing.T, o Options) *App {
	t.Helper()
	a, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return a
}

func fetch(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// welcome is what the program prints when it has started.
func welcome(t *testing.T, a *App) string {
	t.Helper()
	words, err := a.welcome(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func TestServesThePage(t *testing.T) {
	a := start(t, options(t))
	if got := fetch(t, &http.Client{}, a.URL()); got != "the page" {
		t.Errorf("page %q", got)
	}
	if words := welcome(t, a); !strings.Contains(words, a.URL()) || strings.Contains(words, "certificate") ||
		!strings.Contains(words, "Anybody who reaches this server may start meetings") {
		t.Errorf("welcome %q", words)
	}
}

func TestWildcardNamesTheMachine(t *testing.T) {
	o := options(t)
	o.Config.Listen = ":0"
	o.Config.Announce = []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
	a := start(t, o)
	welcome := welcome(t, a)
	for _, want := range []string{"http://localhost:", "http://192.0.2.1:", "http://[2001:db8::1]:", "https://"} {
		if !strings.Contains(welcome, want) {
			t.Errorf("%q is missing in %q", want, welcome)
		}
	}
}

// criterion 25: TLS 1.2 and newer are spoken, and the browser is told to come back by no other way.
func TestCriterion25ServesTLS(t *testing.T) {
	o := options(t)
	o.Config.TLS = certificate(t)
	a := start(t, o)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // the certificate is of this test
	}}
	if got := fetch(t, client, a.URL()); got != "the page" || !strings.HasPrefix(a.URL(), "https://") {
		t.Errorf("page %q at %s", got, a.URL())
	}
	address := strings.TrimSuffix(strings.TrimPrefix(a.URL(), "https://"), "/")
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		only := &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version}
		conn, err := (&tls.Dialer{Config: only}).DialContext(t.Context(), "tcp", address)
		if spoken := err == nil; spoken != (version >= tls.VersionTLS12) {
			t.Errorf("%s: spoken %t", tls.VersionName(version), spoken)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
	response, err := client.Head(a.URL())
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	client.CloseIdleConnections()
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("the browser may come back without TLS")
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := Run(ctx, options(t), func(string) { cancel() }); err != nil {
		t.Error(err)
	}
}

func TestErrorsAreOneSentenceWithTheCure(t *testing.T) {
	taken := start(t, options(t))
	used := strings.Trim(strings.TrimPrefix(taken.URL(), "http://localhost"), "/")
	tests := []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{
			"port in use", func(o *Options) { o.Config.Listen = "127.0.0.1" + used },
			"listen: TCP port " + used[1:] + " is in use by another program; stop that program, or set listen to",
		},
		{"foreign address", func(o *Options) { o.Config.Listen = "203.0.113.77:0" }, "no address 203.0.113.77:0"},
		{"no certificate", func(o *Options) {
			o.Config.TLS = config.TLS{Certificate: "absent.pem", Key: "absent.pem"}
		}, "check tls.certificate and tls.key"},
		{"no page", func(o *Options) { o.Page = fstest.MapFS{} }, "make build"},
		{"data folder is a file", func(o *Options) {
			o.Config.Domain, o.Config.Data = "meet.example.org", filepath.Join(certificate(t).Key, "data")
		}, "data: the folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			test.change(&o)
			a, err := Start(t.Context(), o)
			if err == nil {
				t.Fatal("started", a.Close(t.Context()))
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want %q", err, test.want)
			}
		})
	}
}

func TestExplainListen(t *testing.T) {
	for number, want := range map[syscall.Errno]string{
		syscall.EADDRINUSE:    "UDP port 80 is in use",
		syscall.EACCES:        "a port above 1023",
		syscall.EADDRNOTAVAIL: "has no address 192.0.2.1:80",
		syscall.EMFILE:        "too many open files",
	} {
		err := explainListen("media", "UDP", "192.0.2.1:80", fmt.Errorf("bind: %w", number))
		if !strings.HasPrefix(err.Error(), "media: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("error %q, want %q", err, want)
		}
	}
}

func TestOwnAddresses(t *testing.T) {
	network := func(cidr string) net.Addr {
		ip, n, err := net.ParseCIDR(cidr)
		if err != nil {
			t.Fatal(err)
		}
		return &net.IPNet{IP: ip, Mask: n.Mask}
	}
	local, local6 := network("127.0.0.1/8"), network("::1/128")
	got := ownAddresses([]net.Addr{
		local, local6, network("fe80::1/64"), network("2001:db8::1/64"), network("192.0.2.1/24"),
	})
	want := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := ownAddresses([]net.Addr{local6, local}); len(got) != 2 || !got[0].IsLoopback() {
		t.Errorf("a machine without a network: %v, want loopback", got)
	}
}
