package sfu

import "testing"

func TestSequencerGoesOnAcrossStreams(t *testing.T) {
	low, high := &stream{layer: 0}, &stream{layer: 1}
	q := sequencer{last: 999}
	steps := []struct {
		start    *stream // a segment begins with this packet
		in, want int64   // want 0: refused
	}{
		{low, 70000, 1000},
		{nil, 70001, 1001},
		{nil, 70003, 1003}, // a gap stays a gap
		{nil, 70002, 1002}, // and is filled late
		{nil, 69999, 0},    // before the segment
		{high, 5, 1004},    // another stream, with other numbers
		{nil, 4, 0},        // what came before it would fall on numbers already used
		{nil, 6, 1005},
		{low, 70100, 1006},
		{nil, 70099, 0},
	}
	for _, step := range steps {
		if step.start != nil {
			q.start(step.start, step.in)
		}
		got, ok := q.outgoing(step.in)
		if got != step.want || ok != (step.want != 0) {
			t.Errorf("packet %d leaves as %d (%v), want %d", step.in, got, ok, step.want)
		}
	}
}

func TestSequencerFinds(t *testing.T) {
	low, high := &stream{layer: 0}, &stream{layer: 1}
	q := sequencer{last: 65533}
	if g, _ := q.find(65533); g != nil {
		t.Error("found a packet before any was sent")
	}
	q.start(low, 100)
	for in := int64(100); in < 103; in++ {
		q.outgoing(in) // 65534 to 65536
	}
	q.start(high, 7000)
	for in := int64(7000); in < 7002; in++ {
		q.outgoing(in) // 65537, 65538
	}
	tests := []struct {
		sequence uint16
		stream   *stream
		in       int64
	}{
		{65533, nil, 0}, // before the beginning
		{65534, low, 100},
		{65535, low, 101},
		{0, low, 102}, // past the wrap-around
		{1, high, 7000},
		{2, high, 7001},
		{3, nil, 0}, // not sent yet
		{40000, nil, 0},
	}
	for _, test := range tests {
		g, out := q.find(test.sequence)
		if test.stream == nil {
			if g != nil {
				t.Errorf("%d is found as %d of layer %d", test.sequence, out-g.shift, g.stream.layer)
			}
			continue
		}
		if g == nil || g.stream != test.stream || out-g.shift != test.in || uint16(out) != test.sequence {
			t.Errorf("%d is found as %d in %+v, want %d of layer %d",
				test.sequence, out, g, test.in, test.stream.layer)
		}
	}
}

// TestSequencerLooksBackNoFurther than its ring: an older segment's place belongs to a newer one.
func TestSequencerLooksBackNoFurther(t *testing.T) {
	q := sequencer{}
	s := &stream{}
	for i := range int64(keptSegments + 3) {
		q.start(s, 1000*i)
		q.outgoing(1000 * i)
		q.outgoing(1000*i + 1)
	}
	for out := int64(1); out <= q.last; out++ {
		g, found := q.find(uint16(out))
		forgotten := out <= 3*2
		switch {
		case forgotten && g != nil:
			t.Errorf("%d is found in a segment from %d on", out, g.out)
		case !forgotten && (g == nil || found-g.shift != (out-1)/2*1000+(out-1)%2):
			t.Errorf("%d is found as %d in %+v", out, found, g)
		}
	}
}

// TestSequencerPromisesNothing: a number that was not sent yet may come to stand for a packet of another segment, so
// that it must not be found for a retransmission. Sealing it twice would use a nonce for two plaintexts.
func TestSequencerPromisesNothing(t *testing.T) {
	s := &stream{}
	q := sequencer{last: 99}
	q.start(s, 1)
	q.outgoing(1) // 100
	if g, out := q.find(101); g != nil {
		t.Errorf("101 is found as packet %d", out-g.shift)
	}
	q.start(s, 50)
	if out, ok := q.outgoing(50); !ok || out != 101 {
		t.Errorf("the next packet leaves as %d (%v), want 101", out, ok)
	}
}
