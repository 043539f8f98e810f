package rtcp_test

import (
	"math"
	"slices"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

// first reads the only packet of b.
func first(t *testing.T, b []byte) rtcp.Packet {
	t.Helper()
	r := rtcp.NewReader(b)
	if !r.Next() {
		t.Fatal("no packet: ", r.Err())
	}
	p := r.Packet()
	if r.Next() || r.Err() != nil {
		t.Fatal("a second packet: ", r.Err())
	}
	return p
}

func TestNACK(t *testing.T) {
	many := make([]uint16, 0, 300)
	for i := range uint16(300) {
		many = append(many, i*20)
	}
	for name, c := range map[string]struct {
		lost, want []uint16
		pairs      int
	}{
		"one":              {[]uint16{7}, []uint16{7}, 1},
		"a run":            {[]uint16{7, 8, 23}, []uint16{7, 8, 23}, 1},
		"seventeen behind": {[]uint16{7, 24}, []uint16{7, 24}, 2},
		"over the wrap":    {[]uint16{65530, 65535, 0, 9}, []uint16{65530, 65535, 0, 9}, 1},
		"twice":            {[]uint16{7, 7, 8, 8}, []uint16{7, 8}, 1},
		"descending":       {[]uint16{9, 8}, []uint16{9, 8}, 2},
		"too many":         {many, many[:256], 256},
	} {
		b := rtcp.AppendNACK(nil, 1, 2, c.lost)
		p := first(t, b)
		if got := slices.Collect(p.Lost()); !slices.Equal(got, c.want) || len(b) != 12+4*c.pairs {
			t.Errorf("%s: %v in %d bytes", name, got, len(b))
		}
		if p.SenderSSRC() != 1 || p.MediaSSRC() != 2 {
			t.Errorf("%s: from %d for %d", name, p.SenderSSRC(), p.MediaSSRC())
		}
	}
	if b := rtcp.AppendNACK([]byte{1}, 1, 2, nil); len(b) != 1 {
		t.Errorf("nothing lost: %x", b)
	}
	for range first(t, rtcp.AppendNACK(nil, 1, 2, []uint16{1, 2})).Lost() {
		break // leaving early is allowed
	}
}

func TestPictureRequests(t *testing.T) {
	p := first(t, rtcp.AppendPLI(nil, 1, 2))
	if p.Kind() != rtcp.KindPLI || p.SenderSSRC() != 1 || p.MediaSSRC() != 2 {
		t.Errorf("PLI: %+v", p)
	}
	p = first(t, foreign(pictures(1, 2, 3)))
	if got := slices.Collect(p.Requests()); !slices.Equal(got, []rtcp.Request{{SSRC: 2, Sequence: 3}}) {
		t.Errorf("FIR: %+v", got)
	}
}

func TestREMB(t *testing.T) {
	for in, want := range map[uint64]uint64{
		0: 0, 1: 1, 1<<18 - 1: 1<<18 - 1, 1 << 18: 1 << 18, 1<<18 + 1: 1 << 18, 1_500_000: 1_500_000,
		math.MaxUint64: (1<<18 - 1) << 46,
	} {
		b := rtcp.AppendREMB(nil, 1, in, []uint32{2, 3})
		p := first(t, b)
		if p.Bitrate() != want || !slices.Equal(slices.Collect(p.SSRCs()), []uint32{2, 3}) {
			t.Errorf("%d became %d for %v", in, p.Bitrate(), slices.Collect(p.SSRCs()))
		}
		var other pion.ReceiverEstimatedMaximumBitrate
		if err := other.Unmarshal(b); err != nil || in > 0 && other.Bitrate != float32(want) {
			t.Errorf("pion: %d became %f, %v", in, other.Bitrate, err)
		}
	}
	beyond := []byte{0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 0, 0xff, 0xff, 0xff}
	if got := first(t, beyond).Bitrate(); got != math.MaxUint64 {
		t.Errorf("beyond 64 bits: %d", got)
	}
	many := make([]uint32, 300)
	if got := len(slices.Collect(first(t, rtcp.AppendREMB(nil, 1, 1, many)).SSRCs())); got != 255 {
		t.Errorf("%d sources", got)
	}
}
