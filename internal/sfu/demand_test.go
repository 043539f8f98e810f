package sfu

import (
	"slices"
	"testing"
	"time"

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

// TestSteps: each size in its full frame rate and in half of it, the smallest in all.
func TestSteps(t *testing.T) {
	type rate = [layerCount]uint64
	const all = allLayers
	tests := []struct {
		name   string
		layers []rate // bit/s up to each temporal layer
		want   []step
	}{
		{"one frame rate", []rate{{9, 9, 9, 9}}, []step{{0, all, 9}}},
		{"two frame rates", []rate{{6, 10, 10, 10}}, []step{{0, 0, 6}, {0, all, 10}}},
		{
			"two sizes in three frame rates",
			[]rate{{4, 6, 10, 10}, {40, 60, 100, 100}},
			[]step{{0, 0, 4}, {0, 1, 6}, {0, all, 10}, {1, 1, 60}, {1, all, 100}},
		},
		{"a larger size that costs less", []rate{{4, 6, 10, 10}, {3, 5, 7, 7}}, []step{{0, 0, 4}, {1, 1, 5}, {1, all, 7}}},
		{"a size that has just begun", []rate{{4, 6, 10, 10}, {50, 50, 50, 50}}, []step{
			{0, 0, 4},
			{0, 1, 6},
			{0, all, 10},
			{1, all, 50},
		}},
	}
	for _, test := range tests {
		var d demand
		for i, rates := range test.layers {
			d.addLayer(i, rates, i == 0)
		}
		if got := d.steps[:d.count]; !slices.Equal(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestRatesOfLayers are measured where they come in, each with what it needs.
func TestRatesOfLayers(t *testing.T) {
	s := newSifter(t, ortc.MimeVP9)
	p := s.stream.producer
	measure := func(bytes map[position]uint64) {
		for at, n := range bytes {
			s.stream.layerBytes[at.spatial][at.temporal] += n
		}
		s.stream.measureLayers(int64(time.Second))
	}
	at := func(spatial, temporal uint8) position { return position{spatial: spatial, temporal: temporal} }
	s.stream.lastPacket.Store(s.pipe.now)
	s.stream.spatials.Store(2)
	measure(map[position]uint64{at(0, 0): 1000, at(0, 1): 500, at(1, 0): 4000, at(1, 1): 2000})
	for spatial, want := range [][layerCount]uint64{{8000, 12000, 12000, 12000}, {40000, 60000, 60000, 60000}} {
		if got, live := p.layerRates(spatial, s.pipe.now); got != want || !live {
			t.Errorf("layer %d costs %v (live: %v), want %v", spatial, got, live, want)
		}
	}
	for range 80 { // the larger one ends
		measure(map[position]uint64{at(0, 0): 1000, at(0, 1): 500})
	}
	if got, live := p.layerRates(1, s.pipe.now); live {
		t.Errorf("a layer that ended costs %v", got)
	}
	measure(nil) // a rest
	if got, live := p.layerRates(0, s.pipe.now); got[0] != 8000 || !live {
		t.Errorf("after a rest it costs %v (live: %v)", got, live)
	}
}
