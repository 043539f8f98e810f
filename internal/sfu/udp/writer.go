//go:build linux

package udp

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// Bounds of what a Writer gathers before it sends.
const (
	arenaSize    = 256 << 10 // bytes; small enough to stay in a core's cache
	maxMessages  = 128
	maxSegments  = 64    // packets of a train: UDP_MAX_SEGMENTS of older kernels
	maxTrain     = 65000 // bytes of a train: an IP packet with room for its headers
	maxRefusals  = 32    // trains in a row whose packets went one by one only, until no more are tried
	writableWait = 5 * time.Millisecond
)

// Path is where packets go. Paths are comparable.
type Path struct {
	Remote netip.AddrPort
	Local  netip.Addr // the address to send from; zero lets the kernel choose
}

// Stats counts what a Writer did.
type Stats struct {
	Packets  uint64 // sent
	Messages uint64 // sent: single packets and trains
	Syscalls uint64
	Dropped  uint64 // packets that the kernel didn't take
}

// Writer gathers packets and sends them in batches. Consecutive packets of equal size to one path, and one smaller
// at the end, become a train, which the kernel carries as one message and cuts at the last moment (UDP GSO).
// It isn't safe for concurrent use; several Writers may write on one socket.
type Writer struct {
	socket *Socket
	arena  []byte
	used   int    // bytes of arena
	room   []byte // what Buffer gave out
	path   Path

	count     int // messages gathered
	headers   []header
	envelopes []envelope
	trains    []train
	ended     bool // the last message takes no more packets

	refusals  int       // trains refused in a row
	patience  time.Time // when a full socket is given up; zero: it wasn't full yet
	writables [1]unix.PollFd
	stats     Stats

	transmit func(fd uintptr)                                // made once, so that Flush doesn't allocate it
	send     func(fd uintptr, hs []header) (int, unix.Errno) // sendMessages; tests put refusals here
}

// train is a message's run of packets, one behind the other in the arena.
type train struct {
	start   int
	length  int // of all packets
	segment int // size of each packet but the last
	packets int
	source  int // bytes of control messages before the one that makes it a train
}

// NewWriter returns a Writer on s. Its buffers of 290 KiB come with the first packet.
func NewWriter(s *Socket) *Writer {
	w := &Writer{socket: s, send: sendMessages}
	w.transmit = w.transmitAll
	return w
}

// allocate makes the buffers.
func (w *Writer) allocate() {
	w.arena = make([]byte, arenaSize)
	w.headers = make([]header, maxMessages)
	w.envelopes = make([]envelope, maxMessages)
	w.trains = make([]train, maxMessages)
	for i := range w.headers {
		w.envelopes[i].attach(&w.headers[i])
	}
}

// Begin directs the packets that follow to p, up to the next Begin.
func (w *Writer) Begin(p Path) {
	if p != w.path {
		w.path = p
		w.ended = true
	}
}

// Buffer returns room for one packet of at most size bytes, which is at most 65000. It sends what is gathered when
// there is no room. Only the last Buffer's room is valid, up to Commit.
func (w *Writer) Buffer(size int) []byte {
	if len(w.arena)-w.used < size {
		if w.arena == nil {
			w.allocate()
		}
		w.Flush()
	}
	w.room = w.arena[w.used : w.used+size : w.used+size]
	return w.room
}

// Commit gathers the first n bytes of the Buffer as a packet; 0 discards it. A packet whose path the socket has no
// address for (another family, no address, port 0) is dropped and counted.
func (w *Writer) Commit(n int) {
	size := len(w.room[:n])
	w.room = nil
	if size == 0 {
		return
	}
	start := w.used
	if !w.extend(size) && !w.open(start, size) {
		w.stats.Dropped++
		return
	}
	w.used = start + size
}

// extend adds a packet of size bytes to the last message if that is a train it fits.
func (w *Writer) extend(size int) bool {
	if w.count == 0 || w.ended || !w.socket.gso.Load() {
		return false
	}
	i := w.count - 1
	t := &w.trains[i]
	if size > t.segment || t.packets == maxSegments || t.length+size > maxTrain {
		return false
	}
	e := &w.envelopes[i]
	if t.packets == 1 {
		w.headers[i].SetControllen(e.control.putSegment(t.source, t.segment))
	}
	t.packets++
	t.length += size
	e.vector.SetLen(t.length)
	w.ended = size < t.segment
	return true
}

// open starts a message with the packet of size bytes that stands at start.
func (w *Writer) open(start, size int) bool {
	if w.count == maxMessages {
		w.Flush() // the packet stays where it is
	}
	h, e := &w.headers[w.count], &w.envelopes[w.count]
	h.Namelen = encodeName(&e.name, w.path.Remote, w.socket.v6)
	local := w.path.Local
	if h.Namelen == 0 || local.IsValid() && !w.socket.v6 && !local.Unmap().Is4() {
		return false
	}
	source := 0
	if local.IsValid() {
		source = e.control.putSource(local.Unmap(), w.socket.v6)
	}
	h.SetControllen(source)
	e.vector.Base = &w.arena[start]
	e.vector.SetLen(size)
	w.trains[w.count] = train{start: start, length: size, segment: size, packets: 1, source: source}
	w.count++
	w.ended = false
	return true
}

// Stats returns what was done up to now.
func (w *Writer) Stats() Stats { return w.stats }
