package srtp

import (
	"encoding/binary"
	"fmt"
	"testing"
)

// eachSize benchmarks a video packet and an audio packet with each profile.
func eachSize(b *testing.B, f func(b *testing.B, p Profile, size int)) {
	for _, p := range profiles {
		for _, size := range []int{1100, 100} {
			b.Run(fmt.Sprintf("%s/%d", p, size), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(size))
				f(b, p, size)
			})
		}
	}
}

// BenchmarkSealRTP seals one shared payload behind a new header, as a consumer does.
func BenchmarkSealRTP(b *testing.B) {
	eachSize(b, func(b *testing.B, p Profile, size int) {
		s, _ := pair(b, p)
		payload := make([]byte, size)
		dst := make([]byte, testHeader+size+p.RTPOverhead())
		var index uint64
		for b.Loop() {
			binary.BigEndian.PutUint16(dst[2:], uint16(index))
			s.SealRTP(dst, testHeader, payload, testSSRC, index)
			index++
		}
	})
}

// BenchmarkOpenRTP opens ever the same packet; the window, which would refuse it, is reset.
func BenchmarkOpenRTP(b *testing.B) {
	eachSize(b, func(b *testing.B, p Profile, size int) {
		s, o := pair(b, p)
		sealed := sealRTP(s, p, 1, size)
		packet := make([]byte, len(sealed))
		for b.Loop() {
			copy(packet, sealed)
			var w Window
			if _, _, err := o.OpenRTP(&w, packet, testHeader, testSSRC); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSealRTCP seals a receiver report of some 100 bytes.
func BenchmarkSealRTCP(b *testing.B) {
	for _, p := range profiles {
		b.Run(p.String(), func(b *testing.B) {
			b.ReportAllocs()
			s, _ := pair(b, p)
			rr := report(testSSRC, 24)
			dst := make([]byte, len(rr)+p.RTCPOverhead())
			for b.Loop() {
				s.SealRTCP(dst, rr)
			}
		})
	}
}
