package sfu

import (
	"math"
	"slices"
	"testing"

	"stube/internal/ortc"
)

// video is a demand with the rates of its layers; 0: the layer is not live.
func video(priority Priority, want int, rates ...uint64) demand {
	d := demand{priority: priority, layers: len(rates), want: want}
	for i, r := range rates {
		d.rates[i], d.live[i] = r, r > 0
	}
	return d
}

func TestBest(t *testing.T) {
	tests := []struct {
		name string
		d    demand
		want int
	}{
		{"as wanted", video(0, 1, 1, 4, 16), 1},
		{"the wanted one is gone", video(0, 2, 1, 4, 0), 1},
		{"only the lowest is left", video(0, 2, 1, 0, 0), 0},
		{"only a higher one is left", video(0, 0, 0, 0, 16), 2},
		{"only higher ones are left", video(0, 0, 0, 4, 16), 1},
		{"none is live yet", video(0, 2, 0, 0, 0), 0},
		{"more wanted than there is", video(0, 3, 1, 4), 1},
		{"one layer", video(0, 0, 9), 0},
	}
	resting := video(0, 2, 0, 0, 0)
	resting.carried = 1
	tests = append(tests, struct {
		name string
		d    demand
		want int
	}{"the picture rests", resting, 1})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.d.best(); got != test.want {
				t.Errorf("layer %d, want %d", got, test.want)
			}
		})
	}
}

func TestAllocate(t *testing.T) {
	tests := []struct {
		name   string
		budget uint64
		in     []demand
		want   []int
	}{
		{"none", 100, nil, []int{}},
		{"no limit", math.MaxUint64, []demand{video(0, 2, 1, 4, 16), video(1, 1, 1, 4, 16)}, []int{2, 1}},
		{"just enough", 20, []demand{video(0, 2, 1, 4, 16), video(0, 1, 1, 4, 16)}, []int{2, 1}},
		{"one less", 19, []demand{video(0, 2, 1, 4, 16), video(0, 1, 1, 4, 16)}, []int{1, 1}},
		{"importance first", 18, []demand{video(0, 2, 1, 4, 16), video(1, 2, 1, 4, 16)}, []int{2, 0}},
		{"all get the smallest first", 5, []demand{video(0, 2, 1, 4, 16), video(1, 2, 1, 4, 16)}, []int{1, 0}},
		{"not even that", 1, []demand{video(0, 2, 1, 4, 16), video(1, 2, 1, 4, 16)}, []int{0, none}},
		{"no budget: the most important goes on", 0, []demand{video(0, 2, 1, 4, 16), video(1, 2, 1, 4, 16)}, []int{0, none}},
		{"equals in turns", 8, []demand{video(0, 2, 1, 4, 16), video(0, 2, 1, 4, 16)}, []int{1, 1}},
		{"over a layer that is gone", 17, []demand{video(0, 2, 1, 0, 16)}, []int{2}},
		{"not over a layer that is gone", 15, []demand{video(0, 2, 1, 0, 16)}, []int{0}},
		{"what is not live yet costs nothing", 0, []demand{video(0, 2, 0, 0, 0)}, []int{0}},
		{"a higher layer that is cheaper", 5, []demand{video(0, 1, 5, 3)}, []int{1}},
		{"the smallest is all there is", 10, []demand{video(0, 0, 0, 0, 16), video(0, 0, 0, 0, 16)}, []int{2, none}},
		{"what remains goes to the less important", 10, []demand{video(0, 1, 1, 20), video(1, 1, 1, 8)}, []int{0, 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			allocate(test.budget, test.in)
			got := make([]int, 0, len(test.in))
			for _, d := range test.in {
				got = append(got, d.given)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("layers %v, want %v", got, test.want)
			}
		})
	}
}

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
