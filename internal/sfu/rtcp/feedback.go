package rtcp

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

const (
	nackPairLen    = 4
	requestLen     = 8
	transportCCLen = 8 // base, count, reference time, feedback count

	// maxNACKPairs keeps a NACK packet within one datagram.
	maxNACKPairs = 256
)

// Lost walks the sequence numbers that a KindNACK asks for, in its order. A peer may name a number more than once.
func (p Packet) Lost() iter.Seq[uint16] {
	pairs := p.nackPairs()
	return func(yield func(uint16) bool) {
		for b := pairs; len(b) >= nackPairLen; b = b[nackPairLen:] {
			seq, mask := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
			if !yield(seq) {
				return
			}
			for ; mask != 0; mask &= mask - 1 {
				if !yield(seq + 1 + uint16(bits.TrailingZeros16(mask))) {
					return
				}
			}
		}
	}
}

func (p Packet) nackPairs() []byte {
	if p.kind != KindNACK {
		return nil
	}
	return p.body[feedbackLen:]
}

// AppendNACK appends a generic NACK for the lost sequence numbers, RFC 4585 section 6.2.1. In ascending order (past
// the wrap-around too) they take the least room. Nothing is appended for none; what exceeds 256 pairs of a number and
// the 16 behind it is left for another time.
func AppendNACK(dst []byte, sender, media uint32, lost []uint16) []byte {
	if len(lost) == 0 {
		return dst
	}
	start := len(dst)
	dst = appendFeedback(dst, formatNACK, typeTransportFeedback, sender, media, 0)
	pairs := 0
	for i := 0; i < len(lost) && pairs < maxNACKPairs; pairs++ {
		seq, mask := lost[i], uint16(0)
		for i++; i < len(lost); i++ {
			distance := lost[i] - seq // 0: named twice
			if distance > 16 {
				break
			}
			if distance > 0 {
				mask |= 1 << (distance - 1)
			}
		}
		dst = binary.BigEndian.AppendUint16(dst, seq)
		dst = binary.BigEndian.AppendUint16(dst, mask)
	}
	binary.BigEndian.PutUint16(dst[start+2:], uint16((feedbackLen+pairs*nackPairLen)/4))
	return dst
}

// AppendPLI appends a picture loss indication, RFC 4585 section 6.3.1.
func AppendPLI(dst []byte, sender, media uint32) []byte {
	return appendFeedback(dst, formatPLI, typePayloadFeedback, sender, media, 0)
}

// Request is an entry of a full intra request, RFC 5104 section 4.3.1.
type Request struct {
	SSRC     uint32 // the stream that is to send a key frame
	Sequence uint8  // counts requests; the same again is a repetition
}

// Requests walks the entries of a KindFIR.
func (p Packet) Requests() iter.Seq[Request] {
	entries := p.requestEntries()
	return func(yield func(Request) bool) {
		for b := entries; len(b) >= requestLen; b = b[requestLen:] {
			if !yield(Request{SSRC: binary.BigEndian.Uint32(b), Sequence: b[4]}) {
				return
			}
		}
	}
}

func (p Packet) requestEntries() []byte {
	if p.kind != KindFIR {
		return nil
	}
	return p.body[feedbackLen:]
}

// appendFeedback appends the header and both sources of a feedback packet, RFC 4585 section 6.1, with the length of a
// further informationLen bytes, a multiple of four.
func appendFeedback(dst []byte, format, packetType int, sender, media uint32, informationLen int) []byte {
	dst = appendHeader(dst, format, packetType, feedbackLen+informationLen)
	dst = binary.BigEndian.AppendUint32(dst, sender)
	return binary.BigEndian.AppendUint32(dst, media)
}
