package sfu

// seenWindow is how far behind the newest a packet may be, in packets, and still be taken: a retransmission comes late.
const seenWindow = 1024

// seen remembers which packets of a stream have come, be it by themselves or as a retransmission. Each passes just
// once: an outgoing number must never be sealed twice with different bytes.
type seen struct {
	highest int64
	started bool
	bits    [seenWindow / 64]uint64
}

// pass notes a packet and returns false when it has come before or is too old to tell.
func (w *seen) pass(sequence int64) bool {
	if !w.started {
		w.started, w.highest = true, sequence
	}
	switch ahead := sequence - w.highest; {
	case ahead > 0:
		if ahead >= seenWindow {
			clear(w.bits[:])
		} else {
			for i := w.highest + 1; i < sequence; i++ {
				w.clear(i)
			}
		}
		w.highest = sequence
		w.set(sequence)
		return true
	case ahead <= -seenWindow:
		return false
	}
	i := uint64(sequence) % seenWindow
	if w.bits[i/64]&(1<<(i%64)) != 0 {
		return false
	}
	w.set(sequence)
	return true
}

func (w *seen) set(sequence int64) {
	i := uint64(sequence) % seenWindow
	w.bits[i/64] |= 1 << (i % 64)
}

func (w *seen) clear(sequence int64) {
	i := uint64(sequence) % seenWindow
	w.bits[i/64] &^= 1 << (i % 64)
}
