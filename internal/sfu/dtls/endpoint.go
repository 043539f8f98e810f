package dtls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	pion "github.com/pion/dtls/v3"

	"stube/internal/sfu/srtp"
)

const (
	handshakeLimit = 30 * time.Second
	// linger is how long an established connection stays awake after its last packet: the other end repeats its
	// last flight until it has heard ours, which a parked connection can't repeat.
	linger = 10 * time.Second
)

// Endpoint is one end of a DTLS connection. Its methods are safe for concurrent use.
type Endpoint struct {
	config Config
	client bool
	linger time.Duration
	ctx    context.Context // until Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup // the goroutine of the connection that is awake

	mu     sync.Mutex
	closed bool        // Close was called
	awake  *packets    // of the connection; nil when it is parked, or has ended
	parked *pion.State // nil when it is awake, or has ended
}

// Serve waits for the other end's handshake, as the server.
func Serve(c Config) *Endpoint {
	return start(c, false, linger)
}

// Dial begins a handshake, as the client.
func Dial(c Config) *Endpoint {
	return start(c, true, linger)
}

func start(c Config, client bool, linger time.Duration) *Endpoint {
	e := &Endpoint{config: c, client: client, linger: linger, awake: newPackets(c.Send)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	p := e.awake
	e.tasks.Go(func() { e.run(p) })
	return e
}

// Receive takes a packet from the other end. It copies the packet and never blocks; when too many wait, it drops.
func (e *Endpoint) Receive(packet []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.parked != nil && !e.closed {
		if len(sift(append([]byte(nil), packet...), true)) == 0 {
			return
		}
		state, p := e.parked, newPackets(e.config.Send)
		e.parked, e.awake = nil, p
		e.tasks.Go(func() { e.wake(state, p) })
	}
	if e.awake != nil {
		e.awake.push(packet)
	}
}

// Close tells the other end that the connection is over, and waits until nothing runs any more: after it, no
// function of Config is called.
func (e *Endpoint) Close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.cancel()
	e.tasks.Wait()

	e.mu.Lock()
	state := e.parked
	e.parked = nil
	e.mu.Unlock()
	if state != nil {
		e.wake(state, newPackets(e.config.Send)) // for as long as it takes to say goodbye
	}
}

// run is the life of a new connection.
func (e *Endpoint) run(p *packets) {
	conn, err := open(&e.config, e.client, p)
	if err != nil {
		e.ended(p, fmt.Errorf("dtls: open connection: %w", err))
		return
	}
	ctx, cancel := context.WithTimeout(e.ctx, handshakeLimit)
	err = conn.HandshakeContext(ctx)
	cancel()
	if err != nil {
		_ = conn.Close() // nothing to say about a connection that never was
		e.ended(p, fmt.Errorf("dtls: handshake: %w", err))
		return
	}
	keys, err := exportKeys(conn, e.client)
	if err != nil {
		_ = conn.Close()
		e.ended(p, err)
		return
	}
	p.establish()
	if e.ctx.Err() == nil {
		e.config.Ready(keys)
	}
	e.watch(conn, p)
}

// wake goes on with a parked connection.
func (e *Endpoint) wake(state *pion.State, p *packets) {
	p.establish()
	conn, err := pion.ResumeWithOptions(state, p, peer{}, options(&e.config)...)
	if err != nil {
		e.ended(p, fmt.Errorf("dtls: wake connection: %w", err))
		return
	}
	// The handshake is done, so this returns at once: with an error when the packet that woke us ends the connection.
	if err := conn.HandshakeContext(context.Background()); err != nil {
		_ = conn.Close()
		e.ended(p, fmt.Errorf("%w: %w", ErrClosed, err))
		return
	}
	e.watch(conn, p)
}

// watch reads an established connection until it ends, or is parked.
func (e *Endpoint) watch(conn *pion.Conn, p *packets) {
	stop := context.AfterFunc(e.ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		_ = conn.SetReadDeadline(time.Now().Add(e.linger)) // never fails
		if e.ctx.Err() != nil {
			_ = conn.Close() // sends close_notify; whether it arrives, nobody knows
			p.finish(io.EOF)
			return
		}
		var none [1]byte
		_, err := conn.Read(none[:]) // there is no data, but what ends the connection shows here
		switch {
		case errors.Is(err, io.EOF):
			_ = conn.Close()
			e.ended(p, ErrClosed)
			return
		case errors.Is(err, context.DeadlineExceeded) && e.ctx.Err() == nil && p.finishIdle():
			e.park(conn, p)
			return
		}
	}
}

// park keeps of a connection what wake needs. p sends nothing any more, so the counters in the state are the last that
// were used; and each state is woken once. Both is what pion asks for, lest a nonce be used twice.
func (e *Endpoint) park(conn *pion.Conn, p *packets) {
	state, ok := conn.ConnectionState()
	if !ok {
		e.ended(p, errors.New("dtls: park connection: no state"))
		return
	}
	state.PeerCertificates = nil // it was verified
	e.mu.Lock()
	e.awake, e.parked = nil, &state
	e.mu.Unlock()
}

// ended tells why there is no connection any more, unless it was Close.
func (e *Endpoint) ended(p *packets, err error) {
	p.finish(io.EOF)
	e.mu.Lock()
	e.awake = nil
	closed := e.closed
	e.mu.Unlock()
	if !closed {
		e.config.Closed(err)
	}
}

// exporter is the label of RFC 5764 section 4.2.
const exporter = "EXTRACTOR-dtls_srtp"

// exportKeys cuts the exported material: client's key, server's key, client's salt, server's salt.
func exportKeys(conn *pion.Conn, client bool) (Keys, error) {
	agreed, _ := conn.SelectedSRTPProtectionProfile()
	var k Keys
	switch agreed {
	case pion.SRTP_AEAD_AES_128_GCM:
		k.Profile = srtp.AEADAES128GCM
	case pion.SRTP_AES128_CM_HMAC_SHA1_80:
		k.Profile = srtp.AESCM128HMACSHA180
	default:
		return Keys{}, ErrNoProfile
	}
	state, ok := conn.ConnectionState()
	if !ok {
		return Keys{}, errors.New("dtls: export keys: no state")
	}
	keyLen, saltLen := k.Profile.KeyLen(), k.Profile.SaltLen()
	material, err := state.ExportKeyingMaterial(exporter, nil, 2*(keyLen+saltLen))
	if err != nil {
		return Keys{}, fmt.Errorf("dtls: export keys: %w", err)
	}
	next := func(n int) []byte {
		part := material[:n:n]
		material = material[n:]
		return part
	}
	k.LocalKey, k.RemoteKey = next(keyLen), next(keyLen)
	k.LocalSalt, k.RemoteSalt = next(saltLen), next(saltLen)
	if !client {
		k.LocalKey, k.RemoteKey = k.RemoteKey, k.LocalKey
		k.LocalSalt, k.RemoteSalt = k.RemoteSalt, k.LocalSalt
	}
	return k, nil
}
