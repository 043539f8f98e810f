package dtls

import (
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// wire leads packets to an end that may not exist yet.
type wire struct {
	lose func(n int, packet []byte) bool // n counts from 0; nil loses nothing

	mu      sync.Mutex
	to      *Endpoint
	waiting [][]byte
	sent    int
}

func (w *wire) send(packet []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.sent
	w.sent++
	if w.lose != nil && w.lose(n, packet) {
		return
	}
	if w.to == nil {
		w.waiting = append(w.waiting, append([]byte(nil), packet...))
		return
	}
	w.to.Receive(packet)
}

func (w *wire) attach(e *Endpoint) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = e
	for _, p := range w.waiting {
		e.Receive(p)
	}
	w.waiting = nil
}

// end is one end of a test's connection and what it was told.
type end struct {
	*Endpoint
	ready  chan Keys
	closed chan error
}

func newCertificate(t testing.TB) *Certificate {
	t.Helper()
	c, err := NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// config makes a Config that notes in e what it is told.
func (e *end) config(own *Certificate, remote []Fingerprint, send func([]byte)) Config {
	e.ready, e.closed = make(chan Keys, 2), make(chan error, 2)
	return Config{
		Certificate: own,
		Remote:      remote,
		Send:        send,
		Ready:       func(k Keys) { e.ready <- k },
		Closed:      func(err error) { e.closed <- err },
	}
}

// connect connects a client to a server over two wires, whose loss may be set before.
func connect(t testing.TB, up, down *wire) (client, server *end) {
	t.Helper()
	ours, theirs := newCertificate(t), newCertificate(t)
	client, server = &end{}, &end{}
	server.Endpoint = Serve(server.config(ours, theirs.Fingerprints(), down.send))
	up.attach(server.Endpoint)
	client.Endpoint = Dial(client.config(theirs, ours.Fingerprints()[:1], up.send))
	down.attach(client.Endpoint)
	return client, server
}

func isParked(e *Endpoint) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.parked != nil
}
