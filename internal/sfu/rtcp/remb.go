package rtcp

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The receiver estimated maximum bitrate, draft-alvestrand-rmcat-remb-03 section 2.2.
const (
	rembMark     = "REMB"
	rembLen      = feedbackLen + 8 // the mark, the number of sources, exponent and mantissa
	rembCount    = feedbackLen + 4 // where the number of sources stands
	mantissaBits = 18
	maxSources   = 255
)

// Bitrate is what a KindREMB allows, in bit/s; beyond 64 bits it is the highest number.
func (p Packet) Bitrate() uint64 {
	if p.kind != KindREMB {
		return 0
	}
	word := binary.BigEndian.Uint32(p.body[rembCount:]) & 0xffffff
	mantissa, exponent := uint64(word&(1<<mantissaBits-1)), int(word>>mantissaBits)
	if bits.Len64(mantissa)+exponent > 64 {
		return math.MaxUint64
	}
	return mantissa << exponent
}

// AppendREMB appends a receiver estimated maximum bitrate in bit/s, rounded down to 18 significant bits, for at most
// 255 streams.
func AppendREMB(dst []byte, sender uint32, bitrate uint64, media []uint32) []byte {
	media = media[:min(len(media), maxSources)]
	exponent := max(0, bits.Len64(bitrate)-mantissaBits)
	dst = appendFeedback(dst, formatApplication, typePayloadFeedback, sender, 0,
		rembLen-feedbackLen+ssrcLen*len(media))
	dst = append(dst, rembMark...)
	word := uint32(len(media))<<24 | uint32(exponent)<<mantissaBits | uint32(bitrate>>exponent)
	dst = binary.BigEndian.AppendUint32(dst, word)
	return appendSources(dst, media)
}
