package sfu

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v3"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/dtls"
)

// at does a transport's periodic work as if it were so much later.
func (c *client) at(later time.Duration) {
	p := newPipeline(c.server, &c.server.traffic, 0)
	p.now, p.worker = c.server.now()+int64(later), c.transport.home.Load()
	c.transport.nextTick.Store(0)
	c.transport.tick(p)
	p.flush()
}

// TestSilence: who is not heard counts as disconnected, gets nothing more after a while, and may come back.
func TestSilence(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("one"))
	bob.next()

	bob.at(silence - time.Second)
	if s := bob.transport.State(); s != TransportConnected {
		t.Errorf("state %d after some seconds", s)
	}
	bob.at(silence + time.Second)
	bob.wantState(TransportDisconnected)
	voice.next([]byte("two"))
	if got := bob.next(); string(got.payload) != "two" {
		t.Errorf("%q came", got.payload)
	}
	bob.check()
	bob.wantState(TransportConnected)

	bob.at(consentLifetime + time.Second)
	bob.wantState(TransportDisconnected)
	voice.next([]byte("three")) // to nobody
	alice.barrier()
	bob.check(nominate)
	bob.wantState(TransportConnected)
	voice.next([]byte("four"))
	if got := bob.next(); string(got.payload) != "four" {
		t.Errorf("%q came without the client's consent", got.payload)
	}
}

// TestComesBackAfterLong: to whom nothing was sent for so long that the numbers of what comes went once around, media
// comes again all the same.
func TestComesBackAfterLong(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("before"))
	bob.next()
	bob.at(consentLifetime + time.Second)
	for range 3 {
		voice.lose(30_000)
		voice.next([]byte("to nobody"))
	}
	alice.barrier()
	bob.check(nominate)
	voice.next([]byte("after"))
	if got := bob.next(); string(got.payload) != "after" {
		t.Errorf("%q came", got.payload)
	}
}

// TestPathSwitch: media follows the client to the address that it nominates, and to no other.
func TestPathSwitch(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)
	want := func(l *link, text string) {
		t.Helper()
		voice.next([]byte(text))
		if got := bob.next(); got.link != l || string(got.payload) != text {
			t.Errorf("%q came over the wrong link, or is not %q", got.payload, text)
		}
	}
	old := bob.links[0]
	want(old, "one")
	moved := bob.dial(bob.server.Addresses()[0])
	want(old, "nothing has come from the new address")
	bob.check()
	want(old, "checked, but not nominated")
	bob.check(nominate)
	want(moved, "moved")
	bob.use(old)
	bob.check()
	want(moved, "a check of the old path")
	bob.check(nominate)
	want(old, "moved back")

	// The sender moves too: packets from either address are taken.
	for i := range 2 * maxPaths {
		alice.dial(alice.server.Addresses()[0])
		alice.check(nominate)
		want(old, string(rune('a'+i)))
	}
	alice.transport.sendMu.Lock()
	defer alice.transport.sendMu.Unlock()
	if n := len(alice.transport.validated); n > maxPaths {
		t.Errorf("%d addresses are kept", n)
	}
}

// TestAnotherWayRemains: when an ICE-TCP connection ends, what was learned of it says nothing of the way that remains.
func TestAnotherWayRemains(t *testing.T) {
	bob := join(t, newServer(t).NewRouter(RouterConfig{}))
	known := bob.dialTCP()
	bob.check(nominate)
	tr := bob.transport
	tr.sendMu.Lock()
	remains := tr.validated[0]
	tr.congestion.sender = bwe.NewSender(0)
	tr.congestion.sender.Sent(1000, 1)
	tr.sendMu.Unlock()
	_ = known.conn.Close()
	bob.repeat(func() {}, func() bool {
		tr.sendMu.Lock()
		defer tr.sendMu.Unlock()
		return tr.path == remains
	})
	tr.sendMu.Lock()
	defer tr.sendMu.Unlock()
	if tr.congestion.sender.Unanswered(int64(time.Hour)) {
		t.Error("an answer to what was sent over the connection is waited for")
	}
}

// TestRestart: the old credentials are good until the client has moved on with the new ones.
func TestRestart(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	bob := join(t, router)
	first := bob.transport.ICEParameters()
	second := bob.transport.RestartICE()
	if second == first || second != bob.transport.ICEParameters() || !second.ICELite {
		t.Errorf("restarted with %+v", second)
	}
	bob.checkWith(first, nominate)
	bob.checkWith(second)
	bob.checkWith(first)
	mixed := ortc.ICEParameters{UsernameFragment: second.UsernameFragment, Password: first.Password}
	bob.send(request(t, mixed).Raw) // gets no answer
	bob.dial(bob.server.Addresses()[0])
	bob.checkWith(second, nominate)
	bob.send(request(t, first).Raw) // is past
	bob.checkWith(second)

	third := bob.transport.RestartICE()
	bob.checkWith(second)
	fourth := bob.transport.RestartICE() // again, before the client has moved
	bob.send(request(t, second).Raw)
	bob.checkWith(third)
	bob.checkWith(fourth, nominate)
	if n := len(bob.answers); n > 0 {
		t.Errorf("%d checks with wrong credentials were answered", n)
	}
	known := 0
	bob.server.transports.Range(func(_, _ any) bool { known++; return true })
	if known != 1 {
		t.Errorf("%d user fragments are kept", known)
	}
	if s := bob.transport.State(); s != TransportConnected {
		t.Errorf("the restart left the state %d", s)
	}
}

