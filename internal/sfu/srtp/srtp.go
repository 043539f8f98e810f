// Package srtp protects RTP and RTCP packets (RFC 3711) with the two profiles that browsers share:
// AEAD_AES_128_GCM (RFC 7714) and AES_CM_128_HMAC_SHA1_80 (RFC 3711, RFC 5764 section 4.1.2).
//
// A Sealer protects what one end sends, an Opener checks and decrypts what it receives; each is made from the
// master key and salt of its direction. The roll-over counter of a received stream lives in its Window; that of
// a sent stream is the caller's, who counts extended sequence numbers anyway. Neither allocates per packet.
//
// The package owns no goroutine, and must not know sockets, sessions, or what a payload holds. It reads no more
// of a packet than the sequence number of RTP and the SSRC of RTCP.
package srtp

import (
	"errors"
	"fmt"
)

// What a packet is refused for. They are returned bare: a refused packet costs no allocation.
var (
	// ErrShort says that the packet is too short to hold a header and the profile's overhead.
	ErrShort = errors.New("srtp: packet too short")
	// ErrReplay says that the packet was received before, or is older than the window remembers.
	ErrReplay = errors.New("srtp: packet replayed or too old")
	// ErrAuth says that the packet wasn't made with our key, or was changed on its way.
	ErrAuth = errors.New("srtp: packet not authentic")
)

// Profile is an SRTP protection profile.
type Profile uint8

// The profiles, best first.
const (
	AEADAES128GCM      Profile = iota + 1 // RFC 7714
	AESCM128HMACSHA180                    // RFC 3711
)

const (
	keyLen      = 16 // bytes of the master and session encryption keys, in both profiles
	gcmSaltLen  = 12
	gcmTagLen   = 16
	cmSaltLen   = 14
	cmTagLen    = 10
	authKeyLen  = 20
	indexLen    = 4 // the word with the E flag and the SRTCP index
	rtcpHeader  = 8 // the part of a compound RTCP packet that stays in the clear
	rtpHeader   = 12
	rtcpMaxSeal = 1 << 31 // SRTCP packets that one key may protect
)

// String is the profile's name in the IANA registry "DTLS-SRTP Protection Profiles".
func (p Profile) String() string {
	switch p {
	case AEADAES128GCM:
		return "SRTP_AEAD_AES_128_GCM"
	case AESCM128HMACSHA180:
		return "SRTP_AES128_CM_HMAC_SHA1_80"
	default:
		return fmt.Sprintf("unknown SRTP profile %d", uint8(p))
	}
}

// KeyLen is the length of the master key in bytes.
func (p Profile) KeyLen() int {
	return keyLen
}

// SaltLen is the length of the master salt in bytes.
func (p Profile) SaltLen() int {
	if p == AEADAES128GCM {
		return gcmSaltLen
	}
	return cmSaltLen
}

// RTPOverhead is what sealing adds to an RTP packet, in bytes.
func (p Profile) RTPOverhead() int {
	if p == AEADAES128GCM {
		return gcmTagLen
	}
	return cmTagLen
}

// RTCPOverhead is what sealing adds to a compound RTCP packet, in bytes.
func (p Profile) RTCPOverhead() int {
	return p.RTPOverhead() + indexLen
}

// suite is what a profile does to single packets once their index is known. RTCP packets passed to it have at
// least their header, sealed ones header and overhead.
type suite interface {
	sealRTP(dst []byte, headerLen int, payload []byte, ssrc uint32, index uint64) int
	openRTP(packet []byte, headerLen int, ssrc uint32, index uint64) ([]byte, error)
	sealRTCP(dst, packet []byte, ssrc, word uint32) int
	openRTCP(packet []byte, ssrc, word uint32) ([]byte, error)
	// rtcpWord is the word with E flag and index of a sealed RTCP packet.
	rtcpWord(packet []byte) uint32
}

// encrypted is the E flag beside the SRTCP index (RFC 3711 section 3.4).
const encrypted = 1 << 31

func newSuite(p Profile, masterKey, masterSalt []byte) (suite, error) {
	if p != AEADAES128GCM && p != AESCM128HMACSHA180 {
		return nil, fmt.Errorf("srtp: %s", p)
	}
	if len(masterKey) != p.KeyLen() || len(masterSalt) != p.SaltLen() {
		return nil, fmt.Errorf("srtp: master key of %d and salt of %d bytes; %s needs %d and %d",
			len(masterKey), len(masterSalt), p, p.KeyLen(), p.SaltLen())
	}
	rtp, err := deriveSession(p, masterKey, masterSalt, labelRTP)
	if err != nil {
		return nil, err
	}
	rtcp, err := deriveSession(p, masterKey, masterSalt, labelRTCP)
	if err != nil {
		return nil, err
	}
	if p == AEADAES128GCM {
		return newGCM(rtp, rtcp)
	}
	return newCM(rtp, rtcp)
}
