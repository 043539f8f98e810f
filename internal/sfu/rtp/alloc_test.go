package rtp_test

import (
	"testing"

	"stube/internal/sfu/rtp"
)

func TestNothingAllocates(t *testing.T) {
	vp8 := []byte{0x90, 0xf0, 0x81, 0x02, 9, 0xa3, 0}
	vp9 := []byte{0x0a, 0x38, 0, 1, 0, 2, 0, 3, 0, 4, 2, 0x08, 1, 2, 0x00}
	dependency := keyDescriptor(threeRates, 0, 0)
	var templates rtp.Templates
	buf := make([]byte, 0, 200)
	var u rtp.Unwrapper
	var h rtp.Header
	for name, f := range map[string]func(){
		"Parse":          func() { _ = h.Parse(media) },
		"Parse, refused": func() { _ = h.Parse(media[:20]) },
		"Extension": func() {
			var h rtp.Header
			_ = h.Parse(media)
			_ = h.Extension(5)
		},
		"Extensions": func() {
			var h rtp.Header
			_ = h.Parse(media)
			for id, data := range h.Extensions() {
				_, _ = id, data
			}
		},
		"AppendHeader": func() {
			var send [rtp.AbsSendTimeLen]byte
			rtp.PutAbsSendTime(send[:], rtp.AbsSendTime(12345))
			list := [2]rtp.Extension{{ID: 1, Data: media[3:4]}, {ID: 4, Data: send[:]}}
			buf = rtp.AppendHeader(buf[:0], &h, list[:])
		},
		"TrimPadding": func() { _, _ = rtp.TrimPadding(&h, media) },
		"Unwrap":      func() { u.Unwrap(7) },
		"VP8": func() {
			d, _ := rtp.ParseVP8(vp8)
			rtp.RewriteVP8(vp8, d, 1, 2)
		},
		"VP9":        func() { _, _ = rtp.ParseVP9(vp9) },
		"Dependency": func() { _, _ = templates.Parse(dependency) },
		"KeyFrame":   func() { rtp.KeyFrame(rtp.H264Codec, vp8) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	var h rtp.Header
	for b.Loop() {
		if err := h.Parse(media); err != nil {
			b.Fatal(err)
		}
		if h.Extension(5) == nil {
			b.Fatal("no extension")
		}
	}
}
