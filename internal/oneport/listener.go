// Package oneport lets media and the web share one TCP port. It looks at the first byte of each connection: below
// 0x14 it is the length of an RFC 4571 frame that holds STUN or DTLS, and the connection goes to the media server;
// 0x16 begins TLS and a letter begins HTTP, and the connection comes out of Accept.
//
// A Listener owns the goroutine that accepts and one for each connection that is undecided or carries media; Close
// ends and waits for all of them. It must not know what is spoken on either side.
package oneport

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits of connections: those whose first byte is awaited, and those that are decided. Browsers open connections
// ahead of need and leave them silent, and a school may stand behind one address.
const (
	firstByteTimeout  = 5 * time.Second
	maxUndecided      = 2048
	maxUndecidedOfOne = 256  // per IPv4 address or IPv6 /64
	maxMedia          = 8192 // connections that carry media
	maxWeb            = 16384
	maxWebOfOne       = 4096
)

// mediaBelow is the first byte from which on a connection is no media: frames of STUN and of DTLS handshakes are
// shorter than 0x1400 bytes.
const mediaBelow = 0x14

// Config says where connections go.
type Config struct {
	Media func(net.Conn) // takes a media connection over and returns when it ended; nil refuses them
	// Shared tells addresses of programs that hand on the requests of many; no limit of one origin holds for them. Nil:
	// there are none.
	Shared func(netip.Addr) bool
	Log    *slog.Logger
}

// Listener is a net.Listener of the connections that carry no media.
type Listener struct {
	inner    net.Listener
	config   Config
	accepted chan net.Conn
	done     chan struct{} // closed by Close
	running  sync.WaitGroup
	closing  sync.Once
	closeErr error

	mu        sync.Mutex
	undecided *places
	web       *places
	media     int
	open      map[net.Conn]struct{} // undecided and media; nil after Close
}

// Split starts to sort the connections of a listener, which it owns from now on.
func Split(inner net.Listener, config Config) *Listener {
	l := &Listener{
		inner: inner, config: config, accepted: make(chan net.Conn), done: make(chan struct{}),
		undecided: newPlaces(maxUndecided, maxUndecidedOfOne), web: newPlaces(maxWeb, maxWebOfOne),
		open: map[net.Conn]struct{}{},
	}
	l.running.Go(l.acceptAll)
	return l
}

// Accept waits for a connection that carries no media. After Close its error is net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.accepted:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Addr is the address listened on.
func (l *Listener) Addr() net.Addr { return l.inner.Addr() }

// Close stops to listen, closes the connections that came not out of Accept, and waits for their goroutines.
func (l *Listener) Close() error {
	l.closing.Do(func() {
		close(l.done)
		l.closeErr = l.inner.Close()
		l.mu.Lock()
		open := l.open
		l.open = nil
		l.mu.Unlock()
		for conn := range open {
			_ = conn.Close() // nobody is left to tell
		}
	})
	l.running.Wait()
	return l.closeErr
}

func (l *Listener) acceptAll() {
	const most = time.Second
	pause := 5 * time.Millisecond
	for {
		conn, err := l.inner.Accept()
		if err == nil {
			pause = 5 * time.Millisecond
			l.begin(conn)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		// Mostly too many open files: others will be closed.
		l.config.Log.Warn("accept a connection", "error", err)
		select {
		case <-time.After(pause):
			pause = min(2*pause, most)
		case <-l.done:
			return
		}
	}
}

func (l *Listener) begin(conn net.Conn) {
	origin := originOf(conn, l.config.Shared)
	if !l.enter(conn, origin) {
		_ = conn.Close() // refused for want of room
		return
	}
	l.running.Go(func() { l.sort(conn, origin) })
}

// sort waits for the first byte and sends the connection where it belongs.
func (l *Listener) sort(conn net.Conn, origin netip.Prefix) {
	first := []byte{0}
	err := conn.SetReadDeadline(time.Now().Add(firstByteTimeout))
	if err == nil {
		_, err = conn.Read(first)
	}
	if err == nil {
		err = conn.SetReadDeadline(time.Time{})
	}
	switch {
	case err != nil:
		l.decide(origin)
		l.drop(conn)
	case first[0] < mediaBelow:
		l.decide(origin)
		l.carry(conn, first)
		l.drop(conn)
	default:
		l.hand(conn, first, origin)
		l.decide(origin)
	}
}

// hand gives a connection to Accept.
func (l *Listener) hand(conn net.Conn, first []byte, origin netip.Prefix) {
	l.mu.Lock()
	delete(l.open, conn)
	room := l.web.take(origin)
	l.mu.Unlock()
	if !room {
		_ = conn.Close() // refused for want of room
		return
	}
	web := &prefixed{Conn: conn, prefix: first, closed: func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.web.free(origin)
	}}
	select {
	case l.accepted <- web:
	case <-l.done:
		_ = web.Close() // nobody accepts any more
	}
}

func (l *Listener) carry(conn net.Conn, first []byte) {
	l.mu.Lock()
	room := l.config.Media != nil && l.media < maxMedia
	if room {
		l.media++
	}
	l.mu.Unlock()
	if !room {
		return
	}
	l.config.Media(&prefixed{Conn: conn, prefix: first})
	l.mu.Lock()
	l.media--
	l.mu.Unlock()
}

// enter takes note of a connection unless there are too many undecided ones.
func (l *Listener) enter(conn net.Conn, origin netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil || !l.undecided.take(origin) {
		return false
	}
	l.open[conn] = struct{}{}
	return true
}

// decide gives the place of an undecided connection back.
func (l *Listener) decide(origin netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.undecided.free(origin)
}

func (l *Listener) drop(conn net.Conn) {
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
	_ = conn.Close() // it may be closed already
}
