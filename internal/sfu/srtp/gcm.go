package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"unsafe"

	"stube/internal/sfu/prefetch"
)

// gcm is AEAD_AES_128_GCM (RFC 7714). The header of a packet is authenticated, the rest is encrypted too, and
// the tag follows it; behind the tag of an RTCP packet stands its index.
type gcm struct {
	rtp, rtcp gcmKey
	nonce     [gcmSaltLen]byte // scratch; fields, because what is passed to an interface would escape
	aad       [rtcpHeader + indexLen]byte
}

type gcmKey struct {
	aead   cipher.AEAD
	saltHi uint32
	saltLo uint64
}

func newGCM(rtp, rtcp session) (*gcm, error) {
	var g gcm
	var err error
	if g.rtp, err = newGCMKey(rtp); err != nil {
		return nil, err
	}
	if g.rtcp, err = newGCMKey(rtcp); err != nil {
		return nil, err
	}
	return &g, nil
}

func newGCMKey(s session) (gcmKey, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return gcmKey{}, fmt.Errorf("srtp: make session cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return gcmKey{}, fmt.Errorf("srtp: make session cipher: %w", err)
	}
	return gcmKey{
		aead:   aead,
		saltHi: binary.BigEndian.Uint32(s.salt),
		saltLo: binary.BigEndian.Uint64(s.salt[4:]),
	}, nil
}

// Where in the standard library's GCM its parts are that sealing reads, in bytes: the round keys of AES-128 at its
// beginning, and the table for the tag at its end. Should that change, other lines are fetched in vain.
const (
	roundKeys = 8 + 11*16
	tableAt   = 504
	tableLen  = 256
)

// prefetch has the processor fetch what sealing reads.
func (k *gcmKey) prefetch() {
	data := (*[2]unsafe.Pointer)(unsafe.Pointer(&k.aead))[1] // of the interface
	prefetch.Lines(data, roundKeys)
	prefetch.Lines(unsafe.Add(data, tableAt), tableLen)
}

// setNonce makes the nonce of a packet: two zero bytes, the SSRC and the index of 48 bits, with the salt over
// them (RFC 7714 sections 8.1 and 9.1).
func (g *gcm) setNonce(k *gcmKey, ssrc uint32, index uint64) {
	binary.BigEndian.PutUint32(g.nonce[:], k.saltHi^ssrc>>16)
	binary.BigEndian.PutUint64(g.nonce[4:], k.saltLo^(uint64(ssrc)<<48|index))
}

func (g *gcm) sealRTP(dst []byte, headerLen int, payload []byte, ssrc uint32, index uint64) int {
	n := headerLen + len(payload) + gcmTagLen
	dst = dst[:n]
	g.setNonce(&g.rtp, ssrc, index)
	g.rtp.aead.Seal(dst[headerLen:headerLen], g.nonce[:], payload, dst[:headerLen])
	return n
}

func (g *gcm) openRTP(packet []byte, headerLen int, ssrc uint32, index uint64) ([]byte, error) {
	g.setNonce(&g.rtp, ssrc, index)
	sealed := packet[headerLen:]
	payload, err := g.rtp.aead.Open(sealed[:0], g.nonce[:], sealed, packet[:headerLen])
	if err != nil {
		return nil, ErrAuth
	}
	return payload, nil
}

func (g *gcm) sealRTCP(dst, packet []byte, ssrc, word uint32) int {
	n := len(packet) + gcmTagLen
	dst = dst[:n+indexLen]
	copy(dst, packet[:rtcpHeader])
	g.setNonce(&g.rtcp, ssrc, uint64(word&^encrypted))
	g.rtcp.aead.Seal(dst[rtcpHeader:rtcpHeader], g.nonce[:], packet[rtcpHeader:], g.rtcpData(dst, word))
	binary.BigEndian.PutUint32(dst[n:], word)
	return n + indexLen
}

func (g *gcm) openRTCP(packet []byte, ssrc, word uint32) ([]byte, error) {
	g.setNonce(&g.rtcp, ssrc, uint64(word&^encrypted))
	sealed := packet[rtcpHeader : len(packet)-indexLen]
	payload, err := g.rtcp.aead.Open(sealed[:0], g.nonce[:], sealed, g.rtcpData(packet, word))
	if err != nil {
		return nil, ErrAuth
	}
	return packet[:rtcpHeader+len(payload)], nil
}

// rtcpData is what an RTCP packet authenticates besides its payload: header and index (RFC 7714 section 9.2).
func (g *gcm) rtcpData(packet []byte, word uint32) []byte {
	copy(g.aad[:], packet[:rtcpHeader])
	binary.BigEndian.PutUint32(g.aad[rtcpHeader:], word)
	return g.aad[:]
}

func (g *gcm) rtcpWord(packet []byte) uint32 {
	return binary.BigEndian.Uint32(packet[len(packet)-indexLen:])
}
