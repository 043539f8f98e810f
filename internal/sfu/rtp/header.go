// Package rtp reads and writes what a media server needs of RTP packets: the header (RFC 3550) and its extensions
// (RFC 8285), the descriptors that video codecs put before their payload, and sequence numbers made to count on.
//
// Everything works on the caller's bytes, allocates nothing and starts no goroutine. The package must not know
// sockets, encryption, transports or clocks. A payload may be encrypted end to end behind its descriptor: nothing
// here reads past the first byte of a VP8 frame, the VP9 descriptor, AV1's aggregation header or H264's NAL headers.
// AV1's layers are told by a header extension, the dependency descriptor.
package rtp

import (
	"encoding/binary"
	"errors"
)

var (
	// ErrShort says that a packet or descriptor ends before what its own fields announce.
	ErrShort = errors.New("rtp: cut short")
	// ErrVersion says that a packet doesn't begin with RTP's version 2.
	ErrVersion = errors.New("rtp: not version 2")
	// ErrPadding says that a packet's padding is longer than its payload, or of no length.
	ErrPadding = errors.New("rtp: padding doesn't fit")
)

const (
	// FixedHeaderLen is the length in bytes of a header without contributing sources and extension.
	FixedHeaderLen = 12

	version          = 2
	paddingBit       = 0x20
	extensionBit     = 0x10
	markerBit        = 0x80
	csrcMask         = 0x0f
	csrcLen          = 4
	extensionHeadLen = 4
)

// Header is the header of an RTP packet, RFC 3550 section 5.1. Contributing sources are skipped.
type Header struct {
	Marker      bool
	Padding     bool // the payload ends with padding; TrimPadding takes it off
	PayloadType uint8
	Sequence    uint16
	Timestamp   uint32
	SSRC        uint32
	Len         int // bytes of the whole header, contributing sources and extension included

	profile   uint16 // of the extension block
	extension []byte // the block's elements; aliases the packet
}

// Parse reads the header at the beginning of packet, which may be encrypted behind it. The header's extensions alias
// packet. On ErrShort and ErrVersion h is left half-written and must not be used.
func (h *Header) Parse(packet []byte) error {
	if len(packet) < FixedHeaderLen {
		return ErrShort
	}
	first, second := packet[0], packet[1]
	if first>>6 != version {
		return ErrVersion
	}
	h.Padding = first&paddingBit != 0
	h.Marker = second&markerBit != 0
	h.PayloadType = second &^ markerBit
	h.Sequence = binary.BigEndian.Uint16(packet[2:])
	h.Timestamp = binary.BigEndian.Uint32(packet[4:])
	h.SSRC = binary.BigEndian.Uint32(packet[8:])
	h.Len = FixedHeaderLen + csrcLen*int(first&csrcMask)
	h.profile, h.extension = 0, nil
	if first&extensionBit != 0 {
		return h.parseExtension(packet)
	}
	if len(packet) < h.Len {
		return ErrShort
	}
	return nil
}

// parseExtension finds the extension block behind the contributing sources and counts it into h.Len.
func (h *Header) parseExtension(packet []byte) error {
	begin := h.Len + extensionHeadLen
	if len(packet) < begin {
		return ErrShort
	}
	h.profile = binary.BigEndian.Uint16(packet[h.Len:])
	end := begin + 4*int(binary.BigEndian.Uint16(packet[h.Len+2:]))
	if len(packet) < end {
		return ErrShort
	}
	h.extension = packet[begin:end]
	h.Len = end
	return nil
}

// IsRTCP tells RTCP from RTP among the packets that share a port, RFC 5761 section 4. It is false for everything that
// is neither, by the first byte's ranges in RFC 7983.
func IsRTCP(b []byte) bool {
	return len(b) >= 2 && b[0]>>6 == version && b[1] >= 192 && b[1] <= 223
}

// TrimPadding returns payload without the padding that h announces. The payload must be decrypted: its last byte says
// how much padding there is. A packet of nothing but padding leaves an empty payload.
func TrimPadding(h *Header, payload []byte) ([]byte, error) {
	if !h.Padding {
		return payload, nil
	}
	if len(payload) == 0 {
		return nil, ErrPadding
	}
	n := int(payload[len(payload)-1])
	if n == 0 || n > len(payload) {
		return nil, ErrPadding
	}
	return payload[:len(payload)-n], nil
}
