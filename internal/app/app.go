// Package app puts the program together: it builds the parts in order, from the sockets up to the page, and closes
// them in reverse (docs/closing.md). It is the only package that knows all the others.
//
// An App owns the goroutine that serves HTTP and, with a domain, those that keep its certificate; Close ends and
// waits for them.
package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/admission"
	"stube/internal/auth"
	"stube/internal/auth/provider"
	"stube/internal/config"
	"stube/internal/control"
	"stube/internal/httpd"
	"stube/internal/keepstore"
	"stube/internal/metrics"
	"stube/internal/oneport"
	"stube/internal/ortc"
	"stube/internal/proxy"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal"
	"stube/internal/store"
)

// closeTimeout bounds how long Run waits for clients to take the news that the server stops.
const closeTimeout = 5 * time.Second

// Options are what an App is made of.
type Options struct {
	Config  config.Config // valid
	Version string
	Page    fs.FS          // the built page
	Roots   *x509.CertPool // trusted when a certificate is fetched; nil means the system's
	Log     *slog.Logger
}

// App is a running server.
type App struct {
	config    config.Config
	log       *slog.Logger
	addresses []netip.Addr // at which clients reach it
	port      uint16       // of TCP
	failed    chan error   // takes why HTTP is served no more, unless it is Close
	serving   sync.WaitGroup
	gate      *admission.Gate
	ready     atomic.Bool // takes new people
	metrics   *metrics.Metrics

	store        *store.Store
	kept         *keepstore.Keep
	proxies      proxy.Trusted
	logIn        *auth.Service
	providers    *provider.Client
	control      *control.Server
	listener     *oneport.Listener
	media        *sfu.Server
	load         *admission.Watcher
	house        *room.House
	signal       *signal.Server
	expiry       *expiry
	http         *http.Server
	certificates certificates      // nil without TLS
	measured     *metrics.Listener // nil when metrics are served nowhere
}

// Start builds the parts and begins to serve. Its error is a sentence with the cure; nothing is left open then.
func Start(ctx context.Context, o Options) (*App, error) {
	addresses, err := reachable(ctx, o.Config, o.Log)
	if err != nil {
		return nil, err
	}
	socket, err := listen(ctx, "listen", o.Config.ListenAddress())
	if err != nil {
		return nil, err
	}
	a := &App{
		config: o.Config, log: o.Log, addresses: addresses, failed: make(chan error, 1),
		metrics: metrics.New(o.Version), gate: newGate(o.Config.Limit), proxies: proxy.New(o.Config.TrustedProxies),
	}
	if err := a.build(ctx, o, socket); err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	a.serving.Go(a.serve)
	if a.certificates != nil {
		a.certificates.keep()
	}
	a.ready.Store(true)
	return a, nil
}

// build makes the parts in order. What it made before an error is for Close.
func (a *App) build(ctx context.Context, o Options, socket net.Listener) error {
	bound, ok := socket.Addr().(*net.TCPAddr)
	if !ok {
		return errors.Join(fmt.Errorf("listen: %s is no TCP address", socket.Addr().Network()), socket.Close())
	}
	a.port = bound.AddrPort().Port()
	err := a.openStore(ctx)
	if err == nil {
		a.media, err = startMedia(o, a.addresses, bound.AddrPort())
	}
	if err != nil {
		return errors.Join(err, socket.Close())
	}
	a.watchLoad()
	a.listener = oneport.Split(socket, oneport.Config{
		Media: a.media.ServeTCP, Shared: a.proxies.Trusts, Log: o.Log,
	})
	if err := a.openHouse(); err != nil {
		return err
	}
	a.signal = signal.New(signal.Config{
		House: a.house, Version: o.Version, Capabilities: ortc.RouterCapabilities(), Log: o.Log, Identify: a.identify,
		Address: a.proxies.Address, Secure: a.logIn.Secure,
		Joined: a.metrics.Joined,
	})
	a.watchExpiry(ctx)
	a.http, err = httpd.New(httpd.Config{
		Page: o.Page, Signal: a.signal, LogIn: a.logIn.Handler(), Secure: a.logIn.Secure, Log: o.Log,
		Ready: a.ready.Load,
	})
	if err != nil {
		return fmt.Errorf("make the web server: %w", err)
	}
	if o.Config.Secure() {
		proof, err := newCertificates(o, bound.AddrPort())
		if err != nil {
			return err
		}
		a.certificates, a.http.TLSConfig = proof, serverTLS(proof)
	}
	return errors.Join(a.serveCommands(ctx), a.serveMetrics(ctx))
}

