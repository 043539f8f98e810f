package srtp

import (
	"bytes"
	"testing"
)

// FuzzCriterion31OpenRTP feeds any bytes: no panic, and nothing that wasn't sealed is taken.
func FuzzCriterion31OpenRTP(f *testing.F) {
	for _, p := range profiles {
		s, _ := pair(f, p)
		f.Add(sealRTP(s, p, 3, 20), 20, p == AEADAES128GCM)
		f.Add([]byte{0x80, 0, 0, 1}, 12, false)
	}
	f.Fuzz(func(t *testing.T, packet []byte, headerLen int, first bool) {
		p := profiles[1]
		if first {
			p = profiles[0]
		}
		s, o := pair(t, p)
		var w Window
		payload, index, err := o.OpenRTP(&w, bytes.Clone(packet), headerLen, testSSRC)
		if err != nil {
			if w != (Window{}) {
				t.Fatal("a refused packet moved the window")
			}
			return
		}
		again := append(bytes.Clone(packet[:headerLen]), make([]byte, len(payload)+p.RTPOverhead())...)
		s.SealRTP(again, headerLen, payload, testSSRC, index)
		if !bytes.Equal(again, packet) {
			t.Fatalf("opened what the key didn't seal: %X", packet)
		}
	})
}

// FuzzCriterion31OpenRTCP feeds any bytes: no panic, and nothing that wasn't sealed is taken.
func FuzzCriterion31OpenRTCP(f *testing.F) {
	for _, p := range profiles {
		s, _ := pair(f, p)
		sealed := make([]byte, 28+p.RTCPOverhead())
		s.SealRTCP(sealed, report(9, 5))
		f.Add(sealed, p == AEADAES128GCM)
		f.Add(sealed[:20], false)
	}
	f.Fuzz(func(t *testing.T, packet []byte, first bool) {
		p := profiles[1]
		if first {
			p = profiles[0]
		}
		s, o := pair(t, p)
		plain, err := o.OpenRTCP(bytes.Clone(packet))
		if err != nil {
			return
		}
		s.rtcpIndex = s.suite.rtcpWord(packet) &^ encrypted
		again := make([]byte, len(packet))
		if n := s.SealRTCP(again, plain); !bytes.Equal(again[:n], packet) {
			t.Fatalf("opened what the key didn't seal: %X", packet)
		}
	})
}

// FuzzSealOpen seals any payload at any index and opens it again.
func FuzzSealOpen(f *testing.F) {
	f.Add([]byte("payload"), uint64(0xffff), uint32(1))
	f.Fuzz(func(t *testing.T, payload []byte, index uint64, ssrc uint32) {
		index %= 1 << 48
		for _, p := range profiles {
			s, o := pair(t, p)
			packet := make([]byte, testHeader+len(payload)+p.RTPOverhead())
			copy(packet, rtpPacket(ssrc, uint16(index), 0))
			n := s.SealRTP(packet, testHeader, payload, ssrc, index)
			var w Window
			if index>>16 != 0 {
				w = Window{highest: index - 1, started: true}
			}
			got, at, err := o.OpenRTP(&w, packet[:n], testHeader, ssrc)
			if err != nil || at != index || !bytes.Equal(got, payload) {
				t.Fatalf("%s: opened %X at %#x, %v; want %X at %#x", p, got, at, err, payload, index)
			}
		}
	})
}
