package srtp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/pion/srtp/v3"
)

var profiles = []Profile{AEADAES128GCM, AESCM128HMACSHA180}

// testSSRC is the stream that most tests send.
const testSSRC = 0xcafe0001

func masterKeys(p Profile) (key, salt []byte) {
	key, salt = make([]byte, p.KeyLen()), make([]byte, p.SaltLen())
	for i := range key {
		key[i] = byte(i*7 + 1)
	}
	for i := range salt {
		salt[i] = byte(i*11 + 3)
	}
	return key, salt
}

// pair makes a Sealer and the Opener that understands it.
func pair(t testing.TB, p Profile) (*Sealer, *Opener) {
	t.Helper()
	key, salt := masterKeys(p)
	s, err := NewSealer(p, key, salt)
	if err != nil {
		t.Fatal(err)
	}
	o, err := NewOpener(p, key, salt)
	if err != nil {
		t.Fatal(err)
	}
	return s, o
}

func pion(t testing.TB, p Profile) *srtp.Context {
	t.Helper()
	profile := srtp.ProtectionProfileAeadAes128Gcm
	if p == AESCM128HMACSHA180 {
		profile = srtp.ProtectionProfileAes128CmHmacSha1_80
	}
	key, salt := masterKeys(p)
	c, err := srtp.CreateContext(key, salt, profile,
		srtp.SRTPReplayProtection(windowSize), srtp.SRTCPReplayProtection(windowSize))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rtpPacket is a plain RTP packet with an extension, so that its header is 20 bytes long.
func rtpPacket(ssrc uint32, seq uint16, payload int) []byte {
	p := make([]byte, testHeader+payload)
	p[0], p[1] = 0x90, 96
	binary.BigEndian.PutUint16(p[2:], seq)
	binary.BigEndian.PutUint32(p[8:], ssrc)
	copy(p[12:], []byte{0xbe, 0xde, 0, 1, 0x10, 0xaa, 0, 0})
	for i := testHeader; i < len(p); i++ {
		p[i] = byte(i) ^ byte(seq)
	}
	return p
}

const testHeader = 20

func report(ssrc uint32, words int) []byte {
	p := make([]byte, 8+4*words)
	p[0], p[1] = 0x80, 201
	binary.BigEndian.PutUint16(p[2:], uint16(words+1))
	binary.BigEndian.PutUint32(p[4:], ssrc)
	for i := 8; i < len(p); i++ {
		p[i] = byte(i)
	}
	return p
}

func eachProfile(t *testing.T, f func(t *testing.T, p Profile)) {
	t.Helper()
	for _, p := range profiles {
		t.Run(p.String(), func(t *testing.T) { f(t, p) })
	}
}

// TestPionOpensOurs seals across two wrap-arounds, apart and in place by turns, and lets pion open it.
func TestPionOpensOurs(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, _ := pair(t, p)
		theirs := pion(t, p)
		index := uint64(30000)
		for i := 0; index < 3<<16; i++ {
			plain := rtpPacket(testSSRC, uint16(index), i%1200)
			sealed := make([]byte, len(plain)+p.RTPOverhead())
			payload := plain[testHeader:]
			copy(sealed, plain[:testHeader])
			if i%2 == 0 {
				payload = sealed[testHeader : testHeader+copy(sealed[testHeader:], payload)]
			}
			n := s.SealRTP(sealed, testHeader, payload, testSSRC, index)
			if n != len(sealed) {
				t.Fatalf("sealed %d bytes, want %d", n, len(sealed))
			}
			got, err := theirs.DecryptRTP(nil, sealed, nil)
			if err != nil {
				t.Fatalf("index %#x: %v", index, err)
			}
			if !bytes.Equal(got, plain) {
				t.Fatalf("index %#x: %X, want %X", index, got, plain)
			}
			index += uint64(i%7)*97 + 1
		}
	})
}

// TestOursOpensPion opens what pion sealed across two wrap-arounds, each pair of packets in the wrong order.
func TestOursOpensPion(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		_, o := pair(t, p)
		theirs := pion(t, p)
		var w Window
		const first = 20001
		late := []byte(nil)
		for index := uint64(first); index < 3<<16; index++ {
			plain := rtpPacket(testSSRC, uint16(index), int(index%64))
			sealed, err := theirs.EncryptRTP(nil, plain, nil)
			if err != nil {
				t.Fatal(err)
			}
			if index%2 == 1 && index != first {
				late = sealed
				continue
			}
			open(t, o, &w, sealed, index)
			if late != nil {
				open(t, o, &w, late, index-1)
			}
		}
	})
}

// open opens a packet of rtpPacket's and checks index and payload.
func open(t *testing.T, o *Opener, w *Window, sealed []byte, want uint64) {
	t.Helper()
	payload, index, err := o.OpenRTP(w, bytes.Clone(sealed), testHeader, testSSRC)
	if err != nil {
		t.Fatalf("index %#x: %v", want, err)
	}
	plain := rtpPacket(testSSRC, uint16(want), len(payload))
	if index != want || !bytes.Equal(payload, plain[testHeader:]) {
		t.Fatalf("opened index %#x %X, want %#x %X", index, payload, want, plain[testHeader:])
	}
}

func TestRTCPBothWays(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, o := pair(t, p)
		toPion, fromPion := pion(t, p), pion(t, p)
		for i := range 200 {
			plain := report(uint32(i%3), i)
			sealed := make([]byte, len(plain)+p.RTCPOverhead())
			from := plain
			if i%2 == 0 {
				from = sealed[:copy(sealed, plain)]
			}
			if n := s.SealRTCP(sealed, from); n != len(sealed) {
				t.Fatalf("sealed %d bytes, want %d", n, len(sealed))
			}
			got, err := toPion.DecryptRTCP(nil, sealed, nil)
			if err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("pion opened %X, %v, want %X", got, err, plain)
			}

			sealed, err = fromPion.EncryptRTCP(nil, plain, nil)
			if err != nil {
				t.Fatal(err)
			}
			again := bytes.Clone(sealed)
			got, err = o.OpenRTCP(sealed)
			if err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("opened %X, %v, want %X", got, err, plain)
			}
			if _, err = o.OpenRTCP(again); !errors.Is(err, ErrReplay) {
				t.Fatalf("second time: %v, want ErrReplay", err)
			}
		}
	})
}

func TestSealRTCPStops(t *testing.T) {
	s, _ := pair(t, AEADAES128GCM)
	dst := make([]byte, 100)
	if n := s.SealRTCP(dst, make([]byte, 7)); n != 0 {
		t.Errorf("sealed %d bytes of a packet that is too short", n)
	}
	s.rtcpIndex = rtcpMaxSeal - 1
	for i, want := range []int{28, 0, 0} {
		if n := s.SealRTCP(dst, report(1, 0)); n != want {
			t.Errorf("packet %d at the end of the key: %d bytes, want %d", i, n, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		p         Profile
		key, salt int
	}{
		{0, 16, 12},
		{3, 16, 12},
		{AEADAES128GCM, 15, 12},
		{AEADAES128GCM, 16, 14},
		{AESCM128HMACSHA180, 16, 12},
		{AESCM128HMACSHA180, 0, 0},
	} {
		name := fmt.Sprintf("%s %d %d", c.p, c.key, c.salt)
		if _, err := NewSealer(c.p, make([]byte, c.key), make([]byte, c.salt)); err == nil {
			t.Errorf("NewSealer %s: no error", name)
		}
		if _, err := NewOpener(c.p, make([]byte, c.key), make([]byte, c.salt)); err == nil {
			t.Errorf("NewOpener %s: no error", name)
		}
	}
}
