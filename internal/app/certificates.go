package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"stube/internal/config"
)

// certificates are what the server proves its name with: fetched and renewed for a domain (RFC 8555), or the
// operator's files.
type certificates struct {
	domain string
	acme   *certmagic.Config // nil with files
	cache  *certmagic.Cache  // nil with files
	files  *certificateFiles // nil with a domain
}

func newCertificates(c config.Config, log *slog.Logger) (*certificates, error) {
	if c.Domain == "" {
		files := &certificateFiles{paths: c.TLS, log: log}
		if err := files.load(); err != nil {
			return nil, err
		}
		return &certificates{files: files}, nil
	}
	folder := filepath.Join(c.Data, "certificates")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data: the folder %s cannot be written (%w); choose another, or let the program write there",
			c.Data, reason(err))
	}
	s := &certificates{domain: c.Domain}
	s.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return s.acme, nil },
		Logger:           zap.NewNop(), // its lines are not made for this log; what matters comes by OnEvent
	})
	s.acme = certmagic.New(s.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: folder},
		Logger:  zap.NewNop(),
		OnEvent: func(_ context.Context, event string, data map[string]any) error {
			switch event {
			case "cert_obtained":
				log.Info("certificate obtained")
			case "cert_failed":
				log.Error("no certificate; does the domain's name lead to this machine, and is its port 443 open?",
					"error", data["error"])
			}
			return nil
		},
	})
	issuer := certmagic.NewACMEIssuer(s.acme, certmagic.ACMEIssuer{
		CA: certmagic.LetsEncryptProductionCA, Agreed: true, DisableHTTPChallenge: true,
		AltTLSALPNPort: int(c.ListenPort()), Logger: zap.NewNop(),
	})
	s.acme.Issuers = []certmagic.Issuer{issuer}
	return s, nil
}

func (s *certificates) config() *tls.Config {
	if s.files != nil {
		return &tls.Config{
			MinVersion: minTLS, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: s.files.certificate,
		}
	}
	c := s.acme.TLSConfig()
	c.MinVersion = minTLS
	c.NextProtos = append([]string{"h2", "http/1.1"}, c.NextProtos...)
	return c
}

// manage begins to fetch and renew the domain's certificate; the server must listen already, as the authority
// comes to ask.
func (s *certificates) manage(ctx context.Context) error {
	if s.acme == nil {
		return nil
	}
	if err := s.acme.ManageAsync(ctx, []string{s.domain}); err != nil {
		return fmt.Errorf("domain: no certificate can be fetched (%w); check the name and the data folder", err)
	}
	return nil
}

func (s *certificates) close() {
	if s.cache != nil {
		s.cache.Stop()
	}
}

// certificateFiles is a certificate in files, which are read again after whoever renews them wrote them.
type certificateFiles struct {
	paths config.TLS
	log   *slog.Logger

	mu       sync.Mutex
	current  *tls.Certificate
	modified time.Time // of the newer file, when it was read
	checked  time.Time
}

// recheck is how often the files are looked at, at the most.
const recheck = time.Minute

func (f *certificateFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.checked) > recheck {
		f.checked = now
		if modified, err := f.newest(); err != nil || !modified.Equal(f.modified) {
			if err := errors.Join(err, f.load()); err != nil {
				f.log.Error("the new certificate is not taken; the old one stays in use", "error", err)
			}
		}
	}
	return f.current, nil
}

// load reads the files. The caller holds the lock, or is alone.
func (f *certificateFiles) load() error {
	modified, err := f.newest()
	if err != nil {
		return fmt.Errorf("tls: the certificate cannot be read (%w); check tls.certificate and tls.key", err)
	}
	pair, err := tls.LoadX509KeyPair(f.paths.Certificate, f.paths.Key)
	if err != nil {
		return fmt.Errorf("tls: the certificate cannot be used (%w); check tls.certificate and tls.key", err)
	}
	f.current, f.modified = &pair, modified
	return nil
}

func (f *certificateFiles) newest() (time.Time, error) {
	var newest time.Time
	for _, name := range []string{f.paths.Certificate, f.paths.Key} {
		info, err := os.Stat(name)
		if err != nil {
			return time.Time{}, fmt.Errorf("look at a file of the certificate: %w", err)
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest, nil
}
