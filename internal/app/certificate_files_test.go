package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/config"
)

func TestCertificateFilesAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		paths := certificate(t)
		files, err := newCertificateFiles(paths, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		serve := func() string {
			c, err := files.certificate(nil)
			if err != nil {
				t.Fatal(err)
			}
			return string(c.Certificate[0])
		}
		first := serve()
		renewed := certificate(t)
		later := time.Now().Add(time.Hour)
		move(t, renewed.Certificate, paths.Certificate, later)
		if serve() != first {
			t.Error("the files are looked at with every handshake")
		}
		time.Sleep(recheck + time.Second)
		if serve() != first || strings.Count(log.String(), "the old one stays in use") != 1 {
			t.Errorf("a certificate whose key is not there yet is taken; logged %q", log.String())
		}
		move(t, renewed.Key, paths.Key, later)
		if serve() != first {
			t.Error("the files are looked at with every handshake after a fault")
		}
		time.Sleep(recheck + time.Second)
		second := serve()
		if second == first || !strings.Contains(log.String(), "the new certificate is in use") {
			t.Errorf("the renewed certificate is not in use; logged %q", log.String())
		}
		if err := os.Remove(paths.Key); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recheck + time.Second)
		if serve() != second || strings.Count(log.String(), "level=ERROR") != 2 {
			t.Errorf("a key that is gone took the certificate with it; logged %q", log.String())
		}
	})
}

func TestRenewedFilesServeNewConnections(t *testing.T) {
	o := options(t)
	o.Config.TLS = certificate(t)
	a := start(t, o)
	address := strings.TrimSuffix(strings.TrimPrefix(a.URL(), "https://"), "/")
	dial := func() *tls.Conn {
		dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // the certificate is of this test
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn.(*tls.Conn)
	}
	old := dial()
	renewed := certificate(t)
	later := time.Now().Add(time.Hour)
	move(t, renewed.Certificate, o.Config.TLS.Certificate, later)
	move(t, renewed.Key, o.Config.TLS.Key, later)
	files := a.certificates.(*certificateFiles)
	files.mu.Lock()
	files.checked = time.Time{} // as if a minute had passed
	files.mu.Unlock()
	if dial().ConnectionState().PeerCertificates[0].Equal(old.ConnectionState().PeerCertificates[0]) {
		t.Error("a new connection gets the old certificate")
	}
	if _, err := old.Write([]byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if n, err := old.Read(make([]byte, 9)); err != nil || n == 0 {
		t.Errorf("a connection with the old certificate is cut: %v", err)
	}
}

// move puts a file in another's place, as written at a time.
func move(t *testing.T, from, to string, at time.Time) {
	t.Helper()
	if err := errors.Join(os.Rename(from, to), os.Chtimes(to, at, at)); err != nil {
		t.Fatal(err)
	}
}

// certificate writes a fresh self-signed one.
func certificate(t *testing.T) config.TLS {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	paths := config.TLS{Certificate: filepath.Join(folder, "c.pem"), Key: filepath.Join(folder, "k.pem")}
	for name, block := range map[string]*pem.Block{
		paths.Certificate: {Type: "CERTIFICATE", Bytes: signed}, paths.Key: {Type: "PRIVATE KEY", Bytes: encoded},
	} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}
