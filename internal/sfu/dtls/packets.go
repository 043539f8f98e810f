package dtls

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	maxPacket = 8192 // bytes; pion reads no longer ones
	maxQueued = 16   // packets that wait for the handshake; a flight has fewer
	// maxHandshake is how many bytes a handshake may take. Browsers need some 3 KiB, and repeat themselves on a bad
	// network; pion would keep 8 MB of what an unknown end sends.
	maxHandshake = 64 << 10
)

// packets is the net.PacketConn that pion reads and writes: a queue towards it, and a function from it. It needs no
// goroutine.
type packets struct {
	send func([]byte)

	mu          sync.Mutex
	arrived     sync.Cond // a packet, or a change of one of these:
	queue       [][]byte
	reading     bool  // somebody waits for a packet
	heard       bool  // a packet came since finishIdle was last asked
	expired     bool  // the read deadline has passed
	end         error // what reads get from now on; nil while the connection lives
	established bool
	taken       int // bytes, before it was established

	sending sync.Mutex // held while send runs; guards mute
	mute    bool
}

func newPackets(send func([]byte)) *packets {
	p := &packets{send: send}
	p.arrived.L = &p.mu
	return p
}

// push queues a copy of a packet. It drops what is too much.
func (p *packets) push(packet []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end != nil || len(p.queue) >= maxQueued || len(packet) > maxPacket {
		return
	}
	if !p.established {
		if p.taken+len(packet) > maxHandshake {
			return
		}
		p.taken += len(packet)
	}
	if c := sift(append([]byte(nil), packet...), p.established); len(c) > 0 {
		p.queue = append(p.queue, c)
		p.heard = true
		p.arrived.Signal()
	}
}

// establish says that the handshake is done: from now on only encrypted records are taken.
func (p *packets) establish() {
	p.mu.Lock()
	p.established = true
	p.mu.Unlock()
}

// finish ends reading, and when it has returned, nothing is sent any more. Reads get the error.
func (p *packets) finish(err error) {
	p.mu.Lock()
	if p.end == nil {
		p.end = err
	}
	p.queue = nil
	p.arrived.Broadcast()
	p.mu.Unlock()

	p.sending.Lock()
	p.mute = true
	p.sending.Unlock()
}

// finishIdle is finish(io.EOF), unless a packet has come since it was last called, or is being read.
func (p *packets) finishIdle() bool {
	p.mu.Lock()
	idle := p.reading && !p.heard && p.end == nil
	p.heard = false
	if idle {
		p.end = io.EOF
	}
	p.mu.Unlock()
	if idle {
		p.finish(io.EOF)
	}
	return idle
}

// ReadFrom waits for a packet.
func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.end != nil:
			return 0, nil, p.end
		case p.expired:
			return 0, nil, os.ErrDeadlineExceeded
		case len(p.queue) > 0:
			n := copy(b, p.queue[0])
			p.queue[0] = nil
			p.queue = p.queue[1:]
			if len(p.queue) == 0 {
				p.queue = nil
			}
			return n, peer{}, nil
		}
		p.reading = true
		p.arrived.Wait()
		p.reading = false
	}
}

// WriteTo sends a packet; there is one peer only, so the address says nothing.
func (p *packets) WriteTo(b []byte, _ net.Addr) (int, error) {
	p.sending.Lock()
	defer p.sending.Unlock()
	if p.mute {
		return 0, net.ErrClosed
	}
	p.send(b)
	return len(b), nil
}

// Close ends reading and writing.
func (p *packets) Close() error {
	p.finish(net.ErrClosed)
	return nil
}

// SetReadDeadline knows two times: none, and one that has passed. pion interrupts a read by the latter.
func (p *packets) SetReadDeadline(t time.Time) error {
	p.mu.Lock()
	p.expired = !t.IsZero()
	p.arrived.Broadcast()
	p.mu.Unlock()
	return nil
}

// SetDeadline is SetReadDeadline, for writing never waits.
func (p *packets) SetDeadline(t time.Time) error { return p.SetReadDeadline(t) }

// SetWriteDeadline does nothing, for writing never waits.
func (p *packets) SetWriteDeadline(time.Time) error { return nil }

// LocalAddr is a placeholder.
func (p *packets) LocalAddr() net.Addr { return peer{} }

// peer is the address of an end, which only ICE knows.
type peer struct{}

func (peer) Network() string { return "ice" }
func (peer) String() string  { return "peer" }
