package rtp_test

import (
	"testing"

	"stube/internal/sfu/rtp"
)

func TestUnwrap(t *testing.T) {
	for name, c := range map[string]struct {
		seqs []uint16
		want []int64
	}{
		"in order":           {[]uint16{5, 6, 7}, []int64{65541, 65542, 65543}},
		"first is zero":      {[]uint16{0, 65535, 1}, []int64{65536, 65535, 65537}},
		"over the wrap":      {[]uint16{65534, 65535, 0, 1}, []int64{131070, 131071, 131072, 131073}},
		"late over the wrap": {[]uint16{65535, 1, 0, 65534, 2}, []int64{131071, 131073, 131072, 131070, 131074}},
		"leap ahead":         {[]uint16{0, 32767, 65534, 32765}, []int64{65536, 98303, 131070, 163837}},
		"half is late":       {[]uint16{40000, 7232}, []int64{105536, 72768}},
		"late don't pull":    {[]uint16{40000, 10000, 42000}, []int64{105536, 75536, 107536}},
	} {
		t.Run(name, func(t *testing.T) {
			var u rtp.Unwrapper
			for i, seq := range c.seqs {
				if got := u.Unwrap(seq); got != c.want[i] {
					t.Errorf("Unwrap(%d) = %d, want %d", seq, got, c.want[i])
				}
			}
		})
	}
}

func TestUnwrapManyRounds(t *testing.T) {
	var u rtp.Unwrapper
	for want := int64(1 << 16); want < 1<<20; want += 1000 {
		if got := u.Unwrap(uint16(want)); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	}
}
