package sfu

import (
	"math/rand/v2"
	"testing"

	"stube/internal/sfu/rtp"
)

// numbered is a packet of a stream; each is a frame.
func numbered(s *stream, sequence int64) *packet {
	return &packet{stream: s, sequence: sequence, timestamp: uint32(sequence) * 10}
}

func TestSequencerGoesOnAcrossStreams(t *testing.T) {
	low, high := &stream{layer: 0}, &stream{layer: 1}
	q := sequencer{last: 999}
	steps := []struct {
		start    *stream // a segment begins with this packet
		s        *stream
		in, want int64 // want 0: refused
	}{
		{low, low, 70000, 1000},
		{nil, low, 70001, 1001},
		{nil, low, 70003, 1003}, // a gap stays a gap
		{nil, low, 70002, 1002}, // and is filled late
		{nil, low, 69999, 0},    // before the segment
		{high, high, 5, 1004},   // another stream, with other numbers
		{nil, high, 4, 0},       // what came before it would fall on numbers already used
		{nil, high, 6, 1005},
		{low, low, 70100, 1006},
		{nil, low, 70099, 0},
	}
	for _, step := range steps {
		if step.start != nil {
			q.start(step.start, step.in)
		}
		k := numbered(step.s, step.in)
		if got := send(&q, k); got != step.want {
			t.Errorf("packet %d leaves as %d, want %d", step.in, got, step.want)
		}
	}
}

// send numbers a packet, be it late or not; 0: it has no number.
func send(q *sequencer, k *packet) int64 {
	if k.sequence > q.newest {
		q.bound(k.sequence)
		return q.next(k)
	}
	_, out := q.late(k)
	return out
}

func TestSequencerFinds(t *testing.T) {
	low, high := &stream{layer: 0}, &stream{layer: 1}
	q := sequencer{last: 65533}
	if g, _, _ := q.find(65533); g != nil {
		t.Error("found a packet before any was sent")
	}
	q.start(low, 100)
	for in := int64(100); in < 103; in++ {
		q.next(numbered(low, in)) // 65534 to 65536
	}
	q.start(high, 7000)
	for in := int64(7000); in < 7002; in++ {
		q.next(numbered(high, in)) // 65537, 65538
	}
	q.skip(numbered(high, 7002))
	q.next(numbered(high, 7003)) // 65539
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
		{3, high, 7003}, // over the one that was left out
		{4, nil, 0},     // not sent yet
		{40000, nil, 0},
	}
	for _, test := range tests {
		g, out, in := q.find(test.sequence)
		if test.stream == nil {
			if g != nil {
				t.Errorf("%d is found as %d of layer %d", test.sequence, in, g.stream.layer)
			}
			continue
		}
		if g == nil || g.stream != test.stream || in != test.in || uint16(out) != test.sequence {
			t.Errorf("%d is found as %d in %+v, want %d of layer %d", test.sequence, in, g, test.in, test.stream.layer)
		}
	}
}

// TestSequencerLooksBackNoFurther than its ring: an older segment's place belongs to a newer one.
func TestSequencerLooksBackNoFurther(t *testing.T) {
	q := sequencer{}
	s := &stream{}
	for i := range int64(fewSegments + 3) {
		q.start(s, 1000*i)
		q.next(numbered(s, 1000*i))
		q.next(numbered(s, 1000*i+1))
	}
	for out := int64(1); out <= q.last; out++ {
		g, _, in := q.find(uint16(out))
		forgotten := out <= 3*2
		switch {
		case forgotten && g != nil:
			t.Errorf("%d is found in a segment from %d on", out, g.out)
		case !forgotten && (g == nil || in != (out-1)/2*1000+(out-1)%2):
			t.Errorf("%d is found as %d in %+v", out, in, g)
		}
	}
}

// TestSequencerPromisesNothing: a number that was not sent yet may come to stand for a packet of another segment, so
// that it must not be found for a retransmission. Sealing it twice would use a nonce for two plaintexts.
func TestSequencerPromisesNothing(t *testing.T) {
	s := &stream{}
	q := sequencer{last: 99}
	q.start(s, 1)
	q.next(numbered(s, 1)) // 100
	if g, _, in := q.find(101); g != nil {
		t.Errorf("101 is found as packet %d", in)
	}
	q.start(s, 50)
	if out := q.next(numbered(s, 50)); out != 101 {
		t.Errorf("the next packet leaves as %d, want 101", out)
	}
}

func TestSequencerClosesUp(t *testing.T) {
	s := &stream{}
	q := sequencer{last: 99}
	q.start(s, 10)
	steps := []struct {
		in   int64
		skip bool
		want int64
	}{
		{10, false, 100},
		{11, true, 0},
		{12, true, 0},
		{13, false, 101},
		{15, true, 0},    // 14 may still come: 102 is its
		{16, false, 103}, // and not this one's
		{14, false, 102},
		{11, false, 0}, // was left out for good
		{18, false, 105},
		{19, true, 0},
		{17, false, 104},
		{20, false, 106},
	}
	for _, step := range steps {
		k := numbered(s, step.in)
		if step.skip {
			q.skip(k)
			continue
		}
		if got := send(&q, k); got != step.want {
			t.Errorf("packet %d leaves as %d, want %d", step.in, got, step.want)
		}
	}
}

