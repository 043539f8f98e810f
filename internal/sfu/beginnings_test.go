package sfu

import (
	"math"
	"testing"

	"stube/internal/ortc"
)

// TestBeginnings: how many pictures may begin at a time, and what becomes of a larger one meanwhile.
func TestBeginnings(t *testing.T) {
	p := &Producer{streams: []*stream{{layer: 0}, {layer: 1}}}
	small := step{spatial: 0, cost: 100_000} // its key frame: 20,000 bits
	consumer := func(s *stream) *Consumer { return &Consumer{producer: p, stream: s} }
	for _, test := range []struct {
		name    string
		b       beginnings
		carried []*stream
		waits   []bool
		stopped []bool
	}{
		{
			"a good way",
			beginnings{room: math.MaxUint64, most: math.MaxUint64},
			[]*stream{nil, p.streams[1], p.streams[0]},
			[]bool{false, false, false},
			[]bool{false, false, false},
		},
		{
			"a long queue",
			beginnings{most: math.MaxUint64},
			[]*stream{nil, p.streams[1], p.streams[0]},
			[]bool{true, true, false},
			[]bool{false, true, false},
		},
		{
			"one after the other",
			beginnings{room: 30_000, most: math.MaxUint64},
			[]*stream{nil, p.streams[1], p.streams[0], p.streams[1]},
			[]bool{false, false, false, true},
			[]bool{false, false, false, true},
		},
		{
			"a very long queue, and no bandwidth for it",
			beginnings{most: 99_000},
			[]*stream{nil, p.streams[1], p.streams[0]},
			[]bool{true, true, true},
			[]bool{false, true, true},
		},
	} {
		for i, s := range test.carried {
			c := consumer(s)
			test.b.admit(c, small)
			if c.waits != test.waits[i] || c.stopped != test.stopped[i] || c.stopped != (s != nil && c.stream == nil) {
				t.Errorf("%s: picture %d waits %v, stopped %v", test.name, i, c.waits, c.stopped)
			}
		}
	}
}

// TestWhoWaitsIsTold: a picture that isn't there for the connection is told as such, one that begins is not.
func TestWhoWaitsIsTold(t *testing.T) {
	p := &Producer{kind: ortc.Video, streams: []*stream{{layer: 0}, {layer: 1}}}
	for _, waits := range []bool{false, true} {
		c := &Consumer{producer: p, transport: new(Transport), waits: waits}
		c.transport.home.Store(&Worker{urged: true})
		c.aim(0, allLayers, false)
		if c.reported.Layer != none || c.reported.Limited != waits {
			t.Errorf("waits %v: told as %+v", waits, c.reported)
		}
	}
}
