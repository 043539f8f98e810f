package sfu

import (
	"testing"

	"stube/internal/ortc"
)

func TestWanted(t *testing.T) {
	scaled := func(factors ...float64) []ortc.RTPEncodingParameters {
		list := bySSRC(4000, 5000, 6000)[:len(factors)]
		for i, f := range factors {
			list[i].ScaleResolutionDownBy = f
		}
		return list
	}
	tests := []struct {
		name      string
		encodings []ortc.RTPEncodingParameters
		source    int
		want      map[int]int // by the height of the view
	}{
		{"three layers", scaled(4, 2, 1), 720, map[int]int{-5: 0, 0: 0, 180: 0, 216: 0, 217: 1, 432: 1, 433: 2, 9000: 2}},
		{"two layers", scaled(2, 1), 360, map[int]int{180: 0, 360: 1}},
		{"one layer", scaled(1), 720, map[int]int{90: 0, 2160: 0}},
		{"size not told", scaled(4, 2, 1), 0, map[int]int{180: 0, 360: 1, 720: 2}},
		{"scale not told: browsers halve it from layer to layer", scaled(0, 0, 0), 720, map[int]int{180: 0, 360: 1, 720: 2}},
		{"all of one size, as asked", scaled(1, 1, 1), 720, map[int]int{180: 0, 720: 0}},
		{"only some told", scaled(4, 0, 0), 720, map[int]int{180: 0, 360: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
			p := c.produce(camera(ortc.MimeVP8, test.encodings...))
			p.SetSize(test.source*16/9, test.source)
			for height, want := range test.want {
				if got := p.wanted(height); got != want {
					t.Errorf("a view of %d pixels wants layer %d, want %d", height, got, want)
				}
			}
		})
	}
}
