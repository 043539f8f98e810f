// Package tcp carries packets over a TCP connection, each behind its length of two bytes (RFC 4571), as ICE over TCP
// asks for (RFC 6544).
//
// A Conn owns one goroutine, which writes and which Close waits for. The package must not know what the packets carry.
package tcp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	lengthLen   = 2
	maxQueue    = 256 << 10 // bytes waiting and being written
	maxKept     = 32 << 10  // bytes of a buffer that an idle connection keeps
	idleTimeout = 30 * time.Second
)

// ErrFrameSize means that a frame is longer than the reader's buffer.
var ErrFrameSize = errors.New("frame is too long")

// Conn is a connection of framed packets. Its methods are safe for concurrent use, but ReadFrame is for one goroutine.
type Conn struct {
	conn    net.Conn
	reader  *bufio.Reader // ReadFrame's
	dropped atomic.Uint64
	writer  sync.WaitGroup

	mu      sync.Mutex
	wake    sync.Cond // there is something to write, or the end
	waiting []byte    // frames
	writing int       // bytes that the writer has taken
	closed  bool
}

// New takes over c and starts the writer.
func New(c net.Conn) *Conn {
	framed := &Conn{conn: c, reader: bufio.NewReader(c)}
	framed.wake.L = &framed.mu
	framed.writer.Go(framed.write)
	return framed
}

// ReadFrame reads one packet into buf and returns its length, which may be 0. It waits up to 30 seconds for the whole
// of it. The error wraps io.EOF at the end of the stream, ErrFrameSize when the packet doesn't fit,
// os.ErrDeadlineExceeded or net.ErrClosed; the connection is of no more use then.
func (c *Conn) ReadFrame(buf []byte) (int, error) {
	if err := c.conn.SetReadDeadline(time.Now().Add(idleTimeout)); err != nil {
		return 0, fmt.Errorf("set deadline of frame: %w", err)
	}
	var length [lengthLen]byte
	if _, err := io.ReadFull(c.reader, length[:]); err != nil {
		return 0, fmt.Errorf("read length of frame: %w", err)
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n > len(buf) {
		return 0, fmt.Errorf("read frame of %d bytes: %w", n, ErrFrameSize)
	}
	if _, err := io.ReadFull(c.reader, buf[:n]); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, fmt.Errorf("read frame of %d bytes: %w", n, err)
	}
	return n, nil
}

// Send queues a copy of packet and never blocks. It returns false, and counts, when the packet was dropped: more than
// 256 KiB wait, the packet has more than 65535 bytes, or the connection is closed.
func (c *Conn) Send(packet []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	total := len(c.waiting) + c.writing + lengthLen + len(packet)
	if c.closed || len(packet) > math.MaxUint16 || total > maxQueue {
		c.dropped.Add(1)
		return false
	}
	if len(c.waiting) == 0 {
		c.wake.Signal()
	}
	c.waiting = binary.BigEndian.AppendUint16(c.waiting, uint16(len(packet)))
	c.waiting = append(c.waiting, packet...)
	return true
}

// Dropped returns how many packets Send dropped.
func (c *Conn) Dropped() uint64 { return c.dropped.Load() }

// RemoteAddr returns the peer's address, never IPv4-mapped; zero when the connection has none of TCP.
func (c *Conn) RemoteAddr() netip.AddrPort { return addrPort(c.conn.RemoteAddr()) }

// LocalAddr returns our address, never IPv4-mapped; zero when the connection has none of TCP.
func (c *Conn) LocalAddr() netip.AddrPort { return addrPort(c.conn.LocalAddr()) }

// Close closes the connection and waits for the writer. What is still queued is lost.
func (c *Conn) Close() error {
	err := c.stop()
	c.writer.Wait()
	return err
}

// stop ends ReadFrame and the writer; only the first call does something.
func (c *Conn) stop() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	c.wake.Signal()
	c.mu.Unlock()
	if err := c.conn.Close(); err != nil {
		return fmt.Errorf("close framed connection: %w", err)
	}
	return nil
}

// write writes what is queued until the connection ends.
func (c *Conn) write() {
	var batch []byte
	for {
		var ok bool
		if batch, ok = c.next(batch); !ok {
			return
		}
		if _, err := c.conn.Write(batch); err != nil {
			_ = c.stop() // a frame may be cut: nothing can follow
			return
		}
	}
}

// next waits for frames and exchanges them for the buffer that was written.
func (c *Conn) next(written []byte) (batch []byte, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = 0
	for len(c.waiting) == 0 && !c.closed {
		if cap(c.waiting) > maxKept {
			c.waiting = nil
		}
		if cap(written) > maxKept {
			written = nil
		}
		c.wake.Wait()
	}
	batch, c.waiting = c.waiting, written[:0]
	c.writing = len(batch)
	return batch, !c.closed
}

// addrPort converts what net gives.
func addrPort(addr net.Addr) netip.AddrPort {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	a := tcp.AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