// TestRoleConflict: a client that takes the other role is told, and may try again.
func TestRoleConflict(t *testing.T) {
	for name, dial := range map[string]func(*client){
		"UDP": func(c *client) { c.dial(c.server.Addresses()[0]) },
		"TCP": func(c *client) { c.dialTCP() },
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
			dial(c)
			m := c.ask(request(t, c.transport.ICEParameters(), role(stun.AttrICEControlled), nominate))
			var code stun.ErrorCodeAttribute
			if err := code.GetFrom(m); err != nil || m.Type != stun.BindingError || code.Code != stun.CodeRoleConflict {
				t.Errorf("got %v, want 487 (%v)", m, err)
			}
			if s := c.transport.State(); s != TransportNew {
				t.Errorf("the state is %d", s)
			}
			c.connect()
		})
	}
}

// TestAnswerTellsTheAddress that the client was seen at.
func TestAnswerTellsTheAddress(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	l := c.dial(c.server.Addresses()[0])
	var mapped stun.XORMappedAddress
	if err := mapped.GetFrom(c.check()); err != nil || mapped.String() != l.conn.LocalAddr().String() {
		t.Errorf("mapped %v, want %v (%v)", mapped, l.conn.LocalAddr(), err)
	}
}

// TestHandshakeBeforeConnect: the client's first packets may come before its fingerprints.
func TestHandshakeBeforeConnect(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	c.dial(c.server.Addresses()[0])
	c.check(nominate)
	c.wantState(TransportConnecting)
	c.shakeHands()
	for {
		c.transport.sendMu.Lock()
		early := len(c.transport.early)
		c.transport.sendMu.Unlock()
		if early > 0 {
			break
		}
		c.check()
	}
	if err := c.transport.Connect(c.fingerprints()); err != nil {
		t.Fatal(err)
	}
	receive(t, c.secure, "the client's keys")
	c.wantState(TransportConnected)
	if err := c.transport.Connect(c.fingerprints()); err == nil {
		t.Error("connected twice")
	}
}

// TestCriterion27WrongFingerprint: nothing is taken from whoever has another certificate, nor sent to him.
func TestCriterion27WrongFingerprint(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, mallory := join(t, router), newClient(t, router)
	mallory.consume(alice.produce(microphone(1111)), 0)
	mallory.dial(mallory.server.Addresses()[0])
	mallory.check(nominate)
	stranger, err := dtls.NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	right := mallory.certificate
	mallory.certificate = stranger
	if err := mallory.transport.Connect(mallory.fingerprints()); err != nil {
		t.Fatal(err)
	}
	mallory.certificate = right
	mallory.shakeHands()
	mallory.wantState(TransportConnecting)
	mallory.wantState(TransportFailed)
	_ = receive(t, mallory.ended, "the end of the handshake")
	alice.sender(1111, opusType).next([]byte("secret"))
	alice.barrier()
	mallory.barrier()
	mallory.wantSilence()
	mallory.at(silence + time.Second)
	if s := mallory.transport.State(); s != TransportFailed {
		t.Errorf("the state became %d", s)
	}
}

func TestCriterion27ConnectWithoutFingerprint(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	if err := c.transport.Connect(ortc.DTLSParameters{Role: "client"}); err == nil {
		t.Error("connected")
	}
	c.transport.Close()
	if err := c.transport.Connect(c.fingerprints()); !errors.Is(err, ErrClosed) {
		t.Errorf("connect a closed transport: %v", err)
	}
}

// TestGoodbye: a client that ends DTLS is gone.
func TestGoodbye(t *testing.T) {
	c := join(t, newServer(t).NewRouter(RouterConfig{}))
	c.endpoint.Close()
	c.wantState(TransportFailed)
}

// TestOtherWays: media over ICE-TCP, over IPv6, and over a wildcard socket.
func TestOtherWays(t *testing.T) {
	loopback := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}
	for _, test := range []struct {
		name   string
		listen []netip.AddrPort
		dial   func(*client)
	}{
		{"TCP", loopback, func(c *client) { c.dialTCP() }},
		{"IPv6", []netip.AddrPort{netip.MustParseAddrPort("[::1]:0")}, func(c *client) { c.dial(c.server.Addresses()[0]) }},
		{"second address", append(loopback, netip.MustParseAddrPort("127.0.0.2:0")), func(c *client) {
			c.dial(c.server.Addresses()[1])
		}},
		{"wildcard", []netip.AddrPort{netip.MustParseAddrPort("0.0.0.0:0")}, func(c *client) {
			c.dial(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.3"), c.server.Addresses()[0].Port()))
		}},
		{"IPv4 on an IPv6 wildcard", []netip.AddrPort{netip.MustParseAddrPort("[::]:0")}, func(c *client) {
			c.dial(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.3"), c.server.Addresses()[0].Port()))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			router := newServerOn(t, Config{Listen: test.listen, Workers: 2}).NewRouter(RouterConfig{})
			alice, bob := newClient(t, router), newClient(t, router)
			for _, c := range []*client{alice, bob} {
				test.dial(c)
				c.connect()
			}
			media, _ := ssrcs(t, bob.consume(alice.produce(microphone(1111)), 0))
			voice := alice.sender(1111, opusType)
			for i := range 10 {
				voice.next([]byte{byte(i)})
				if got := bob.next(); got.payload[0] != byte(i) {
					t.Errorf("packet %d came as %x", i, got.payload)
				}
			}
			bob.nack(media, uint16(0)) // something comes back as well
			bob.barrier()
		})
	}
}
