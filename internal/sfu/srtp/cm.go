package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"hash"
)

// cm is AES_CM_128_HMAC_SHA1_80 (RFC 3711): AES in counter mode behind the header, then a tag of 80 bits over
// all of it and the index, of which RTP sends no more than the sequence number and RTCP the whole.
type cm struct {
	rtp, rtcp cmKey
	stream    keyStream
	sum       [sha1.Size]byte // scratch; a field, because what is passed to an interface would escape
}

type cmKey struct {
	block          cipher.Block
	saltHi, saltLo uint64
	mac            hash.Hash // keeps the states after its inner and outer key
}

func newCM(rtp, rtcp session) (*cm, error) {
	var c cm
	var err error
	if c.rtp, err = newCMKey(rtp); err != nil {
		return nil, err
	}
	if c.rtcp, err = newCMKey(rtcp); err != nil {
		return nil, err
	}
	return &c, nil
}

func newCMKey(s session) (cmKey, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return cmKey{}, fmt.Errorf("srtp: make session cipher: %w", err)
	}
	var salt [aes.BlockSize]byte
	copy(salt[:], s.salt)
	return cmKey{
		block:  block,
		saltHi: binary.BigEndian.Uint64(salt[:]),
		saltLo: binary.BigEndian.Uint64(salt[8:]),
		mac:    hmac.New(sha1.New, s.auth),
	}, nil
}

// crypt encrypts or decrypts src into dst; they are the same bytes or don't overlap. The counter starts at
// (salt << 16) ^ (SSRC << 64) ^ (index << 16) (RFC 3711 section 4.1.1).
func (c *cm) crypt(k *cmKey, dst, src []byte, ssrc uint32, index uint64) {
	c.stream.xor(k.block, dst, src, k.saltHi^uint64(ssrc), k.saltLo^index<<16)
}

// tag authenticates data. It is valid until the next call.
func (c *cm) tag(k *cmKey, data []byte) []byte {
	k.mac.Reset()
	k.mac.Write(data)
	return k.mac.Sum(c.sum[:0])[:cmTagLen]
}

// sealRTP authenticates the roll-over counter behind the packet, in the place where the tag then goes.
func (c *cm) sealRTP(dst []byte, headerLen int, payload []byte, ssrc uint32, index uint64) int {
	n := headerLen + len(payload)
	dst = dst[:n+cmTagLen]
	c.crypt(&c.rtp, dst[headerLen:n], payload, ssrc, index)
	binary.BigEndian.PutUint32(dst[n:], uint32(index>>16))
	copy(dst[n:], c.tag(&c.rtp, dst[:n+4]))
	return n + cmTagLen
}

func (c *cm) openRTP(packet []byte, headerLen int, ssrc uint32, index uint64) ([]byte, error) {
	n := len(packet) - cmTagLen
	tag := [cmTagLen]byte(packet[n:])
	binary.BigEndian.PutUint32(packet[n:], uint32(index>>16))
	if subtle.ConstantTimeCompare(tag[:], c.tag(&c.rtp, packet[:n+4])) == 0 {
		return nil, ErrAuth
	}
	payload := packet[headerLen:n]
	c.crypt(&c.rtp, payload, payload, ssrc, index)
	return payload, nil
}

func (c *cm) sealRTCP(dst, packet []byte, ssrc, word uint32) int {
	n := len(packet) + indexLen
	dst = dst[:n+cmTagLen]
	copy(dst, packet[:rtcpHeader])
	c.crypt(&c.rtcp, dst[rtcpHeader:len(packet)], packet[rtcpHeader:], ssrc, uint64(word&^encrypted))
	binary.BigEndian.PutUint32(dst[len(packet):], word)
	copy(dst[n:], c.tag(&c.rtcp, dst[:n]))
	return n + cmTagLen
}

func (c *cm) openRTCP(packet []byte, ssrc, word uint32) ([]byte, error) {
	n := len(packet) - cmTagLen
	if subtle.ConstantTimeCompare(packet[n:], c.tag(&c.rtcp, packet[:n])) == 0 {
		return nil, ErrAuth
	}
	plain := packet[:n-indexLen]
	c.crypt(&c.rtcp, plain[rtcpHeader:], plain[rtcpHeader:], ssrc, uint64(word&^encrypted))
	return plain, nil
}

func (c *cm) rtcpWord(packet []byte) uint32 {
	return binary.BigEndian.Uint32(packet[len(packet)-cmTagLen-indexLen:])
}

// keyStream is a counter mode that doesn't allocate: cipher.NewCTR is faster, but makes 512 bytes of garbage for
// each packet.
type keyStream [512]byte

// xor writes all counters of a stretch before it encrypts the first. Each block is stored by halves and loaded
// whole, and a processor that has to load what it is just storing waits for it: block by block takes twice as long.
func (s *keyStream) xor(block cipher.Block, dst, src []byte, hi, lo uint64) {
	for len(src) > 0 {
		n := min(len(src), len(s))
		stream := s[:(n+aes.BlockSize-1)&^(aes.BlockSize-1)]
		for i := 0; i < len(stream); i += aes.BlockSize {
			binary.BigEndian.PutUint64(stream[i:], hi)
			binary.BigEndian.PutUint64(stream[i+8:], lo)
			lo++ // 16 bits are the block's, more than any packet has
		}
		for i := 0; i < len(stream); i += aes.BlockSize {
			block.Encrypt(stream[i:i+aes.BlockSize], stream[i:i+aes.BlockSize])
		}
		subtle.XORBytes(dst[:n], src[:n], stream)
		dst, src = dst[n:], src[n:]
	}
}
