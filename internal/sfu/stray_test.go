package sfu

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/sfu/udp"
)

// repeat sends again and again until something happened.
func (c *client) repeat(send func(), happened func() bool) {
	c.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	late := time.After(deadline)
	for !happened() {
		send()
		select {
		case <-again.C:
		case <-late:
			c.Fatal("nothing happened")
		}
	}
}

// TestFollowsAnotherPort: when a router forgot the flows, who sends is heard from the new port and gets media there, by
// what is sent or by reports alone, without any connectivity check.
func TestFollowsAnotherPort(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	heard := bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("old"))
	bob.next()

	alice.dial(alice.server.Addresses()[0])
	alice.repeat(func() { voice.next([]byte("new")) }, func() bool { return len(bob.media) > 0 })

	moved := bob.dial(bob.server.Addresses()[0])
	report := func() {
		bob.report(&pionrtcp.ReceiverReport{SSRC: bob.local})
		voice.next([]byte("on"))
	}
	media, _ := ssrcs(t, heard)
	bob.repeat(report, func() bool {
		for len(bob.media) > 0 {
			if a := bob.next(); a.SSRC == media && a.link == moved {
				return true
			}
		}
		return false
	})
	if s := bob.transport.State(); s != TransportConnected {
		t.Errorf("the state is %d", s)
	}
}

// TestStrays: only who was at the same address, fell silent on the known way and sends something new is followed.
func TestStrays(t *testing.T) {
	s, w, _ := handWorkers(t)
	alice := join(t, s.NewRouter(RouterConfig{}))
	alice.produce(microphone(1111))
	voice := alice.sender(1111, opusType)
	voice.next([]byte("old"))
	old := voice.seal(999, []byte("older"))
	alice.barrier()
	known := alice.transport.path
	elsewhere := known
	elsewhere.udp.Remote = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.9"), known.udp.Remote.Port())
	socket := known
	socket.socket++
	port := known
	port.udp.Remote = netip.AddrPortFrom(known.udp.Remote.Addr(), known.udp.Remote.Port()^1)
	later := alice.server.now() + int64(time.Second)
	forged := voice.seal(1001, []byte("new"))
	forged[20] ^= 1

	for _, test := range []struct {
		name   string
		packet []byte
		from   path
		now    int64
	}{
		{"the old way still lives", voice.seal(1001, []byte("new")), port, alice.transport.lastHeard.Load()},
		{"another address", voice.seal(1001, []byte("new")), elsewhere, later},
		{"another socket", voice.seal(1001, []byte("new")), socket, later},
		{"an old packet", old, port, later},
		{"a forged packet", forged, port, later},
		{"a forged report", append(alice.sealRTCP([]byte{0x80, 201, 0, 1, 0, 0, 0, 9}), 1), port, later},
		{"an SSRC of nobody", alice.sender(2222, opusType).seal(1, []byte("new")), port, later},
		{"cut short", []byte{0x80}, port, later},
		{"DTLS", append([]byte{22, 0xfe, 0xfd}, make([]byte, 60)...), port, later},
	} {
		w.pipe.now, w.nextStray = test.now, 0
		if w.adopt(&udp.Datagram{Payload: test.packet, Remote: test.from.udp.Remote}, test.from) != nil {
			t.Errorf("%s: it is followed", test.name)
		}
	}

	fresh := voice.seal(1001, []byte("new"))
	kept := bytes.Clone(fresh)
	w.pipe.now, w.nextStray = later, later+1
	if w.adopt(&udp.Datagram{Payload: fresh, Remote: port.udp.Remote}, port) != nil {
		t.Error("a search took place too early")
	}
	w.nextStray = 0
	if w.adopt(&udp.Datagram{Payload: fresh, Remote: port.udp.Remote}, port) != alice.transport {
		t.Error("who moved is not followed")
	}
	if !bytes.Equal(fresh, kept) {
		t.Error("the search changed the packet")
	}
	if w.nextStray <= later-int64(strayBurst) {
		t.Error("the search took no time")
	}
	if w.lookup(port.udp) != alice.transport || !alice.transport.uses(port) || alice.transport.isValidated(port) {
		t.Error("the port is not noted, or as one that ICE has validated")
	}
	alice.barrier() // ICE nominates the way from before
	alice.check(nominate)
	if alice.transport.uses(port) {
		t.Error("the port is kept though ICE nominated another one")
	}
}

// TestOneStrayIsEnough: who sends one packet from another port, just after one on the known way, and then nothing, is
// followed when the known way stays silent; and not when it does not.
func TestOneStrayIsEnough(t *testing.T) {
	s, w, _ := handWorkers(t)
	alice := join(t, s.NewRouter(RouterConfig{}))
	alice.produce(microphone(1111))
	voice := alice.sender(1111, opusType)
	voice.next([]byte("old"))
	alice.barrier()
	known := alice.transport.path
	port := known
	port.udp.Remote = netip.AddrPortFrom(known.udp.Remote.Addr(), known.udp.Remote.Port()^1)
	for _, silent := range []bool{false, true} {
		at := alice.server.now() + int64(time.Hour) // the server's own looks come before
		alice.transport.lastHeard.Store(at - 1)
		w.pipe.now, w.nextStray = at, 0
		packet := voice.seal(2000, []byte("new"))
		if w.adopt(&udp.Datagram{Payload: packet, Remote: port.udp.Remote}, port) != nil {
			t.Fatal("it is followed at once")
		}
		if !silent {
			alice.transport.lastHeard.Store(at)
		}
		alice.transport.sendMu.Lock()
		alice.transport.followStray(at + int64(strayQuiet) - 1)
		early := alice.transport.path
		alice.transport.followStray(at + int64(strayQuiet))
		late := alice.transport.path
		alice.transport.sendMu.Unlock()
		if early != known || (late == port) != silent {
			t.Errorf("silent %t: at %v, then at %v", silent, early, late)
		}
	}
}

// criterion 27: at a port that is only followed no DTLS is taken until ICE has validated it.
func TestCriterion27HandshakeFromAFollowedPort(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)
	voice.next(nil)
	bob.next()
	alice.dial(alice.server.Addresses()[0])
	alice.repeat(func() { voice.next([]byte("new")) }, func() bool { return len(bob.media) > 0 })

	before := alice.server.Counters().UnknownAddress
	alice.endpoint.Close() // says goodbye
	alice.repeat(func() { voice.next([]byte("on")) }, func() bool {
		return alice.server.Counters().UnknownAddress > before
	})
	if s := alice.transport.State(); s != TransportConnected {
		t.Errorf("the goodbye was taken: the state is %d", s)
	}
}
