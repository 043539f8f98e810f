package sfu

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
)

// deadline is how long a test waits for what must come.
const deadline = 10 * time.Second

// newServer starts a server with two workers on loopback.
func newServer(t testing.TB) *Server {
	t.Helper()
	return newServerOn(t, Config{Listen: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}, Workers: 2})
}

func newServerOn(t testing.TB, cfg Config) *Server {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the server: %v", err)
		}
	})
	return s
}

// client is the other end of a Transport: it takes the controlling part of ICE, the active one of DTLS, and opens
// and seals SRTP. Its links read by themselves; what comes stands in the channels.
type client struct {
	testing.TB
	server      *Server
	transport   *Transport
	certificate *dtls.Certificate
	endpoint    *dtls.Endpoint

	states    chan TransportState // as the transport reported them
	updates   chan ConsumerUpdate
	qualities chan Quality
	secure    chan struct{} // closed when the keys are there
	ended     chan error    // DTLS is over
	media     chan arrival
	control   chan pionrtcp.Packet
	answers   chan answer

	mu      sync.Mutex
	current *link
	links   []*link
	opener  *srtp.Opener
	sealer  *srtp.Sealer
	streams map[uint32]*incoming
	sealed  map[sealedAs][]byte // every packet as it came
	local   uint32              // own SSRC for RTCP
}

// sealedAs tells a packet that the server sealed.
type sealedAs struct {
	ssrc     uint32
	sequence int64 // extended
}

// incoming is what the client knows of an SSRC.
type incoming struct {
	window   srtp.Window
	sequence rtp.Unwrapper
}

// arrival is an RTP packet from the server.
type arrival struct {
	rtp.Header
	payload  []byte
	repeated bool // came before, with the very same bytes
	link     *link
}

