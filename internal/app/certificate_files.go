package app

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"stube/internal/config"
)

// recheck is how often the files of a certificate are looked at, at the most.
const recheck = time.Minute

// certificateFiles is a certificate in files of the operator. They are looked at when somebody connects, and read
// again after whoever renews them wrote them. Until both files fit each other the old certificate stays in use.
type certificateFiles struct {
	paths config.TLS
	log   *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	written [2]time.Time // when the files that were read were written: certificate and key
	checked time.Time
}

func newCertificateFiles(paths config.TLS, log *slog.Logger) (*certificateFiles, error) {
	f := &certificateFiles{paths: paths, log: log}
	if err := f.load(); err != nil {
		return nil, err
	}
	f.checked = time.Now()
	return f, nil
}

func (f *certificateFiles) config() *tls.Config { return &tls.Config{GetCertificate: f.certificate} }

func (f *certificateFiles) keep() {} // whoever wrote the files renews them

func (f *certificateFiles) close() {}

func (f *certificateFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.checked) > recheck {
		f.checked = now
		if written, err := f.look(); err != nil || written != f.written {
			f.reload()
		}
	}
	return f.current, nil
}

// reload takes the certificate that is in the files now, if it is whole. The caller holds the lock.
func (f *certificateFiles) reload() {
	if err := f.load(); err != nil {
		f.log.Error("the new certificate is not taken; the old one stays in use", "error", err)
		return
	}
	f.log.Info("the new certificate is in use", "until", f.current.Leaf.NotAfter)
}

// load reads the files. The caller holds the lock, or is alone.
func (f *certificateFiles) load() error {
	written, err := f.look() // before reading: what is written meanwhile is read next time
	if err != nil {
		return fmt.Errorf("tls: the certificate cannot be read (%w); check tls.certificate and tls.key", err)
	}
	pair, err := tls.LoadX509KeyPair(f.paths.Certificate, f.paths.Key)
	if err != nil {
		return fmt.Errorf("tls: the certificate cannot be used (%w); check tls.certificate and tls.key", err)
	}
	f.current, f.written = &pair, written
	return nil
}

// look returns when the files were written.
func (f *certificateFiles) look() ([2]time.Time, error) {
	var written [2]time.Time
	for i, name := range []string{f.paths.Certificate, f.paths.Key} {
		info, err := os.Stat(name)
		if err != nil {
			return written, fmt.Errorf("look at %s: %w", name, reason(err))
		}
		written[i] = info.ModTime().UTC() // comparable with ==
	}
	return written, nil
}
