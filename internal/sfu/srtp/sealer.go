package srtp

import (
	"encoding/binary"
	"unsafe"

	"stube/internal/sfu/prefetch"
)

// Sealer protects what one end sends. It is not safe for concurrent use.
type Sealer struct {
	suite     suite
	rtcpIndex uint32 // of the next RTCP packet; 31 bits
	gcm       gcm    // the suite of that profile: in the same lines of memory
}

// NewSealer makes the Sealer of a direction. It refuses keys of the wrong length.
func NewSealer(p Profile, masterKey, masterSalt []byte) (*Sealer, error) {
	made, err := newSuite(p, masterKey, masterSalt)
	if err != nil {
		return nil, err
	}
	s := &Sealer{suite: made}
	if g, ok := made.(*gcm); ok {
		s.gcm = *g
		s.suite = &s.gcm
	}
	return s, nil
}

// Prefetch has the processor fetch the Sealer itself, PrefetchKey the key for RTP, for which the Sealer is read: it
// should be there by then. Both are safe for concurrent use.
func (s *Sealer) Prefetch() { prefetch.Lines(unsafe.Pointer(s), unsafe.Sizeof(*s)) }

// PrefetchKey is the second step after Prefetch.
func (s *Sealer) PrefetchKey() {
	if s.suite == suite(&s.gcm) {
		s.gcm.rtp.prefetch()
	}
}

// SealRTP writes the protected payload behind the RTP header of headerLen bytes that stands in dst, and answers
// the length of the packet: header, payload and the profile's RTPOverhead, for which dst needs the capacity.
// payload is dst[headerLen:headerLen+len(payload)], or doesn't overlap dst and stays unchanged; any other overlap
// panics.
//
// index is the roll-over counter and the sequence number, ROC<<16 | SEQ (RFC 3711 section 3.3.1). No two
// different packets of one ssrc may ever have the same: it would give the key stream away.
func (s *Sealer) SealRTP(dst []byte, headerLen int, payload []byte, ssrc uint32, index uint64) int {
	return s.suite.sealRTP(dst, headerLen, payload, ssrc, index)
}

// SealRTCP writes the protected form of a compound RTCP packet into dst, and answers its length: that of packet
// and the profile's RTCPOverhead, for which dst needs the capacity. packet is dst[:len(packet)], or doesn't
// overlap dst and stays unchanged.
//
// The answer is 0, and nothing is to be sent, for less than an RTCP header, and when the key has protected the
// 2^31 packets that it may (RFC 3711 section 9.2).
func (s *Sealer) SealRTCP(dst, packet []byte) int {
	if len(packet) < rtcpHeader || s.rtcpIndex >= rtcpMaxSeal {
		return 0
	}
	word := encrypted | s.rtcpIndex
	s.rtcpIndex++
	return s.suite.sealRTCP(dst, packet, rtcpSSRC(packet), word)
}

func rtcpSSRC(packet []byte) uint32 {
	return binary.BigEndian.Uint32(packet[4:])
}