// TestSequencerClosesPictureIDsUp: once for each frame that is left out, however many packets it has.
func TestSequencerClosesPictureIDsUp(t *testing.T) {
	s := &stream{}
	var q sequencer
	q.start(s, 1)
	for in := int64(1); in < 40; in++ {
		frame := in / 2
		k := &packet{
			stream: s, sequence: in, timestamp: uint32(frame), vp8: rtp.VP8{HasPictureID: true, PictureID: uint16(frame)},
		}
		if frame%2 == 1 {
			q.skip(k)
			continue
		}
		q.next(k)
		if id, _ := q.current().pictureIDs(k.vp8); id != uint16(frame/2) {
			t.Fatalf("frame %d has picture id %d", frame, id)
		}
	}
}

// TestSequencerDoesNotLeap: however far the numbers that come in leap while nothing is sent, those that go out do not
// leave what a receiver can follow. What was passed over has no number any more.
func TestSequencerDoesNotLeap(t *testing.T) {
	s := &stream{}
	q := sequencer{last: 99}
	q.start(s, 10)
	last := send(&q, numbered(s, 10))
	for _, in := range []int64{11, 11 + maxLeap, 60_000, 200_000, 200_001} {
		out := send(&q, numbered(s, in))
		if out <= last || out-last > maxLeap {
			t.Errorf("packet %d leaves as %d after %d", in, out, last)
		}
		if g, whole, found := q.find(uint16(out)); g == nil || whole != out || found != in {
			t.Errorf("%d is found as %d, want %d", out, found, in)
		}
		last = out
	}
	if out := send(&q, numbered(s, 150_000)); out != 0 {
		t.Errorf("a packet from before a leap leaves as %d", out)
	}
}

// FuzzSequencer sends, leaves out, delays and loses packets, sometimes very many, changes streams, and holds the
// sequencer to its promises: no number for two packets, none passed over for good unless its packet was lost, each
// found again.
func FuzzSequencer(f *testing.F) {
	f.Add(uint64(1), uint8(128), uint8(20))
	f.Add(uint64(2), uint8(0), uint8(0))
	f.Add(uint64(3), uint8(250), uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, drop, delay uint8) {
		m := &numbering{random: rand.New(rand.NewPCG(seed, 0)), given: make(map[int64]given), drop: drop}
		m.q.last = int64(seed % (1 << 16))
		m.begin()
		for range 600 {
			m.in++
			switch n := m.random.IntN(256); {
			case n < int(delay):
				m.late = append(m.late, m.in)
			case n > 253:
				m.checkGaps(t)
				m.begin()
			case n > 252:
				m.in += 2 * maxLeap
				m.leapt += maxLeap
				m.take(t, m.in, false)
			default:
				m.take(t, m.in, m.random.IntN(256) < int(drop))
			}
			if len(m.late) > 0 && m.random.IntN(4) == 0 {
				i := m.random.IntN(len(m.late))
				in := m.late[i]
				m.late = append(m.late[:i], m.late[i+1:]...)
				m.take(t, in, false)
			}
			m.check(t)
		}
		m.checkGaps(t)
	})
}

// numbering is a sequencer in use.
type numbering struct {
	q      sequencer
	random *rand.Rand
	stream *stream
	in     int64
	late   []int64
	given  map[int64]given // by outgoing number
	newest int64
	first  int64 // outgoing number of the stream
	drop   uint8

	forgotten int // came later than the ring looks back
	leapt     int // passed over, of more that never came
}

type given struct {
	stream *stream
	in     int64
}

// begin has another stream take over.
func (m *numbering) begin() {
	m.stream, m.late = &stream{}, nil
	m.in = m.random.Int64N(1 << 20)
	m.q.start(m.stream, m.in+1)
	m.newest, m.first, m.forgotten, m.leapt = 0, m.q.last+1, 0, 0
}

func (m *numbering) take(t *testing.T, in int64, skip bool) {
	k := numbered(m.stream, in)
	if in > m.newest {
		m.q.bound(in)
	}
	if skip && in > m.newest {
		m.q.skip(k)
		m.newest = in
		return
	}
	out := int64(0)
	if in > m.newest {
		out = m.q.next(k)
		m.newest = in
	} else if g, number := m.q.late(k); g != nil {
		out = number
	} else {
		if m.q.count > manySegments {
			m.forgotten++
		}
		return
	}
	if before, taken := m.given[out]; taken {
		t.Fatalf("%d stands for %d and for %d", out, before.in, in)
	}
	m.given[out] = given{m.stream, in}
}

// check looks for the numbers given last.
func (m *numbering) check(t *testing.T) {
	for back := range int64(20) {
		out := m.q.last - back
		want, sent := m.given[out]
		if !sent {
			continue
		}
		if g, whole, in := m.q.find(uint16(out)); g == nil || whole != out || in != want.in || g.stream != want.stream {
			t.Fatalf("%d is found as %d (%v), want %d", out, in, g, want.in)
		}
	}
}

// checkGaps counts the numbers that were passed over: one for each packet that is late, and no other.
func (m *numbering) checkGaps(t *testing.T) {
	missing, late := 0, 0
	for out := m.first; out <= m.q.last; out++ {
		if _, sent := m.given[out]; !sent {
			missing++
		}
	}
	for _, in := range m.late {
		if in < m.newest {
			late++
		}
	}
	// One that came late but before the first was sent has no number, and none was kept free for it.
	if missing > late+m.forgotten+m.leapt {
		t.Fatalf("%d numbers were passed over for %d packets", missing, late)
	}
}
