package sfu

import "stube/internal/sfu/rtp"

const (
	// fewSegments is how many segments a sequencer looks back across for retransmissions while nothing is dropped:
	// then only changes of stream begin one.
	fewSegments = 8
	// manySegments is the same for one that drops layers, where each run of dropped packets begins one: about two
	// seconds at thirty frames a second, longer than the history reaches.
	manySegments = 64
	// maxLeap is how far an outgoing number is from the one before at the most. A receiver gets 16 bits of it and reckons
	// the rest from what it had, wrongly if that is 2^15 numbers ago (RFC 3711 section 3.3.1), and would never open a
	// packet again. It may miss some of what is sent, too.
	maxLeap = 1 << 12
)

// segment is a run of outgoing packets of one stream, numbered and timed by fixed distances, and picked by the same
// limits.
type segment struct {
	stream    *stream
	first     int64  // its first incoming number
	end       int64  // the incoming number behind the last one; the running segment has none
	out       int64  // the outgoing number of the first
	timeShift uint32 // outgoing minus incoming timestamp
	pictureID uint16 // outgoing minus incoming VP8 picture id
	tl0       uint8  // outgoing minus incoming VP8 base layer index
	spatial   uint8  // the highest layers of the stream that belong to it
	temporal  uint8
}

// carries tells whether a packet is for the consumer.
func (g *segment) carries(k position) bool { return k.temporal <= g.temporal && k.spatial <= g.spatial }

// sequencer numbers the packets of a Consumer without gaps, whatever streams they come from and whichever are left
// out, and finds them again. A number that was passed over because its packet is late belongs to that packet for ever.
type sequencer struct {
	segments []segment // a ring, its length a power of two
	count    int64     // of all segments so far
	last     int64     // the highest outgoing number so far, be it sent or passed over
	newest   int64     // the highest incoming number of the running segment's stream
	frame    uint32    // the timestamp of that packet
}

// at gives a segment by its place in the order of all; it must be one of the newest.
func (q *sequencer) at(i int64) *segment { return &q.segments[i&int64(len(q.segments)-1)] }

// current is the running segment; there must be one.
func (q *sequencer) current() *segment { return q.at(q.count - 1) }

// push begins a segment that goes on as the one before.
func (q *sequencer) push() *segment {
	var previous segment
	if q.segments == nil {
		q.segments = make([]segment, fewSegments)
	} else {
		previous = *q.current()
	}
	q.count++
	now := q.current()
	*now = previous
	return now
}

// start begins a segment in which the stream's packet of the given number is the next outgoing one.
func (q *sequencer) start(s *stream, incoming int64) *segment {
	if q.count > 0 {
		q.current().end = q.newest + 1
	}
	g := q.push()
	g.stream, g.first, g.out = s, incoming, q.last+1
	g.spatial, g.temporal = rtp.MaxLayer, rtp.MaxLayer
	q.newest = incoming - 1
	return g
}

// limit has the running segment go on with other limits, from a packet on that is newer than all before.
func (q *sequencer) limit(k *packet, spatial, temporal uint8) {
	if k.sequence > q.current().first {
		q.cut(k.sequence)
	}
	g := q.current()
	g.spatial, g.temporal = spatial, temporal
}

// cut ends the running segment before the incoming number, and begins another with it.
func (q *sequencer) cut(incoming int64) {
	if len(q.segments) < manySegments {
		q.grow()
	}
	g := q.current()
	g.end = incoming
	out := g.out + incoming - g.first
	g = q.push()
	g.first, g.out = incoming, out
	q.last = max(q.last, out-1)
}

// bound keeps the number of a packet newer than all before near to the last one, whatever came since that was not for
// the consumer's client: it may have been unreachable for minutes.
func (q *sequencer) bound(incoming int64) {
	if incoming-q.newest > maxLeap {
		q.leap(incoming)
	}
}

// leap passes over fewer numbers than came in, but enough to show that packets are missing. None of those has a number
// any more.
func (q *sequencer) leap(incoming int64) {
	q.cut(q.newest + 1)
	g := q.current()
	g.first, g.out = incoming, g.out+maxLeap-1
	q.last = g.out - 1
}

// grow makes the ring longer, once.
func (q *sequencer) grow() {
	longer := make([]segment, manySegments)
	for i := max(0, q.count-int64(len(q.segments))); i < q.count; i++ {
		longer[i%manySegments] = *q.at(i)
	}
	q.segments = longer
}

// next numbers a packet newer than all before, which is to be sent.
func (q *sequencer) next(k *packet) int64 {
	g := q.current()
	q.newest, q.frame = k.sequence, k.timestamp
	q.last = k.sequence - g.first + g.out
	return q.last
}

// skip leaves out a packet newer than all before: the next one gets the number that it would have had. Of a frame that
// is left out the picture id closes up too.
func (q *sequencer) skip(k *packet) {
	if g := q.current(); k.sequence > g.first {
		q.cut(k.sequence)
	}
	g := q.current()
	g.first = k.sequence + 1
	if k.timestamp != q.frame && k.vp8.HasPictureID {
		g.pictureID--
	}
	q.newest, q.frame = k.sequence, k.timestamp
}

// late finds the segment and the number of a packet that comes after newer ones of its stream. There is none for a
// packet from before the stream was carried.
func (q *sequencer) late(k *packet) (g *segment, out int64) {
	for i := q.count - 1; i >= 0 && i >= q.count-int64(len(q.segments)); i-- {
		g := q.at(i)
		if g.stream != k.stream {
			return nil, 0
		}
		if k.sequence >= g.first {
			if i < q.count-1 && k.sequence >= g.end {
				return nil, 0
			}
			return g, k.sequence - g.first + g.out
		}
	}
	return nil, 0
}

// find gives the segment of an outgoing number that a client tells with 16 bits, and its incoming number. There is none
// for a number that was not reached yet: it may come to belong to another segment.
func (q *sequencer) find(sequence uint16) (g *segment, out, incoming int64) {
	if q.count == 0 {
		return nil, 0, 0
	}
	out = q.last + int64(int16(sequence-uint16(q.last)))
	if out > q.last {
		return nil, 0, 0
	}
	for i := q.count - 1; i >= 0 && i >= q.count-int64(len(q.segments)); i-- {
		if g := q.at(i); out >= g.out {
			return g, out, out - g.out + g.first
		}
	}
	return nil, 0, 0
}
