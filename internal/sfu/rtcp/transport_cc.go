package rtcp

import (
	"encoding/binary"
	"iter"
)

// Of the chunks of draft-holmer-rmcat-transport-wide-cc-extensions-01, sections 3.1.3 and 3.1.4.
const (
	chunkLen      = 2
	vectorBit     = 1 << 15
	twoBitBit     = 1 << 14
	runLengthMask = 1<<13 - 1
	runShift      = 13
	oneBitCount   = 14
	twoBitCount   = 7

	// maxStatuses is of how many packets a message may speak. Nobody sends that many between two messages, and a
	// message of few bytes could name eight times as many.
	maxStatuses = 1 << 13
	// maxTrailing is how many bytes may stand behind the deltas: some senders fill up to four without saying so.
	maxTrailing = 3
)

// The states of a packet, section 3.1.1. The fourth is reserved.
const (
	statusLost = iota
	statusSmall
	statusLarge
)

// Arrival is what transport-wide feedback says of one packet.
type Arrival struct {
	Sequence uint16 // transport-wide
	Came     bool
	Ticks    int64 // when it came, in 250 µs since a time that the receiver chose, modulo 2^32
}

// Arrivals walks what a KindTransportCC says of packets, by ascending number.
func (p Packet) Arrivals() iter.Seq[Arrival] {
	w := p.statuses()
	return func(yield func(Arrival) bool) {
		for w.next() {
			if !yield(w.arrival) {
				return
			}
		}
	}
}

// statuses begins a walk, which is empty for other kinds.
func (p Packet) statuses() statusWalk {
	if p.kind != KindTransportCC {
		return statusWalk{}
	}
	b := p.body[feedbackLen:]
	head := binary.BigEndian.Uint32(b[4:])
	w := statusWalk{left: int(binary.BigEndian.Uint16(b[2:])), chunks: b[transportCCLen:]}
	w.deltas = w.chunks[w.chunksLen():]
	w.arrival.Sequence = binary.BigEndian.Uint16(b) - 1
	w.ticks = int64(head>>8) << 8 // the reference time counts 64 ms
	return w
}

// statusWalk goes through chunks and deltas side by side.
type statusWalk struct {
	left           int    // packets to come
	chunks, deltas []byte // not read yet
	chunk          chunk
	ticks          int64
	arrival        Arrival
}

// chunk is one that is being read.
type chunk struct {
	bits  uint16 // the symbols to come, the next in the highest bits
	width uint8  // bits of a symbol; 0: a run of one symbol
	left  int    // symbols to come
}

func readChunk(b []byte) chunk {
	v := binary.BigEndian.Uint16(b)
	switch {
	case v&vectorBit == 0:
		return chunk{bits: v << 1, left: int(v & runLengthMask)}
	case v&twoBitBit == 0:
		return chunk{bits: v << 2, width: 1, left: oneBitCount}
	default:
		return chunk{bits: v << 2, width: 2, left: twoBitCount}
	}
}

// next takes a symbol; there must be one left.
func (c *chunk) next() uint8 {
	c.left--
	if c.width == 1 {
		s := uint8(c.bits >> 15)
		c.bits <<= 1
		return s
	}
	s := uint8(c.bits >> 14)
	c.bits <<= c.width
	return s
}

// next moves on to the next packet. The message was checked: all that is read is there.
func (w *statusWalk) next() bool {
	if w.left == 0 {
		return false
	}
	for w.chunk.left == 0 {
		w.chunk = readChunk(w.chunks)
		w.chunks = w.chunks[chunkLen:]
	}
	w.left--
	w.arrival.Sequence++
	w.arrival.Came = true
	switch w.chunk.next() {
	case statusSmall:
		w.ticks += int64(w.deltas[0])
		w.deltas = w.deltas[1:]
	case statusLarge:
		w.ticks += int64(int16(binary.BigEndian.Uint16(w.deltas)))
		w.deltas = w.deltas[2:]
	default:
		w.arrival.Came = false
	}
	w.arrival.Ticks = w.ticks & (1<<32 - 1)
	return true
}

// chunksLen tells how many bytes of chunks there are for the packets left; -1: not enough.
func (w *statusWalk) chunksLen() int {
	n := 0
	for left := w.left; left > 0; n += chunkLen {
		if len(w.chunks)-n < chunkLen {
			return -1
		}
		c := readChunk(w.chunks[n:])
		if c.left == 0 {
			return -1 // an empty run
		}
		left -= c.left
	}
	return n
}

// validTransportCC checks that a body, long enough for the head, has all chunks and deltas that it speaks of.
func validTransportCC(body []byte) bool {
	b := body[feedbackLen:]
	w := statusWalk{left: int(binary.BigEndian.Uint16(b[2:])), chunks: b[transportCCLen:]}
	if w.left == 0 || w.left > maxStatuses {
		return false
	}
	n := w.chunksLen()
	if n < 0 {
		return false
	}
	deltas := 0
	for at, left := 0, w.left; at < n; at += chunkLen {
		c := readChunk(w.chunks[at:])
		count, alike := min(c.left, left), 1
		left -= count
		if c.width == 0 { // a run
			alike = count
		}
		for ; count > 0; count -= alike {
			switch c.next() {
			case statusLost:
			case statusSmall:
				deltas += alike
			case statusLarge:
				deltas += 2 * alike
			default:
				return false
			}
		}
	}
	behind := len(w.chunks) - n - deltas
	return behind >= 0 && behind <= maxTrailing
}
