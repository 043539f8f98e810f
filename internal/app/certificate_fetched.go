package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3/acme"
	"go.uber.org/zap"
)

// again is how long it takes until fetching begins anew after an end that is not the authority's no, such as a full
// disk. What an authority refuses is asked for again by certmagic: first after a minute, then less and less often.
const again = time.Hour

// fetchedCertificate is the domain's certificate, fetched and renewed by ACME (RFC 8555). The authority makes sure
// that the domain leads here by a handshake on the port of the page (TLS-ALPN, RFC 8737). It owns the goroutine that
// fetches; those that renew are certmagic's and end with it.
type fetchedCertificate struct {
	domain string
	log    *slog.Logger
	acme   *certmagic.Config
	cache  *certmagic.Cache

	stop    context.CancelFunc // nil before keep
	keeping sync.WaitGroup
	closing sync.Once
}

func newFetchedCertificate(o Options, bound netip.AddrPort) (*fetchedCertificate, error) {
	folder := filepath.Join(o.Config.Data, "certificates")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data: the folder %s cannot be written (%w); choose another, or let the program write there",
			o.Config.Data, reason(err))
	}
	f := &fetchedCertificate{domain: o.Config.Domain, log: o.Log}
	silent := zap.NewNop() // its lines are not made for this log; what matters comes by OnEvent
	f.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return f.acme, nil },
		Logger:           silent,
	})
	f.acme = certmagic.New(f.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: folder}, DefaultServerName: f.domain, OnEvent: f.happened, Logger: silent,
	})
	issuer := certmagic.ACMEIssuer{
		CA: o.Config.ACMEDirectory, TrustedRoots: o.Roots, Agreed: true,
		DisableHTTPChallenge: true, AltTLSALPNPort: int(bound.Port()), Logger: silent,
	}
	if issuer.CA == "" {
		issuer.CA = certmagic.LetsEncryptProductionCA
	}
	if !bound.Addr().IsUnspecified() {
		issuer.ListenHost = bound.Addr().String() // where certmagic sees that somebody listens already
	}
	f.acme.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(f.acme, issuer)}
	return f, nil
}

func (f *fetchedCertificate) config() *tls.Config { return f.acme.TLSConfig() }

func (f *fetchedCertificate) keep() {
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.keeping.Go(func() { persist(ctx, f.log, f.fetch) })
}

func (f *fetchedCertificate) close() {
	if f.stop != nil {
		f.stop()
	}
	f.keeping.Wait()
	f.closing.Do(f.cache.Stop)
}

// persist fetches until there is a certificate.
func persist(ctx context.Context, log *slog.Logger, fetch func(context.Context) error) {
	for {
		err := fetch(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		log.Error("no certificate can be put to use; see whether the program may write to its data folder, "+
			"and restart it, or wait an hour", "error", err)
		timer := time.NewTimer(again)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// fetch puts a certificate to use, kept or new, and renews one that is due. While the authority says no it tries
// again and again.
func (f *fetchedCertificate) fetch(ctx context.Context) error {
	if err := f.acme.ObtainCertAsync(ctx, f.domain); err != nil { // returns at once when one is kept
		return fmt.Errorf("fetch the certificate: %w", err)
	}
	certificate, err := f.acme.CacheManagedCertificate(ctx, f.domain)
	if err != nil {
		return fmt.Errorf("read the certificate from the data folder: %w", err)
	}
	f.log.Info("the certificate is in use", "until", certificate.Leaf.NotAfter)
	if err := f.cache.RenewManagedCertificates(ctx); err != nil { // the cache does the same every ten minutes
		return fmt.Errorf("see whether the certificate is due: %w", err)
	}
	return nil
}

// happened is told by certmagic what it does.
func (f *fetchedCertificate) happened(ctx context.Context, event string, data map[string]any) error {
	renewal, _ := data["renewal"].(bool)
	switch event {
	case "cert_obtained":
		if renewal {
			f.log.Info("the certificate is renewed")
		}
	case "cert_failed":
		err, _ := data["error"].(error)
		if ctx.Err() != nil {
			return nil // because the program ends
		}
		lack := "no certificate yet"
		if renewal {
			lack = "the certificate is not renewed yet"
		}
		why, detail := refusal(err)
		f.log.Error(lack+": "+why+"; it is tried again", "error", detail)
	}
	return nil
}

// refusal says in words why an authority gave no certificate, and what to look after; the detail is what it said.
func refusal(err error) (why, detail string) {
	var problem acme.Problem
	var unreached *url.Error
	switch {
	case errors.As(err, &problem):
		detail = problem.Detail
		for _, part := range problem.Subproblems {
			detail += " " + part.Detail
		}
		switch problem.Type {
		case acme.ProblemTypeDNS, acme.ProblemTypeConnection, acme.ProblemTypeTLS, acme.ProblemTypeUnauthorized,
			acme.ProblemTypeIncorrectResponse, acme.ProblemTypeMalformed:
			return "the authority did not find this server under the domain; " +
				"see that the name leads to this machine and that its port 443 is open", detail
		}
		return "the authority refuses one", detail
	case errors.As(err, &unreached):
		return "the authority cannot be reached; see that this machine gets out by HTTPS", reason(unreached.Err).Error()
	case err != nil:
		return "it could not be fetched", err.Error()
	}
	return "it could not be fetched", ""
}
