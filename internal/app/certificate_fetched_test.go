package app_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	standard "log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"stube/internal/testpeer"
)

const domain = "meet.example.org"

// handshake connects to a server and returns its leaf certificate's serial number.
func handshake(ctx context.Context, t *testing.T, host string, settings *tls.Config) string {
	t.Helper()
	dialer := &tls.Dialer{Config: settings}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(challengePort)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
}

func TestFetchesItsCertificateAndKeepsIt(t *testing.T) {
	var bypassed bytes.Buffer // what certmagic would say past our log
	standard.SetOutput(&bypassed)
	t.Cleanup(func() { standard.SetOutput(os.Stderr) })
	ctx, host, data := bounded(t), loopback(), t.TempDir()
	ca := newAuthority(t, domain+"="+host)
	o, log := withDomain(t, domain, host, ca.Directory, data)
	o.Roots = pool(t, ca.Server)
	server := startWith(t, o)
	log.wait(ctx, t, "the certificate is in use")
	trust := &tls.Config{RootCAs: pool(t, ca.Root), ServerName: domain}

	t.Run("page", func(t *testing.T) { fetchSecurely(ctx, t, host, trust) })
	t.Run("old TLS", func(t *testing.T) {
		old := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
		dialer := &tls.Dialer{Config: old}
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(challengePort)))
		if err == nil {
			_ = conn.Close()
			t.Error("TLS 1.1 is spoken")
		}
	})
	t.Run("meeting", func(t *testing.T) {
		url := "https://" + net.JoinHostPort(host, strconv.Itoa(challengePort))
		alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true, TLS: trust, TCP: true})
		bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true, TLS: trust})
		_, toBob := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
		_, toAlice := camera(ctx, t, bob, alice, testpeer.VideoOptions{})
		frames(ctx, t, bob, toBob, 10)
		frames(ctx, t, alice, toAlice, 10)
	})

	serial := handshake(ctx, t, host, trust)
	if got := handshake(ctx, t, host, &tls.Config{InsecureSkipVerify: true}); got != serial {
		t.Errorf("who names no server gets certificate %s, want %s", got, serial)
	}
	stop(t, server)
	ca.stop() // a second start needs it no more
	o, log = withDomain(t, domain, host, ca.Directory, data)
	o.Roots = pool(t, ca.Server)
	startWith(t, o)
	log.wait(ctx, t, "the certificate is in use")
	if got := handshake(ctx, t, host, trust); got != serial {
		t.Errorf("certificate %s after a restart, want the kept one, %s", got, serial)
	}
	if bypassed.Len() > 0 {
		t.Errorf("the standard logger knows no privacy, and was used: %q", bypassed.String())
	}
}

// fetchSecurely fetches the page by the domain's name.
func fetchSecurely(ctx context.Context, t *testing.T, host string, trust *tls.Config) {
	t.Helper()
	port := strconv.Itoa(challengePort)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: trust, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(host, port))
		},
	}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+domain+":"+port+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || response.ProtoMajor != 2 || response.TLS.Version < tls.VersionTLS12 {
		t.Errorf("status %d by %s, TLS %x", response.StatusCode, response.Proto, response.TLS.Version)
	}
	if got := response.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("Strict-Transport-Security %q", got)
	}
}

func TestRunsOnWithoutACertificate(t *testing.T) {
	ctx, host, elsewhere := bounded(t), loopback(), loopback()
	ca := newAuthority(t, domain+"="+host, "elsewhere.example.org="+elsewhere)
	for _, test := range []struct{ name, domain, directory, want string }{
		{"no authority", domain, "https://" + elsewhere + ":1/directory", "the authority cannot be reached; "},
		{"name of another machine", "elsewhere.example.org", ca.Directory, "did not find this server under the domain; "},
		{"name of nobody", "nobody.example.org", ca.Directory, "did not find this server under the domain; "},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := t.TempDir()
			o, log := withDomain(t, test.domain, host, test.directory, data)
			o.Roots = pool(t, ca.Server)
			server := startWith(t, o)
			line := log.wait(ctx, t, "no certificate yet: ")
			if !strings.Contains(line, test.want) || !strings.Contains(line, "; it is tried again") {
				t.Errorf("logged %q, want %q", line, test.want)
			}
			dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
			_, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(challengePort)))
			if err == nil || !strings.Contains(err.Error(), "remote error: tls:") {
				t.Errorf("a handshake without a certificate: %v, want the server's alert", err)
			}
			stop(t, server)
			o, log = withDomain(t, domain, host, ca.Directory, data)
			o.Roots = pool(t, ca.Server)
			startWith(t, o)
			log.wait(ctx, t, "the certificate is in use")
		})
	}
}

func TestSaysThatNothingCanBeKept(t *testing.T) {
	ctx, host, data := bounded(t), loopback(), t.TempDir()
	folder := filepath.Join(data, "certificates")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "locks"), nil, 0o600); err != nil { // where certmagic wants a folder
		t.Fatal(err)
	}
	o, log := withDomain(t, domain, host, "https://"+host+":1/directory", data)
	startWith(t, o)
	log.wait(ctx, t, "no certificate can be put to use; ")
}

func TestClosesWhileItFetches(t *testing.T) {
	host := loopback()
	silent, err := net.Listen("tcp", net.JoinHostPort(loopback(), "0")) // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	o, log := withDomain(t, domain, host, "https://"+silent.Addr().String()+"/directory", t.TempDir())
	server := startWith(t, o)
	asking, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = asking.Close() }()
	began := time.Now()
	stop(t, server)
	if took := time.Since(began); took > testTimeout/3 {
		t.Errorf("closing took %v: it waited for an authority that is silent", took)
	}
	for range len(log.lines) {
		if line := <-log.lines; strings.Contains(line, "level=ERROR") {
			t.Errorf("logged %q for an attempt that was ended", line)
		}
	}
}

func TestRenewsAKeptCertificate(t *testing.T) {
	ctx, host, data := bounded(t), loopback(), t.TempDir()
	ca := newAuthority(t, domain+"="+host)
	o, log := withDomain(t, domain, host, ca.Directory, data)
	o.Roots = pool(t, ca.Server)
	server := startWith(t, o)
	log.wait(ctx, t, "the certificate is in use")
	stop(t, server)
	const almostOver = "7"
	age(t, data, almostOver)
	o, log = withDomain(t, domain, host, ca.Directory, data)
	o.Roots = pool(t, ca.Server)
	startWith(t, o)
	log.wait(ctx, t, "the certificate is in use")
	log.wait(ctx, t, "the certificate is renewed")
	for handshake(ctx, t, host, &tls.Config{InsecureSkipVerify: true}) == almostOver { // until it is loaded
	}
	handshake(ctx, t, host, &tls.Config{RootCAs: pool(t, ca.Root), ServerName: domain})
}

// age puts a certificate with a minute left in the place of the one that is kept.
func age(t *testing.T, data, serial string) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(data, "certificates", "certificates", "*", domain, domain+".crt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept are %v, %v", kept, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	number, _ := new(big.Int).SetString(serial, 10)
	template := &x509.Certificate{
		SerialNumber: number, DNSNames: []string{domain},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(time.Minute),
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for ending, content := range map[string][]byte{
		".crt":  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		".key":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
		".json": []byte(`{"sans":["` + domain + `"]}`),
	} {
		if err := os.WriteFile(strings.TrimSuffix(kept[0], ".crt")+ending, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
