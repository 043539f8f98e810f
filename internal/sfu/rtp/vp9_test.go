package rtp_test

import (
	"errors"
	"testing"

	"github.com/pion/rtp/codecs"

	"stube/internal/sfu/rtp"
)

func TestParseVP9(t *testing.T) {
	for name, c := range map[string]struct {
		p    []byte
		want rtp.VP9
	}{
		"bare key frame": {[]byte{0x0c}, rtp.VP9{Len: 1, KeyFrame: true, Begin: true, End: true}},
		"not flexible": {
			[]byte{0xe9, 0x81, 0x02, 0x55, 7, 0},
			rtp.VP9{
				Len: 5, Begin: true, Predicted: true, Unreferenced: true, HasPictureID: true, Wide: true, PictureID: 0x102,
				HasLayers: true, TID: 2, Switch: true, SID: 2, Dependent: true, HasTL0: true, TL0: 7,
			},
		},
		"flexible, three references": {
			[]byte{0xf8, 0x05, 0x20, 0x03, 0x05, 0x06},
			rtp.VP9{
				Len: 6, Begin: true, Flexible: true, Predicted: true, HasPictureID: true, PictureID: 5,
				HasLayers: true, TID: 1,
			},
		},
		"structure": {
			[]byte{0x0a, 0x38, 0, 1, 0, 2, 0, 3, 0, 4, 2, 0x08, 1, 2, 0x00},
			rtp.VP9{Len: 15, KeyFrame: true, Begin: true, Layers: 2},
		},
		"upper layer of a key picture": {
			[]byte{0x28, 0x03, 0},
			rtp.VP9{Len: 3, Begin: true, HasLayers: true, SID: 1, Dependent: true, HasTL0: true},
		},
	} {
		if got, err := rtp.ParseVP9(c.p); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		for n := range c.want.Len {
			if _, err := rtp.ParseVP9(c.p[:n]); !errors.Is(err, rtp.ErrShort) {
				t.Errorf("%s: %d bytes: %v", name, n, err)
			}
		}
	}
	if _, err := rtp.ParseVP9([]byte{0x50, 3, 3, 3, 2}); err == nil {
		t.Error("took four references")
	}
}

// FuzzCriterion31VP9 compares with pion/rtp, which takes fewer spatial layers.
func FuzzCriterion31VP9(f *testing.F) {
	f.Add([]byte{0xe9, 0x81, 0x02, 0x55, 7, 0})
	f.Add([]byte{0xf8, 0x05, 0x20, 0x03, 0x05, 0x06})
	f.Add([]byte{0x0a, 0x38, 0, 1, 0, 2, 0, 3, 0, 4, 2, 0x08, 1, 2, 0x00})
	f.Fuzz(func(t *testing.T, p []byte) {
		d, err := rtp.ParseVP9(p)
		var want codecs.VP9Packet
		payload, pionErr := want.Unmarshal(p)
		if pionErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("pion takes what we refuse: %v", err)
		}
		if d.Len != len(p)-len(payload) || d.Begin != want.B || d.End != want.E || d.Flexible != want.F ||
			d.Predicted != want.P || d.Unreferenced != want.Z || d.HasPictureID != want.I ||
			d.PictureID != want.PictureID || d.HasLayers != want.L || d.TID != want.TID || d.SID != want.SID ||
			d.Switch != want.U || d.Dependent != want.D || d.TL0 != want.TL0PICIDX {
			t.Fatalf("got %+v, pion %+v", d, want)
		}
		if want.V && d.Layers != want.NS+1 {
			t.Fatalf("%d layers, pion %d", d.Layers, want.NS+1)
		}
	})
}
