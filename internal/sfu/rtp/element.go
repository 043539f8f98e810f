package rtp

import "encoding/binary"

// AbsSendTimeLen is the length in bytes of abs-send-time's data.
const AbsSendTimeLen = 3

// AbsSendTime is a time in nanoseconds as abs-send-time tells it: seconds modulo 64 in 6.18 fixed point, 24 bits
// (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time). Times of any one epoch may be used: only differences
// count.
func AbsSendTime(ns int64) uint32 {
	const second = 1_000_000_000
	s, rest := uint64(ns)/second, uint64(ns)%second
	return uint32(s<<18+rest<<18/second) & 0xffffff
}

// PutAbsSendTime writes a value of AbsSendTime into dst, which has room for AbsSendTimeLen bytes.
func PutAbsSendTime(dst []byte, value uint32) {
	_ = dst[AbsSendTimeLen-1]
	dst[0], dst[1], dst[2] = byte(value>>16), byte(value>>8), byte(value)
}

// SendTime reads the data of abs-send-time. ok is false when the data is too short.
func SendTime(data []byte) (value uint32, ok bool) {
	if len(data) < AbsSendTimeLen {
		return 0, false
	}
	return uint32(data[0])<<16 | uint32(data[1])<<8 | uint32(data[2]), true
}

// AudioLevel reads the data of the client-to-mixer audio level, RFC 6464: level is 0 (loudest) to 127 (silence) in
// -dBov, and voice is the sender's opinion that it is speech. ok is false when there is no data.
func AudioLevel(data []byte) (level uint8, voice, ok bool) {
	if len(data) == 0 {
		return 0, false, false
	}
	return data[0] & 0x7f, data[0]&0x80 != 0, true
}

// TransportSequence reads the data of the transport-wide sequence number, section 2 of
// draft-holmer-rmcat-transport-wide-cc-extensions-01. ok is false when the data is too short.
func TransportSequence(data []byte) (seq uint16, ok bool) {
	if len(data) < 2 {
		return 0, false
	}
	return binary.BigEndian.Uint16(data), true
}
