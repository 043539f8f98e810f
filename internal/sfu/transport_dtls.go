package sfu

import (
	"bytes"

	"stube/internal/sfu/dtls"
	"stube/internal/sfu/srtp"
)

// maxEarly is how many DTLS packets are kept until the client's fingerprints come: a ClientHello in two packets and
// its repetition.
const maxEarly = 4

// receiveDTLS hands a DTLS packet to the handshake. It comes from an address that ICE has validated.
func (t *Transport) receiveDTLS(packet []byte) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	switch {
	case t.endpoint != nil:
		t.endpoint.Receive(packet)
	case len(t.early) < maxEarly && !t.closed.Load():
		t.early = append(t.early, bytes.Clone(packet))
	}
}

// sendDTLS sends a packet of the handshake. It comes from the endpoint's goroutine.
func (t *Transport) sendDTLS(packet []byte) {
	t.sendMu.Lock()
	to := t.path
	t.sendMu.Unlock()
	if !to.valid() {
		return
	}
	t.server.withPipeline(func(p *pipeline) { p.raw(to, packet) })
}

// secured takes the keys that the handshake brought.
func (t *Transport) secured(keys dtls.Keys) {
	sealer, err := srtp.NewSealer(keys.Profile, keys.LocalKey, keys.LocalSalt)
	if err != nil {
		t.unsecured(err)
		return
	}
	opener, err := srtp.NewOpener(keys.Profile, keys.RemoteKey, keys.RemoteSalt)
	if err != nil {
		t.unsecured(err)
		return
	}
	t.recvMu.Lock()
	t.opener = opener
	t.recvMu.Unlock()
	t.sendMu.Lock()
	t.sealer.Store(sealer)
	t.setState(TransportConnected)
	t.sendMu.Unlock()
	t.lastHeard.Store(t.server.now())
	t.urge()
	t.reportState()
	t.server.withPipeline(t.rethink) // and ask for the key frames that consumers wait for
}

// unsecured notes that there is no encrypted connection, or no longer one.
func (t *Transport) unsecured(err error) {
	if t.closed.Load() {
		return
	}
	t.server.log.Info("a transport's DTLS ended", "transport", t.id, "error", err)
	t.recvMu.Lock()
	t.opener = nil
	t.recvMu.Unlock()
	t.sendMu.Lock()
	t.sealer.Store(nil)
	t.setState(TransportFailed)
	t.sendMu.Unlock()
	t.reportState()
}
