package sfu

import "sync"

const (
	// videoHistory and audioHistory are how many packets of a stream are kept for retransmission: about a second.
	videoHistory = 512
	audioHistory = 64
)

// history keeps the newest packets of a stream, once for all consumers.
type history struct {
	mu    sync.Mutex
	slots []slot // by sequence number modulo its length, a power of two
}

type slot struct {
	sequence int64
	record
	data []byte // header and payload
}

// record is what the history knows of a packet beside its bytes.
type record struct {
	headerLen int
	timestamp uint32
	position
}

// put keeps a packet in place of the oldest one, unless that is newer: a retransmission may come very late.
func (h *history) put(k *packet, size int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slots == nil {
		h.slots = make([]slot, size)
	}
	s := &h.slots[uint64(k.sequence)&uint64(len(h.slots)-1)]
	if s.headerLen != 0 && s.sequence > k.sequence {
		return
	}
	s.sequence, s.record = k.sequence, record{k.headerLen, k.timestamp, k.position}
	s.data = append(append(s.data[:0], k.header[:k.headerLen]...), k.payload...)
}

// read copies a packet into dst, with gap bytes left free between header and payload, and tells how long that is. It
// is 0 when the packet is not there any more or dst is too short.
func (h *history) read(dst []byte, sequence int64, gap int) (n int, r record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.slots) == 0 {
		return 0, record{}
	}
	s := &h.slots[uint64(sequence)&uint64(len(h.slots)-1)]
	if s.sequence != sequence || s.headerLen == 0 || len(s.data)+gap > len(dst) {
		return 0, record{}
	}
	copy(dst, s.data[:s.headerLen])
	copy(dst[s.headerLen+gap:], s.data[s.headerLen:])
	return len(s.data) + gap, s.record
}

// forget drops all packets, so that nothing from before a pause is sent again.
func (h *history) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.slots {
		h.slots[i].headerLen = 0
	}
}
