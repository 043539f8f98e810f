package sfu

import (
	"math"
	"time"
)

const (
	// drowned is the queue in front of a link from which on nothing goes into it that can be left out.
	drowned = 100 * time.Millisecond
	// fallTime is how long it takes until such a queue is seen, when a link carries less than half of what it did.
	fallTime = 200 * time.Millisecond
	// gentle is for how long after that videos begin one after the other, as each begins with the many bits of a key
	// frame: while the queue is not longer than shortQueue, and together so many bits as the link carries in gentleTime.
	gentle     = 3 * time.Second
	gentleTime = 15 * time.Millisecond
	shortQueue = 40 * time.Millisecond
	// deepQueue is the queue from which on a picture stops that goes on though it cannot be paid.
	deepQueue = 150 * time.Millisecond
)

// fall follows whether a link fell, or a long queue stands in front of it. It is guarded by the transport's sendMu.
type fall struct {
	carried     uint64 // bit/s, at the last look
	until       int64  // a queue is not seen yet
	gentleUntil int64
}

// beginnings admits videos that are to begin, each with the many bits of a key frame. While a long queue stands in
// front of a link none does, and for some time afterwards one after the other; else all do at once.
type beginnings struct {
	drowning bool
	room     uint64 // bits of key frames; math.MaxUint64: there is no limit
	most     uint64 // bit/s that a picture may cost that goes on
}

// drowning tells whether a long queue stands in front of the client's link: what is sent now comes too late, and so
// does all sound. sendMu is held.
func (t *Transport) drowning(now int64) bool {
	g := &t.congestion
	return g.sender != nil && g.sender.Heard() && (now < g.fall.until || g.sender.Queue(now) > int64(drowned))
}

// beginnings looks at a link that carries so many bit/s, of which the budget is left as long as there is a queue.
// sendMu is held.
func (t *Transport) beginnings(carries, budget uint64, now int64) beginnings {
	g, f := &t.congestion, &t.congestion.fall
	if carries < f.carried/2 {
		f.until = now + int64(fallTime)
	}
	f.carried = carries
	b := beginnings{drowning: t.drowning(now), room: math.MaxUint64, most: math.MaxUint64}
	if b.drowning {
		f.gentleUntil = now + int64(gentle)
		if g.sender.Queue(now) > int64(deepQueue) {
			b.most = budget
		}
	}
	if now < f.gentleUntil {
		b.room = carries / uint64(time.Second/gentleTime)
		if b.drowning || g.sender.Queue(now) > int64(shortQueue) {
			b.room = 0
		}
	}
	return b
}

// admit tells the consumer whether it may begin with the step. A larger picture that it would go on with until then
// stops at once if not. sendMu is held.
func (b *beginnings) admit(c *Consumer, s step) {
	c.waits = false
	several := len(c.producer.streams) > 1
	if c.stream != nil && s.cost > b.most {
		c.stream, c.stopped, c.waits = nil, true, true
		return
	}
	if c.stream != nil && (!several || c.stream.layer == s.spatial) || b.room == math.MaxUint64 {
		return
	}
	c.waits = b.room == 0
	b.room -= min(s.cost/keyFrameRoom, b.room)
	if c.waits && c.stream != nil && c.stream.layer > s.spatial {
		c.stream, c.stopped = nil, true
	}
}
