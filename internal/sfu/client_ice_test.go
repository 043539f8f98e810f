package sfu

import (
	"bytes"
	"net"
	"net/netip"
	"testing"

	"github.com/pion/stun/v3"

	"stube/internal/ortc"
)

// answer is a STUN message from the server.
type answer struct {
	*stun.Message
	link *link
}

// nominate is the attribute by which the controlling side chooses a path.
var nominate = stun.RawAttribute{Type: stun.AttrUseCandidate}

// dial opens a UDP socket towards the server, which becomes the current link.
func (c *client) dial(to netip.AddrPort) *link {
	c.Helper()
	return c.dialFrom(nil, to)
}

// dialFrom does so from one of this machine's addresses.
func (c *client) dialFrom(local net.IP, to netip.AddrPort) *link {
	c.Helper()
	conn, err := net.DialUDP("udp", &net.UDPAddr{IP: local}, net.UDPAddrFromAddrPort(to))
	if err != nil {
		c.Fatal(err)
	}
	_ = conn.SetReadBuffer(4 << 20)
	return c.attach(&link{conn: conn})
}

// dialTCP opens an ICE-TCP connection to the server.
func (c *client) dialTCP() *link {
	c.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		c.Fatal(err)
	}
	far, err := listener.Accept()
	if err != nil {
		c.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		c.server.ServeTCP(far)
	}()
	l := c.attach(&link{conn: conn, framed: true})
	c.Cleanup(func() {
		_ = conn.Close()
		receive(c, served, "the end of ServeTCP")
	})
	return l
}

// attach makes a link the current one and reads from it.
func (c *client) attach(l *link) *link {
	c.mu.Lock()
	c.current = l
	c.links = append(c.links, l)
	c.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.read(l)
	}()
	c.Cleanup(func() {
		_ = l.conn.Close()
		<-done
	})
	return l
}

func (c *client) use(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = l
}

func (c *client) readSTUN(l *link, packet []byte) {
	m := &stun.Message{Raw: packet}
	if err := m.Decode(); err != nil {
		c.Errorf("the server sent broken STUN: %v: %x", err, packet)
		return
	}
	c.answers <- answer{m, l}
}

// request builds a connectivity check with the credentials, and the attributes besides those that each has.
func request(t testing.TB, p ortc.ICEParameters, attributes ...stun.Setter) *stun.Message {
	t.Helper()
	setters := []stun.Setter{
		stun.TransactionID, stun.BindingRequest,
		stun.NewUsername(p.UsernameFragment + ":far"),
		stun.RawAttribute{Type: stun.AttrPriority, Value: []byte{0x6e, 0, 1, 0xff}},
	}
	setters = append(setters, attributes...)
	m, err := stun.Build(append(setters, stun.NewShortTermIntegrity(p.Password), stun.Fingerprint)...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// role is the tie-breaker attribute of a role.
func role(kind stun.AttrType) stun.RawAttribute {
	return stun.RawAttribute{Type: kind, Value: bytes.Repeat([]byte{7}, 8)}
}

// check makes a connectivity check over the current link and waits for its success.
func (c *client) check(attributes ...stun.Setter) *stun.Message {
	c.Helper()
	return c.checkWith(c.transport.ICEParameters(), attributes...)
}

func (c *client) checkWith(p ortc.ICEParameters, attributes ...stun.Setter) *stun.Message {
	c.Helper()
	m := c.ask(request(c, p, append(attributes, role(stun.AttrICEControlling))...))
	if m.Type != stun.BindingSuccess {
		c.Fatalf("a connectivity check got %v", m)
	}
	if err := stun.NewShortTermIntegrity(p.Password).Check(m); err != nil {
		c.Fatalf("the answer to a connectivity check: %v", err)
	}
	return m
}

// ask sends a request and waits for its answer, over the same link.
func (c *client) ask(m *stun.Message) *stun.Message {
	c.Helper()
	c.mu.Lock()
	l := c.current
	c.mu.Unlock()
	c.send(m.Raw)
	a := await(c, c.answers, "an answer to a connectivity check", func(a answer) bool {
		return a.TransactionID == m.TransactionID
	})
	if a.link != l {
		c.Errorf("the answer came over another link")
	}
	return a.Message
}

// barrier waits until the server has done with all that was sent over the current link: the first check is answered
// together with what came before it, the second only after all of that has left.
func (c *client) barrier() {
	c.Helper()
	c.check()
	c.check()
}
