package testpeer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/ice"
	"stube/internal/sfu/rtp"
	"stube/internal/signal/protocol"
)

// transport is one connection of ICE, DTLS and SRTP with the server. It owns a goroutine that reads for each link it
// has, and the DTLS end point's; close waits for them.
type transport struct {
	id         string
	candidates []ortc.ICECandidate
	server     []dtls.Fingerprint
	options    Options
	agent      *agent
	sender     sender
	receiver   receiver
	secured    chan struct{} // closed when there are keys
	failed     chan struct{} // closed when DTLS ended
	failure    error         // of DTLS; read after failed is closed
	readers    sync.WaitGroup
	connecting sync.Mutex // held while a path is being found
	introduced bool       // the server has our fingerprints; guarded by connecting

	consent time.Time // when the last consent check was sent; the peer's tending goroutine's

	handshake sync.Mutex // held while the end point is made, so that no answer comes before it; guards endpoint
	endpoint  *dtls.Endpoint

	mu     sync.Mutex // guards what follows
	path   link       // that is in use
	links  map[link]struct{}
	closed bool
}

func newTransport(remote protocol.Transport, o Options) *transport {
	t := &transport{
		id: remote.ID, candidates: remote.ICECandidates, options: o, agent: newAgent(remote.ICEParameters),
		secured: make(chan struct{}), failed: make(chan struct{}), links: make(map[link]struct{}),
	}
	for _, f := range remote.DTLSParameters.Fingerprints {
		t.server = append(t.server, dtls.Fingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	t.sender.init(t.write)
	t.receiver.init(t)
	if o.Adaptive {
		t.sender.uplink = newUplink()
	}
	t.sender.loss.set(o.Uplink)
	t.receiver.loss.set(o.Downlink)
	return t
}

// connect finds a path, tells the server our fingerprints, and shakes hands, as much as possible of it at once. It
// returns when media may flow. A transport that is connected stays as it is.
func (t *transport) connect(ctx context.Context, tell func(context.Context, ortc.DTLSParameters) error) error {
	t.connecting.Lock()
	defer t.connecting.Unlock()
	if t.dtls() == nil {
		told := make(chan error, 1)
		go func() { told <- t.introduce(ctx, tell) }() // waited for below
		err := t.findPath(ctx)
		if err == nil {
			t.shakeHands()
		}
		if err = errors.Join(err, <-told); err != nil {
			return fmt.Errorf("connect a transport: %w", err)
		}
	}
	select {
	case <-t.secured:
		return nil
	case <-t.failed:
		return fmt.Errorf("connect a transport: %w", t.failure)
	case <-ctx.Done():
		return fmt.Errorf("connect a transport: %w", ctx.Err())
	}
}

// shakeHands starts DTLS on the path in use, unless the transport was closed meanwhile.
func (t *transport) shakeHands() {
	t.handshake.Lock()
	defer t.handshake.Unlock()
	t.mu.Lock()
	closed := t.closed
	t.mu.Unlock()
	if closed {
		return
	}
	t.endpoint = dtls.Dial(dtls.Config{
		Certificate: t.options.Certificate, Remote: t.server,
		Send: t.write, Ready: t.ready, Closed: t.ended,
	})
}

// dtls is the end point, or nil as long as there is no path for it.
func (t *transport) dtls() *dtls.Endpoint {
	t.handshake.Lock()
	defer t.handshake.Unlock()
	return t.endpoint
}

// introduce tells the server our fingerprints, once.
func (t *transport) introduce(ctx context.Context, tell func(context.Context, ortc.DTLSParameters) error) error {
	if t.introduced {
		return nil
	}
	err := tell(ctx, t.dtlsParameters())
	t.introduced = err == nil
	return err
}

func (t *transport) dtlsParameters() ortc.DTLSParameters {
	p := ortc.DTLSParameters{Role: "client"}
	for _, f := range t.options.Certificate.Fingerprints() {
		p.Fingerprints = append(p.Fingerprints, ortc.DTLSFingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	return p
}

// read sorts what comes on a link by its first byte (RFC 7983), until the link is closed.
func (t *transport) read(l link) {
	for {
		batch, err := l.read()
		if err != nil {
			return
		}
		for _, a := range batch {
			switch {
			case ice.IsSTUN(a.data):
				t.options.heard(a.data)
				t.agent.receive(a.data)
			case dtls.IsDTLS(a.data):
				if e := t.dtls(); e != nil {
					e.Receive(a.data)
				}
			case rtp.IsRTCP(a.data):
				t.receiver.rtcp(a)
			default:
				t.receiver.rtp(a)
			}
		}
		t.receiver.answer(batch[len(batch)-1].at)
	}
}

// write sends a packet on the path in use.
func (t *transport) write(packet []byte) {
	t.mu.Lock()
	path := t.path
	t.mu.Unlock()
	if path != nil {
		_ = path.write(packet) // what a failing network loses is the server's to notice
	}
}

// ready takes the keys from the handshake.
func (t *transport) ready(k dtls.Keys) {
	if err := errors.Join(t.sender.secure(k), t.receiver.secure(k)); err != nil {
		t.options.Log.Error("cannot use the keys of a handshake", "error", err)
		return
	}
	close(t.secured)
}

func (t *transport) ended(err error) {
	t.failure = err
	if err == nil {
		t.failure = net.ErrClosed
	}
	close(t.failed)
}

// tend does what is due once a second.
func (t *transport) tend(now time.Time) {
	if t.dtls() == nil {
		return
	}
	if now.Sub(t.consent) >= consentInterval {
		t.consent = now
		t.agent.consent(func(b []byte) error { t.write(b); return nil })
	}
	t.sender.report(now)
	t.receiver.report(now)
}

// close ends the transport and waits for its goroutines.
func (t *transport) close() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	if e := t.dtls(); e != nil {
		e.Close() // says goodbye on the path
	}
	t.mu.Lock()
	links := t.links
	t.links = make(map[link]struct{})
	t.mu.Unlock()
	for l := range links {
		_ = l.close()
	}
	t.readers.Wait()
}
