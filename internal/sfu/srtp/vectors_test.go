package srtp

import (
	"bytes"
	"crypto/aes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestKeyStream holds the vectors of RFC 3711 appendix B.2, in the order of the key stream.
func TestKeyStream(t *testing.T) {
	c, err := newCM(session{
		key:  unhex(t, "2B7E151628AED2A6ABF7158809CF4F3C"),
		salt: unhex(t, "F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
		auth: make([]byte, authKeyLen),
	}, session{key: make([]byte, keyLen), salt: make([]byte, cmSaltLen), auth: make([]byte, authKeyLen)})
	if err != nil {
		t.Fatal(err)
	}
	stream := make([]byte, 1044512)
	c.crypt(&c.rtp, stream, stream, 0, 0)
	for block, want := range map[int]string{
		0x0000: "E03EAD0935C95E80E166B16DD92B4EB4",
		0x0001: "D23513162B02D0F72A43A2FE4A5F97AB",
		0x0002: "41E95B3BB0A2E8DD477901E4FCA894C0",
		0xfeff: "EC8CDF7398607CB0F2D21675EA9EA1E4",
		0xff00: "362B7C3C6773516318A077D7FC5073AE",
		0xff01: "6A2CC3787889374FBEB4C81B17BA6C44",
	} {
		if got := stream[block*aes.BlockSize:][:aes.BlockSize]; !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("block %#x: %X, want %s", block, got, want)
		}
	}
}

// TestDerive holds the vectors of RFC 3711 appendix B.3.
func TestDerive(t *testing.T) {
	key := unhex(t, "E1F97A0D3E018BE0D64FA32C06DE4139")
	salt := unhex(t, "0EC675AD498AFEEBB6960B3AABE6")
	s, err := deriveSession(AESCM128HMACSHA180, key, salt, labelRTP)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		name, want string
		got        []byte
	}{
		{"cipher key", "C61E7A93744F39EE10734AFE3FF7A087", s.key},
		{"cipher salt", "30CBBC08863D8C85D49DB34A9AE1", s.salt},
		{"auth key", "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4", s.auth},
	} {
		if !bytes.Equal(v.got, unhex(t, v.want)) {
			t.Errorf("%s: %X, want %s", v.name, v.got, v.want)
		}
	}
}

// packetVector is one packet with the session keys given, as the RFC gives them.
type packetVector struct {
	name          string
	suite         suite
	plain, sealed []byte
	headerLen     int
	ssrc          uint32
	index         uint64
	rtcp          bool
}

func packetVectors(t *testing.T) []packetVector {
	t.Helper()
	keys := session{
		key:  unhex(t, "000102030405060708090a0b0c0d0e0f"),
		salt: unhex(t, "517569642070726f2071756f"),
	}
	g, err := newGCM(keys, keys)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newSuite(AESCM128HMACSHA180,
		unhex(t, "e1f97a0d3e018be0d64fa32c06de4139"), unhex(t, "0ec675ad498afeebb6960b3aabe6"))
	if err != nil {
		t.Fatal(err)
	}
	return []packetVector{
		{
			name: "RFC 7714 16.1.1, SRTP AEAD_AES_128_GCM", suite: g,
			plain: unhex(t, `8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976
				69736120 696e2070 61727465 73207472 6573`),
			sealed: unhex(t, `8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5
				0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce`),
			headerLen: 12, ssrc: 0x5501a0b2, index: 0xf17b,
		},
		{
			name: "RFC 7714 17.1, SRTCP AEAD_AES_128_GCM", suite: g, rtcp: true,
			plain: unhex(t, `81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61
				deadbeef deadbeef deadbeef deadbeef deadbeef`),
			sealed: unhex(t, `81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d
				c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4`),
			ssrc: 0x4d617273, index: 0x5d4,
		},
		{
			name: "libsrtp's validation packet, AES_CM_128_HMAC_SHA1_80", suite: c,
			plain: unhex(t, "800f1234 decafbad cafebabe abababab abababab abababab abababab"),
			sealed: unhex(t, `800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402
				b78d6acc 99ea179b 8dbb`),
			headerLen: 12, ssrc: 0xcafebabe, index: 0x1234,
		},
	}
}

func TestPacketVectors(t *testing.T) {
	for _, v := range packetVectors(t) {
		t.Run(v.name, func(t *testing.T) {
			sealed := make([]byte, len(v.sealed))
			var n int
			if v.rtcp {
				n = v.suite.sealRTCP(sealed, v.plain, v.ssrc, encrypted|uint32(v.index))
			} else {
				copy(sealed, v.plain[:v.headerLen])
				n = v.suite.sealRTP(sealed, v.headerLen, v.plain[v.headerLen:], v.ssrc, v.index)
			}
			if n != len(v.sealed) || !bytes.Equal(sealed, v.sealed) {
				t.Fatalf("sealed %X, want %X", sealed, v.sealed)
			}
			var err error
			var opened []byte
			if v.rtcp {
				opened, err = v.suite.openRTCP(sealed, v.ssrc, v.suite.rtcpWord(sealed))
			} else {
				opened, err = v.suite.openRTP(sealed, v.headerLen, v.ssrc, v.index)
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(opened, v.plain[v.headerLen:]) {
				t.Fatalf("opened %X, want %X", opened, v.plain[v.headerLen:])
			}
		})
	}
}
