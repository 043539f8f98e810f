package rtp_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pion/rtp/codecs"

	"stube/internal/sfu/rtp"
)

func TestParseVP8(t *testing.T) {
	for name, c := range map[string]struct {
		p    []byte
		want rtp.VP8
	}{
		"plain key":    {[]byte{0x10, 0x00}, rtp.VP8{Len: 1, Start: true, KeyFrame: true}},
		"plain delta":  {[]byte{0x10, 0x01}, rtp.VP8{Len: 1, Start: true}},
		"continuation": {[]byte{0x00, 0x00}, rtp.VP8{Len: 1}},
		"no data":      {[]byte{0x10}, rtp.VP8{Len: 1, Start: true}},
		"narrow id":    {[]byte{0x90, 0x80, 0x7f, 1}, rtp.VP8{Len: 3, Start: true, HasPictureID: true, PictureID: 127}},
		"wide id": {
			[]byte{0x90, 0x80, 0xff, 0xfe, 1},
			rtp.VP8{Len: 4, Start: true, HasPictureID: true, Wide: true, PictureID: 0x7ffe},
		},
		"all of it": {
			[]byte{0x90, 0xf0, 0x81, 0x02, 9, 0xa3, 0},
			rtp.VP8{
				Len: 6, Start: true, KeyFrame: true, HasPictureID: true, Wide: true, PictureID: 0x102,
				HasTL0: true, TL0: 9, HasTID: true, TID: 2, Sync: true,
			},
		},
		"key index only": {[]byte{0x90, 0x10, 0xff, 1}, rtp.VP8{Len: 3, Start: true}},
	} {
		if got, err := rtp.ParseVP8(c.p); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	whole := []byte{0x90, 0xf0, 0x81, 0x02, 9, 0xa3}
	for n := range whole {
		if _, err := rtp.ParseVP8(whole[:n]); !errors.Is(err, rtp.ErrShort) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestRewriteVP8(t *testing.T) {
	for name, c := range map[string]struct{ p, want []byte }{
		"wide":          {[]byte{0x90, 0xe0, 0x81, 0x02, 9, 0xa3, 0}, []byte{0x90, 0xe0, 0xda, 0xbc, 8, 0xa3, 0}},
		"narrow":        {[]byte{0x90, 0xc0, 0x01, 9, 0}, []byte{0x90, 0xc0, 0x3c, 8, 0}},
		"index only":    {[]byte{0x90, 0x40, 9, 5}, []byte{0x90, 0x40, 8, 5}},
		"neither":       {[]byte{0x90, 0x20, 0x40, 5}, []byte{0x90, 0x20, 0x40, 5}},
		"no extensions": {[]byte{0x10, 5}, []byte{0x10, 5}},
	} {
		d, err := rtp.ParseVP8(c.p)
		if err != nil {
			t.Fatal(err)
		}
		rtp.RewriteVP8(c.p[:d.Len-1], d, 0xffff, 0xff) // too short: nothing happens
		rtp.RewriteVP8(c.p, d, 0x5abc, 8)
		if !bytes.Equal(c.p, c.want) {
			t.Errorf("%s: got %x, want %x", name, c.p, c.want)
		}
	}
}

// FuzzCriterion31VP8 compares with pion/rtp, and reads back what RewriteVP8 wrote.
func FuzzCriterion31VP8(f *testing.F) {
	f.Add([]byte{0x10, 0x00}, uint16(1), uint8(2))
	f.Add([]byte{0x90, 0xf0, 0x81, 0x02, 9, 0xa3, 0}, uint16(0x7fff), uint8(255))
	f.Fuzz(func(t *testing.T, p []byte, pictureID uint16, tl0 uint8) {
		d, err := rtp.ParseVP8(p)
		var want codecs.VP8Packet
		payload, pionErr := want.Unmarshal(p)
		if (err == nil) != (pionErr == nil) {
			t.Fatalf("got %v, pion %v", err, pionErr)
		}
		if err != nil {
			return
		}
		if d.Len != len(p)-len(payload) || d.Start != (want.S == 1 && want.PID == 0) ||
			d.HasPictureID != (want.I == 1) || d.PictureID != want.PictureID || d.HasTL0 != (want.L == 1) ||
			d.TL0 != want.TL0PICIDX || d.HasTID != (want.T == 1) || d.TID != want.TID || d.Sync != (want.Y == 1) {
			t.Fatalf("got %+v, pion %+v", d, want)
		}
		rtp.RewriteVP8(p, d, pictureID, tl0)
		mask := uint16(0x7f)
		if d.Wide {
			mask = 0x7fff
		}
		if d.HasPictureID {
			d.PictureID = pictureID & mask
		}
		if d.HasTL0 {
			d.TL0 = tl0
		}
		if again, err := rtp.ParseVP8(p); err != nil || again != d {
			t.Fatalf("wrote %+v, read %+v, %v", d, again, err)
		}
	})
}
