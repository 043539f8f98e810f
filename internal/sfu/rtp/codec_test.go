package rtp_test

import (
	"testing"

	"stube/internal/sfu/rtp"
)

func TestKeyFrame(t *testing.T) {
	for name, c := range map[string]struct {
		codec   rtp.Codec
		payload []byte
		want    bool
	}{
		"opus":                       {rtp.Opus, []byte{0x78}, true},
		"vp8 key":                    {rtp.VP8Codec, []byte{0x10, 0x00}, true},
		"vp8 delta":                  {rtp.VP8Codec, []byte{0x10, 0x01}, false},
		"vp8 inside":                 {rtp.VP8Codec, []byte{0x00, 0x00}, false},
		"vp8 second partition":       {rtp.VP8Codec, []byte{0x11, 0x00}, false},
		"vp8 descriptor alone":       {rtp.VP8Codec, []byte{0x10}, false},
		"vp8 cut":                    {rtp.VP8Codec, []byte{0x90}, false},
		"vp9 key":                    {rtp.VP9Codec, []byte{0x08}, true},
		"vp9 predicted":              {rtp.VP9Codec, []byte{0x48}, false},
		"vp9 upper layer":            {rtp.VP9Codec, []byte{0x28, 0x03, 0}, false},
		"vp9 inside":                 {rtp.VP9Codec, []byte{0x00}, false},
		"vp9 cut":                    {rtp.VP9Codec, []byte{0x88}, false},
		"h264 idr":                   {rtp.H264Codec, []byte{0x65, 0x88}, true},
		"h264 sps alone":             {rtp.H264Codec, []byte{0x67}, true},
		"h264 pps":                   {rtp.H264Codec, []byte{0x68, 1}, false},
		"h264 delta":                 {rtp.H264Codec, []byte{0x41, 1}, false},
		"h264 stap-a":                {rtp.H264Codec, []byte{0x78, 0, 2, 0x67, 1, 0, 1, 0x68}, true},
		"h264 stap-a, second":        {rtp.H264Codec, []byte{0x78, 0, 1, 0x68, 0, 1, 0x65}, true},
		"h264 stap-a, delta":         {rtp.H264Codec, []byte{0x78, 0, 2, 0x41, 1}, false},
		"h264 stap-a, unit cut":      {rtp.H264Codec, []byte{0x78, 0, 9, 0x65}, false},
		"h264 stap-a, unit of none":  {rtp.H264Codec, []byte{0x78, 0, 0, 0x65, 0, 1, 0x65}, false},
		"h264 stap-a, length cut":    {rtp.H264Codec, []byte{0x78, 0}, false},
		"h264 stap-a, one byte":      {rtp.H264Codec, []byte{0x78}, false},
		"h264 fu-a start":            {rtp.H264Codec, []byte{0x7c, 0x85}, true},
		"h264 fu-a inside":           {rtp.H264Codec, []byte{0x7c, 0x05}, false},
		"h264 fu-a start of a delta": {rtp.H264Codec, []byte{0x7c, 0x81}, false},
		"h264 fu-a, one byte":        {rtp.H264Codec, []byte{0x7c}, false},
		"av1 new sequence":           {rtp.AV1Codec, []byte{0x18, 0x0a}, true},
		"av1 going on":               {rtp.AV1Codec, []byte{0x10, 0x32}, false},
		"av1 continuation with n":    {rtp.AV1Codec, []byte{0x88}, false},
		"none":                       {0, []byte{1, 2}, false},
	} {
		if got := rtp.KeyFrame(c.codec, c.payload); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if rtp.KeyFrame(c.codec, nil) {
			t.Errorf("%s: an empty payload begins a key frame", name)
		}
	}
}

func TestCodecString(t *testing.T) {
	want := []string{"unknown", "opus", "VP8", "VP9", "H264", "AV1", "unknown"}
	for i, name := range want {
		if got := rtp.Codec(i).String(); got != name {
			t.Errorf("codec %d is %s", i, got)
		}
	}
}

func FuzzCriterion31KeyFrame(f *testing.F) {
	f.Add(uint8(rtp.H264Codec), []byte{0x78, 0, 1, 0x68, 0, 1, 0x65})
	f.Add(uint8(rtp.H264Codec), []byte{0x7c, 0x85})
	f.Add(uint8(rtp.AV1Codec), []byte{0x18, 0x0a})
	f.Add(uint8(rtp.VP8Codec), []byte{0x90, 0x80, 0x80, 1, 0})
	f.Add(uint8(rtp.VP9Codec), []byte{0x8a, 0x80, 1, 0x18, 1, 0x04, 1})
	f.Fuzz(func(_ *testing.T, codec uint8, payload []byte) {
		rtp.KeyFrame(rtp.Codec(codec%6), payload)
	})
}