// startMedia binds the UDP sockets: on the host that the TCP socket is bound to, and on its port unless the
// configuration names another. When the system was to pick the TCP port, it picks the UDP port too.
func startMedia(o Options, addresses []netip.Addr, tcp netip.AddrPort) (*sfu.Server, error) {
	port := uint16(o.Config.Media)
	if port == 0 {
		port = o.Config.ListenPort()
	}
	media := sfu.Config{
		Listen: []netip.AddrPort{netip.AddrPortFrom(tcp.Addr().Unmap(), port)},
		Log:    o.Log,
	}
	for _, addr := range addresses {
		media.Announce = append(media.Announce, netip.AddrPortFrom(addr, port))
		media.AnnounceTCP = append(media.AnnounceTCP, netip.AddrPortFrom(addr, tcp.Port()))
	}
	server, err := sfu.New(media)
	if err != nil {
		return nil, explainListen("media", "UDP", media.Listen[0].String(), err)
	}
	return server, nil
}

func (a *App) serve() {
	var err error
	if a.certificates != nil {
		err = a.http.ServeTLS(a.listener, "", "")
	} else {
		err = a.http.Serve(a.listener)
	}
	if !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		a.failed <- fmt.Errorf("serve HTTP: %w", err)
	}
}

// URL is where the page is to be had from this machine.
func (a *App) URL() string {
	host := a.config.ListenHost()
	if !host.IsValid() || host.IsLoopback() {
		return a.url("localhost")
	}
	return a.url(host.String())
}

// ControlSocket is where other commands of this program reach the server.
func (a *App) ControlSocket() string { return a.config.ControlSocket() }

// Close tells everybody that the server stops, and closes the parts in reverse. It waits for them, for clients only
// until the context ends.
func (a *App) Close(ctx context.Context) error {
	a.ready.Store(false)
	var errs []error
	if a.expiry != nil {
		a.expiry.close()
	}
	if a.signal != nil {
		errs = append(errs, a.signal.Shutdown(ctx))
	}
	if a.http != nil {
		errs = append(errs, a.http.Shutdown(ctx), a.http.Close())
	}
	if a.measured != nil {
		errs = append(errs, a.measured.Close(ctx))
	}
	if a.control != nil {
		errs = append(errs, a.control.Close())
	}
	if a.house != nil {
		a.house.Close()
	}
	if a.listener != nil {
		errs = append(errs, a.listener.Close())
	}
	if a.load != nil {
		a.load.Close()
	}
	if a.media != nil {
		errs = append(errs, a.media.Close())
	}
	if a.certificates != nil {
		a.certificates.close()
	}
	a.serving.Wait()
	if a.providers != nil {
		a.providers.Close()
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// Run starts an App, says where it is to be found, and closes it when the context ends.
func Run(ctx context.Context, o Options, announce func(string)) error {
	a, err := Start(ctx, o)
	if err != nil {
		return err
	}
	welcome, err := a.welcome(ctx, o.Version)
	if err == nil {
		announce(welcome)
	} else {
		a.failed <- err
	}
	select {
	case <-ctx.Done():
	case err = <-a.failed:
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return errors.Join(err, a.Close(closing))
}
