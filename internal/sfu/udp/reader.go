//go:build linux

package udp

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// Sizes of a Reader's buffers, in bytes: a train of GRO, or one datagram no larger than any path carries.
const (
	trainBuffer    = 64 << 10
	datagramBuffer = 2 << 10
)

// Datagram is one received UDP packet.
type Datagram struct {
	Payload []byte         // may be written to; its capacity ends with it
	Remote  netip.AddrPort // where it came from; never IPv4-mapped
	Local   netip.Addr     // the address it was sent to, when the socket is bound to a wildcard; else zero
	Waited  time.Duration  // how long ago it arrived at the machine, or the first of its train
}

// longestWait bounds what Waited tells: the system's clock, by which the kernel stamps, may be set meanwhile.
const longestWait = time.Second

// Reader receives in batches. It isn't safe for concurrent use; a socket has one Reader at a time.
type Reader struct {
	socket    *Socket
	buffer    []byte
	size      int // of each message's part of buffer
	headers   []header
	envelopes []envelope
	datagrams []Datagram

	receive  func(fd uintptr) bool // made once, so that Read doesn't allocate it
	received int                   // what receive found
	errno    unix.Errno
}

// NewReader returns a Reader that takes up to n messages (datagrams or trains of them) at a time.
func NewReader(s *Socket, n int) *Reader {
	n = max(n, 1)
	r := &Reader{
		socket:    s,
		size:      datagramBuffer,
		headers:   make([]header, n),
		envelopes: make([]envelope, n),
		datagrams: make([]Datagram, 0, 4*n),
	}
	if s.gro {
		r.size = trainBuffer
	}
	r.buffer = make([]byte, n*r.size)
	for i := range r.headers {
		e := &r.envelopes[i]
		e.attach(&r.headers[i])
		e.vector.Base = &r.buffer[i*r.size]
		e.vector.SetLen(r.size)
	}
	r.receive = func(fd uintptr) bool {
		r.received, r.errno = receiveMessages(fd, r.headers)
		return r.errno != unix.EAGAIN
	}
	return r
}

// Read waits for at least one datagram and returns all that one system call brought, trains taken apart. What it
// returns is valid until the next Read. The error wraps os.ErrDeadlineExceeded or net.ErrClosed, or the system's.
func (r *Reader) Read() ([]Datagram, error) {
	r.datagrams = r.datagrams[:0]
	for len(r.datagrams) == 0 {
		for i := range r.headers {
			r.headers[i].Namelen = unix.SizeofSockaddrInet6
			r.headers[i].SetControllen(len(r.envelopes[i].control.bytes))
		}
		if err := r.socket.raw.Read(r.receive); err != nil {
			return nil, err
		}
		switch r.errno {
		case 0:
			now := time.Now().UnixNano()
			for i := range r.received {
				r.split(i, now)
			}
		case unix.EINTR, unix.ECONNREFUSED, unix.EHOSTUNREACH, unix.ENETUNREACH:
			// A signal, or what a router said about a packet sent earlier: nothing was received.
		default:
			return nil, fmt.Errorf("receive UDP: %w", r.errno)
		}
	}
	return r.datagrams, nil
}

// split appends the datagrams of message i, read at the system's time now. What is empty or was too large for the
// buffer is left out.
func (r *Reader) split(i int, now int64) {
	h, e := &r.headers[i], &r.envelopes[i]
	remote, ok := decodeName(&e.name)
	if !ok || h.Flags&unix.MSG_TRUNC != 0 {
		return
	}
	about := e.control.parse(int(h.Controllen))
	waited := time.Duration(0)
	if about.stamp != 0 {
		waited = min(max(time.Duration(now-about.stamp), 0), longestWait)
	}
	data := r.buffer[i*r.size:][:min(int(h.received), r.size)]
	for len(data) > 0 {
		n := len(data)
		if about.segment > 0 {
			n = min(n, about.segment)
		}
		r.datagrams = append(r.datagrams, Datagram{Payload: data[:n:n], Remote: remote, Local: about.local, Waited: waited})
		data = data[n:]
	}
}