// newClient makes a Transport and its other end, which is silent yet.
func newClient(t testing.TB, r *Router) *client {
	t.Helper()
	c := &client{
		TB: t, server: r.server,
		states: make(chan TransportState, 64), updates: make(chan ConsumerUpdate, 1024),
		qualities: make(chan Quality, 64), secure: make(chan struct{}), ended: make(chan error, 1),
		media: make(chan arrival, 1<<14), control: make(chan pionrtcp.Packet, 1<<14),
		answers: make(chan answer, 1<<10), streams: make(map[uint32]*incoming),
		sealed: make(map[sealedAs][]byte), local: newSSRC(),
	}
	var err error
	if c.certificate, err = dtls.NewCertificate(); err != nil {
		t.Fatal(err)
	}
	c.transport, err = r.NewTransport(TransportConfig{
		State: func(s TransportState) { c.states <- s },
		Consumers: func(list []ConsumerUpdate) {
			for _, u := range list {
				c.updates <- u
			}
		},
		Quality: func(q Quality) { c.qualities <- q },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// join makes a client and connects it.
func join(t testing.TB, r *Router) *client {
	t.Helper()
	c := newClient(t, r)
	c.dial(r.server.Addresses()[0])
	c.connect()
	return c
}

// connect brings ICE and DTLS up over the current link.
func (c *client) connect() {
	c.Helper()
	c.check(nominate)
	if err := c.transport.Connect(c.fingerprints()); err != nil {
		c.Fatal(err)
	}
	c.shakeHands()
	receive(c, c.secure, "the client's keys")
	c.wantState(TransportConnecting)
	c.wantState(TransportConnected)
}

// fingerprints are the client's, as signalling brings them to the server.
func (c *client) fingerprints() ortc.DTLSParameters {
	out := ortc.DTLSParameters{Role: "client"}
	for _, f := range c.certificate.Fingerprints() {
		out.Fingerprints = append(out.Fingerprints, ortc.DTLSFingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	return out
}

// shakeHands begins the DTLS handshake.
func (c *client) shakeHands() {
	cfg := dtls.Config{
		Certificate: c.certificate, Send: c.send, Ready: c.take,
		Closed: func(err error) { c.ended <- err },
	}
	for _, f := range c.transport.DTLSParameters().Fingerprints {
		cfg.Remote = append(cfg.Remote, dtls.Fingerprint{Algorithm: f.Algorithm, Value: f.Value})
	}
	endpoint := dtls.Dial(cfg)
	c.mu.Lock()
	c.endpoint = endpoint
	c.mu.Unlock()
	c.Cleanup(endpoint.Close)
}

// take takes the keys of the handshake.
func (c *client) take(k dtls.Keys) {
	sealer, errSeal := srtp.NewSealer(k.Profile, k.LocalKey, k.LocalSalt)
	opener, errOpen := srtp.NewOpener(k.Profile, k.RemoteKey, k.RemoteSalt)
	if errSeal != nil || errOpen != nil {
		c.Errorf("keys: %v, %v", errSeal, errOpen)
		return
	}
	c.mu.Lock()
	c.sealer, c.opener = sealer, opener
	c.mu.Unlock()
	close(c.secure)
}

// send sends a packet over the current link.
func (c *client) send(packet []byte) {
	c.mu.Lock()
	l := c.current
	c.mu.Unlock()
	if err := l.send(packet); err != nil {
		c.Logf("send: %v", err)
	}
}

// read takes what comes over a link until it is closed.
func (c *client) read(l *link) {
	var buffer [1 << 16]byte
	for {
		n, err := l.receive(buffer[:])
		if err != nil {
			return
		}
		packet := bytes.Clone(buffer[:n])
		switch {
		case n == 0:
		case packet[0] < 4:
			c.readSTUN(l, packet)
		case dtls.IsDTLS(packet):
			c.mu.Lock()
			endpoint := c.endpoint
			c.mu.Unlock()
			if endpoint != nil {
				endpoint.Receive(packet)
			}
		case rtp.IsRTCP(packet):
			c.readRTCP(packet)
		default:
			c.readRTP(l, packet)
		}
	}
}

func (c *client) readRTP(l *link, packet []byte) {
	a := arrival{link: l}
	if err := a.Parse(packet); err != nil {
		c.Errorf("the server sent broken RTP: %v: %x", err, packet)
		return
	}
	raw := bytes.Clone(packet)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opener == nil {
		c.Errorf("media before the keys")
		return
	}
	in := c.streams[a.SSRC]
	if in == nil {
		in = new(incoming)
		c.streams[a.SSRC] = in
	}
	as := sealedAs{a.SSRC, in.sequence.Unwrap(a.Sequence)}
	if before, repeated := c.sealed[as]; repeated {
		if !bytes.Equal(before, raw) {
			c.Errorf("SSRC %d, number %d was sealed twice with different bytes", as.ssrc, as.sequence)
		}
		a.repeated = true
		c.media <- a
		return
	}
	c.sealed[as] = raw
	payload, _, err := c.opener.OpenRTP(&in.window, packet, a.Len, a.SSRC)
	if errors.Is(err, srtp.ErrReplay) {
		return // it is late: a retransmission may be later than our window is long
	}
	if err == nil {
		a.payload, err = rtp.TrimPadding(&a.Header, payload)
	}
	if err != nil {
		c.Errorf("open SSRC %d, number %d: %v", a.SSRC, a.Sequence, err)
		return
	}
	c.media <- a
}

func (c *client) readRTCP(packet []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opener == nil {
		c.Errorf("reports before the keys")
		return
	}
	plain, err := c.opener.OpenRTCP(packet)
	if err != nil {
		c.Errorf("open RTCP: %v", err)
		return
	}
	list, err := pionrtcp.Unmarshal(plain)
	if err != nil {
		c.Errorf("the server sent broken RTCP: %v: %x", err, plain)
		return
	}
	for _, p := range list {
		c.control <- p
	}
}

// receive waits for a value.
func receive[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(deadline):
		t.Fatalf("%s did not come", what)
		panic("not reached")
	}
}

// await takes values until one fits.
func await[T any](t testing.TB, from <-chan T, what string, fits func(T) bool) T {
	t.Helper()
	late := time.After(deadline)
	for {
		select {
		case v := <-from:
			if fits(v) {
				return v
			}
		case <-late:
			t.Fatalf("%s did not come", what)
		}
	}
}

// paced does something every 20 ms, as a sender of audio does, until a value fits.
func paced[T any](t testing.TB, do func(), from <-chan T, what string, fits func(T) bool) T {
	t.Helper()
	late := time.After(deadline)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case v := <-from:
			if fits(v) {
				return v
			}
		case <-ticker.C:
			do()
		case <-late:
			t.Fatalf("%s did not come", what)
		}
	}
}

// awaitControl takes control packets until one of the type fits; nil takes any of the type.
func awaitControl[T pionrtcp.Packet](c *client, what string, fits func(T) bool) T {
	c.Helper()
	p := await(c, c.control, what, func(p pionrtcp.Packet) bool {
		of, ok := p.(T)
		return ok && (fits == nil || fits(of))
	})
	return p.(T)
}

// wantState waits for the next state.
func (c *client) wantState(want TransportState) {
	c.Helper()
	if got := receive(c, c.states, "a state"); got != want {
		c.Fatalf("the transport's state is %d, want %d", got, want)
	}
}

// wantSilence checks that no media has come. The caller has seen to it that none is under way.
func (c *client) wantSilence() {
	c.Helper()
	select {
	case a := <-c.media:
		c.Errorf("SSRC %d, number %d came: %x", a.SSRC, a.Sequence, a.payload)
	default:
	}
}

// link is a way to the server: a UDP socket, or an ICE-TCP connection with frames (RFC 4571).
type link struct {
	conn   net.Conn
	framed bool
}

func (l *link) send(packet []byte) error {
	if l.framed {
		packet = append([]byte{byte(len(packet) >> 8), byte(len(packet))}, packet...)
	}
	_, err := l.conn.Write(packet)
	return err
}

func (l *link) receive(b []byte) (int, error) {
	if !l.framed {
		return l.conn.Read(b)
	}
	if _, err := io.ReadFull(l.conn, b[:2]); err != nil {
		return 0, err
	}
	n := int(b[0])<<8 | int(b[1])
	return io.ReadFull(l.conn, b[:n])
}
