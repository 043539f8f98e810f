package sfu

import (
	"sync"
	"time"
)

const (
	// historyTime is for how long packets are kept for retransmission at the least, as far as the next two allow.
	historyTime = 1500 * time.Millisecond
	// videoHistory and audioHistory are how many packets of a stream are kept at the most, and firstHistory is for how
	// many there is room at first: a small layer sends few. All are powers of two.
	videoHistory = 512
	audioHistory = 64
	firstHistory = 32
)

// history keeps the newest packets of a stream, once for all consumers.
type history struct {
	mu     sync.Mutex
	slots  []slot // by sequence number modulo its length, a power of two
	newest int64  // the highest sequence number so far
}

type slot struct {
	sequence int64
	at       int64 // when it came
	late     bool  // newer ones had come before
	record
	data []byte // header and payload
}

// record is what the history knows of a packet beside its bytes.
type record struct {
	headerLen int
	timestamp uint32
	position
}

// put keeps a packet in place of the oldest one, unless that is newer: a retransmission may come very late. While the
// oldest one is younger than historyTime, room is made for more, up to most packets, a power of two.
func (h *history) put(k *packet, most int, now int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	late := k.sequence < h.newest
	h.newest = max(h.newest, k.sequence)
	if h.slots == nil {
		h.slots = make([]slot, min(firstHistory, most))
	}
	s := h.slot(k.sequence)
	for s.headerLen != 0 && s.sequence < k.sequence && now-s.at < int64(historyTime) && len(h.slots) < most {
		h.grow()
		s = h.slot(k.sequence)
	}
	if s.headerLen != 0 && s.sequence > k.sequence {
		return
	}
	s.sequence, s.at, s.late, s.record = k.sequence, now, late, record{k.headerLen, k.timestamp, k.position}
	s.data = append(append(s.data[:0], k.header[:k.headerLen]...), k.payload...)
}

func (h *history) slot(sequence int64) *slot {
	return &h.slots[uint64(sequence)&uint64(len(h.slots)-1)]
}

// grow doubles the room. mu is held.
func (h *history) grow() {
	before := h.slots
	h.slots = make([]slot, 2*len(before))
	for _, s := range before {
		if s.headerLen != 0 {
			*h.slot(s.sequence) = s
		}
	}
}

// read copies a packet into dst, with gap bytes left free between header and payload, and tells how long that is. It
// is 0 when the packet is not there any more or dst is too short.
func (h *history) read(dst []byte, sequence int64, gap int) (n int, r record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.slots) == 0 {
		return 0, record{}
	}
	s := h.slot(sequence)
	if s.sequence != sequence || s.headerLen == 0 || len(s.data)+gap > len(dst) {
		return 0, record{}
	}
	copy(dst, s.data[:s.headerLen])
	copy(dst[s.headerLen+gap:], s.data[s.headerLen:])
	return len(s.data) + gap, s.record
}

// late tells when a packet came that newer ones had overtaken. ok is false for one that came in order, or isn't there.
func (h *history) late(sequence int64) (at int64, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.slots) == 0 {
		return 0, false
	}
	s := h.slot(sequence)
	return s.at, s.late && s.sequence == sequence && s.headerLen != 0
}

// forget drops all packets, so that nothing from before a pause is sent again.
func (h *history) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.slots {
		h.slots[i].headerLen = 0
	}
}
