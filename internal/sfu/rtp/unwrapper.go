package rtp

// Unwrapper makes sequence numbers of 16 bits into ones that don't wrap around. The zero value is ready; it is not
// safe for concurrent use.
type Unwrapper struct {
	highest int64 // 0: none yet
}

// Unwrap returns the extended form of seq: the nearest to the highest so far, so that late packets come out lower.
// The first is at 1<<16 or above: what was sent before it stays positive. A distance of exactly 32768 counts as late.
func (u *Unwrapper) Unwrap(seq uint16) int64 {
	if u.highest == 0 {
		u.highest = 1<<16 + int64(seq)
		return u.highest
	}
	extended := u.highest + int64(int16(seq-uint16(u.highest)))
	u.highest = max(u.highest, extended)
	return extended
}
