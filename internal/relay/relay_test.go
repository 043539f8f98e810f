package relay

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"stube/internal/relay/schedule"
)

// echo is a server that sends back what it gets, and remembers the address that it came from last.
type echo struct {
	socket *net.UDPConn
	mu     sync.Mutex
	from   netip.AddrPort
}

func newEcho(t *testing.T) *echo {
	t.Helper()
	e := &echo{socket: listen(t, "127.0.0.1")}
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	t.Cleanup(func() { _ = e.socket.Close() })
	running.Go(func() {
		buffer := make([]byte, maxPacket)
		for {
			n, from, err := e.socket.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			e.mu.Lock()
			e.from = from
			e.mu.Unlock()
			_, _ = e.socket.WriteToUDPAddrPort(buffer[:n], from)
		}
	})
	return e
}

func (e *echo) last() netip.AddrPort {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.from
}

func listen(t *testing.T, host string) *net.UDPConn {
	t.Helper()
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(host), 0)))
	if err != nil {
		t.Fatal(err)
	}
	return socket
}

func newRelay(t *testing.T, e *echo) *Relay {
	t.Helper()
	r, err := Start(Options{
		Listen: netip.MustParseAddrPort("127.0.0.1:0"),
		Server: e.socket.LocalAddr().(*net.UDPAddr).AddrPort(), Seed: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// client is a socket of a participant.
type client struct {
	*net.UDPConn
	relay *Relay
}

func newClient(t *testing.T, r *Relay, host string) client {
	t.Helper()
	c := client{UDPConn: listen(t, host), relay: r}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (c client) send(t *testing.T, number int) {
	t.Helper()
	if _, err := c.WriteToUDPAddrPort(binary.BigEndian.AppendUint32(nil, uint32(number)), c.relay.Address()); err != nil {
		t.Fatal(err)
	}
}

// expect waits for the next packet.
func (c client) expect(t *testing.T, number int) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	var b [16]byte
	n, err := c.Read(b[:])
	if err != nil || n != 4 || binary.BigEndian.Uint32(b[:]) != uint32(number) {
		t.Fatalf("received %x, %v; want %d", b[:n], err, number)
	}
}

func TestRelayCarriesBothWays(t *testing.T) {
	r := newRelay(t, newEcho(t))
	c := newClient(t, r, "127.0.0.1")
	for i := range 100 {
		c.send(t, i)
		c.expect(t, i)
	}
	up, down := r.Client("").Counters(Up), r.Client("").Counters(Down)
	if up.Delivered != 100 || down.Delivered != 100 || down.Bytes != 100*(4+headers) {
		t.Errorf("counted %d up, %d down, %d bytes", up.Delivered, down.Delivered, down.Bytes)
	}
}

func TestRelayDelaysBothWays(t *testing.T) {
	r := newRelay(t, newEcho(t))
	c := newClient(t, r, "127.0.0.1")
	for _, d := range []Direction{Up, Down} {
		r.Client("").Shape(d, schedule.Steady(schedule.Profile{Delay: 30 * time.Millisecond}))
	}
	start := time.Now()
	c.send(t, 1)
	c.send(t, 2)
	c.expect(t, 1)
	if took := time.Since(start); took < 60*time.Millisecond {
		t.Errorf("took %v", took)
	}
	c.expect(t, 2)
}

func TestRelayTellsClientsApart(t *testing.T) {
	r := newRelay(t, newEcho(t))
	bad := r.Client("bad")
	bad.Shape(Down, schedule.Steady(schedule.Profile{Loss: 1}))
	r.Assign(netip.MustParseAddr("127.0.0.9"), bad)
	good, lossy := newClient(t, r, "127.0.0.1"), newClient(t, r, "127.0.0.9")
	lossy.send(t, 1)
	good.send(t, 2)
	good.expect(t, 2)
	until(t, func() bool { return bad.Counters(Down).Lost == 1 })
	r.Newcomers(bad)
	late := newClient(t, r, "127.0.0.1")
	late.send(t, 3)
	until(t, func() bool { return bad.Counters(Down).Lost == 2 })
	good.send(t, 4) // stays who it was
	good.expect(t, 4)
	bad.Shape(Down, nil)
	lossy.send(t, 5)
	lossy.expect(t, 5)
}

func TestMoveChangesTheAddressThatTheServerSees(t *testing.T) {
	e := newEcho(t)
	r := newRelay(t, e)
	c := newClient(t, r, "127.0.0.1")
	c.send(t, 1)
	c.expect(t, 1)
	before := e.last()
	if err := r.Client("").Move(); err != nil {
		t.Fatal(err)
	}
	c.send(t, 2)
	c.expect(t, 2)
	if e.last() == before {
		t.Error("the address is the same")
	}
}

func TestScheduleBeginsWhenItIsSet(t *testing.T) {
	r := newRelay(t, newEcho(t))
	c := newClient(t, r, "127.0.0.1")
	s, err := schedule.Parse("loss=100%; at=300ms loss=0%")
	if err != nil {
		t.Fatal(err)
	}
	r.Client("").Shape(Down, s)
	for i := 0; r.Client("").Counters(Down).Delivered == 0; i++ { // until the change
		lost := r.Client("").Counters(Down).Packets
		c.send(t, i)
		until(t, func() bool { return r.Client("").Counters(Down).Packets > lost })
	}
	if lost := r.Client("").Counters(Down).Lost; lost == 0 {
		t.Error("nothing was lost before the change")
	}
}

func TestCloseEndsEverything(t *testing.T) {
	r := newRelay(t, newEcho(t))
	r.Client("").Shape(Up, schedule.Steady(schedule.Profile{Delay: time.Second}))
	newClient(t, r, "127.0.0.1").send(t, 1)
	until(t, func() bool { return r.Client("").Counters(Up).Packets == 1 })
	r.Close()
	r.Close()
	if err := r.Client("").Move(); err == nil {
		t.Error("a closed relay moves its flows")
	}
}

// until waits for a condition.
func until(t *testing.T, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	for !condition() {
		select {
		case <-poll.C:
		case <-ctx.Done():
			t.Fatal("it doesn't come to be")
		}
	}
}
