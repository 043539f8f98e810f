package sfu

import (
	"testing"
	"time"
)

// criterion 27: a handshake that comes from an address that ICE has not validated gets no answer, though everything
// else about it is right; from the one that was validated it goes on.
func TestCriterion27HandshakeFromElsewhere(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	validated := c.dial(c.server.Addresses()[0])
	c.check(nominate)
	c.wantState(TransportConnecting)
	if err := c.transport.Connect(c.fingerprints()); err != nil {
		t.Fatal(err)
	}
	c.use(c.dial(c.server.Addresses()[0]))
	before := c.server.Counters().UnknownAddress
	c.shakeHands()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for c.server.Counters().UnknownAddress == before {
		select {
		case <-look.C:
		case <-c.secure:
			t.Fatal("a handshake from an address that nobody validated succeeded")
		}
	}
	c.use(validated)
	receive(t, c.secure, "the client's keys")
	c.wantState(TransportConnected)
}
