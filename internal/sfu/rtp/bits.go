package rtp

// bits reads fields that don't end at whole bytes, the highest bit first.
type bits struct {
	data  []byte
	at    int  // in bits
	short bool // more was asked for than there is
}

// left tells how many bits there still are.
func (b *bits) left() int { return 8*len(b.data) - b.at }

// take reads n bits, at most 32. It is 0 from the end of the data on.
func (b *bits) take(n int) uint32 {
	if n > b.left() {
		b.short = true
		b.at = 8 * len(b.data)
		return 0
	}
	var v uint32
	for range n {
		v = v<<1 | uint32(b.data[b.at>>3]>>(7-b.at&7)&1)
		b.at++
	}
	return v
}

// flag reads a bit.
func (b *bits) flag() bool { return b.take(1) == 1 }

// below reads a number that is less than n, in as few bits as that takes: ns(n) of the AV1 specification, section
// 4.10.7.
func (b *bits) below(n uint32) uint32 {
	width, x := 0, n
	for x != 0 {
		x >>= 1
		width++
	}
	m := uint32(1)<<width - n
	v := b.take(max(0, width-1))
	if v < m {
		return v
	}
	return v<<1 - m + b.take(1)
}
