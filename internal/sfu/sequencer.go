package sfu

// keptSegments is how many changes of stream a sequencer looks back across for retransmissions.
const keptSegments = 8

// segment is a run of outgoing packets that come from one stream, numbered and timed by fixed distances.
type segment struct {
	stream    *stream
	out       int64  // the first outgoing number
	shift     int64  // outgoing minus incoming number
	timeShift uint32 // outgoing minus incoming timestamp
	pictureID uint16 // outgoing minus incoming VP8 picture id
	tl0       uint8  // outgoing minus incoming VP8 base layer index
}

// sequencer numbers the packets of a Consumer without gaps at changes of stream, and finds them again.
type sequencer struct {
	segments [keptSegments]segment // a ring
	count    int64                 // of all segments so far
	last     int64                 // the highest outgoing number so far
}

// current is the running segment; there must be one.
func (q *sequencer) current() *segment { return &q.segments[(q.count-1)%keptSegments] }

// start begins a segment in which the stream's packet of the given number is the next outgoing one.
func (q *sequencer) start(s *stream, incoming int64) *segment {
	previous := segment{}
	if q.count > 0 {
		previous = *q.current()
	}
	q.count++
	now := q.current()
	*now = segment{
		stream: s, out: q.last + 1, shift: q.last + 1 - incoming,
		timeShift: previous.timeShift, pictureID: previous.pictureID, tl0: previous.tl0,
	}
	return now
}

// outgoing numbers a packet of the running segment. It returns false for one from before the segment.
func (q *sequencer) outgoing(incoming int64) (int64, bool) {
	g := q.current()
	out := incoming + g.shift
	if out < g.out {
		return 0, false
	}
	q.last = max(q.last, out)
	return out, true
}

// find gives the segment of an outgoing number that a client tells with 16 bits, and the whole number. There is none
// for a number that was not reached yet: it may come to belong to another segment.
func (q *sequencer) find(sequence uint16) (g *segment, out int64) {
	if q.count == 0 {
		return nil, 0
	}
	out = q.last + int64(int16(sequence-uint16(q.last)))
	if out > q.last {
		return nil, 0
	}
	for i := q.count - 1; i >= 0 && i >= q.count-keptSegments; i-- {
		if g := &q.segments[i%keptSegments]; out >= g.out {
			return g, out
		}
	}
	return nil, 0
}
