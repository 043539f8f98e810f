package bwe

import "time"

const (
	// waitedTime is how much later than the fastest a packet comes that waited in a queue, in ns.
	waitedTime = int64(20 * time.Millisecond)
	// fullTime is for how long a link must have been full to be measured by that.
	fullTime = int64(30 * time.Millisecond)
)

// full measures what a link carries while it is full: packets that waited in front of it come as fast as it can send.
// That tells at once how far a link fell, where what arrives on average takes a while to follow.
type full struct {
	last   int64 // arrival of the packet before; 0: it did not wait
	floor  int64 // how long the first one waited
	passed int64 // between packets that waited, in this message
	bytes  int
	// The same of those before, that waited less than half as long, but did wait.
	passedBefore int64
	bytesBefore  int
}

// begin begins a message.
func (f *full) begin() { *f = full{last: f.last, floor: waitedTime} }

// add takes a packet that came so much later than it could. Where the queue doubled the link may be another than
// before: what counts begins there.
func (f *full) add(later, came int64, size int) {
	switch {
	case later < waitedTime:
		f.last = 0
		return
	case later > 2*f.floor:
		if f.floor > waitedTime {
			f.passedBefore, f.bytesBefore = f.passed, f.bytes
		}
		f.floor, f.passed, f.bytes = later, 0, 0
	case f.last != 0:
		f.passed += max(came-f.last, 0)
		f.bytes += size
	}
	f.last = max(f.last, came)
}

// bitrate is what the link carried in bit/s; 0: it was not full for long enough.
func (f *full) bitrate() float64 {
	passed, bytes := f.passed, f.bytes
	if passed < fullTime {
		passed, bytes = passed+f.passedBefore, bytes+f.bytesBefore
	}
	if passed < fullTime {
		return 0
	}
	return float64(bytes) * 8 * float64(time.Second) / float64(passed)
}
