package bwe

import "time"

const (
	// waitedTime is how much later than the fastest a packet comes that waited in a queue, in ns.
	waitedTime = int64(20 * time.Millisecond)
	// fullTime is for how long a link must have been full to be measured by that.
	fullTime = int64(30 * time.Millisecond)
	// fullMemory is for how long such a measurement stands in for one that a message is too short for.
	fullMemory = int64(time.Second)
)

// full measures what a link carries while it is full: packets that waited in front of it come as fast as it can send.
// That tells at once how far a link fell, where what arrives on average takes a while to follow.
type full struct {
	last   int64 // arrival of the packet before; 0: it did not wait
	floor  int64 // how long the first one waited
	passed int64 // between packets that waited, in this message
	bytes  int
	// The same of those before, that waited less than half as long or were told of before.
	passedBefore int64
	bytesBefore  int

	known   float64 // bit/s, at the last measurement
	knownAt int64
}

// begin begins a message. Of a slow link one tells of few packets: those of the message before may count too.
func (f *full) begin() {
	f.floor, f.passedBefore, f.bytesBefore = waitedTime, f.passed, f.bytes
	f.passed, f.bytes = 0, 0
}

// add takes a packet that came so much later than it could. Where the queue doubled the link may be another than
// before: what counts begins there.
func (f *full) add(later, came int64, size int) {
	switch {
	case later < waitedTime:
		f.last = 0
		return
	case later > 2*f.floor:
		if f.passed > 0 {
			f.passedBefore, f.bytesBefore = f.passed, f.bytes
		}
		f.floor, f.passed, f.bytes = later, 0, 0
	case came-later <= f.last: // else the link was free before it
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

// lately ends a message, and tells what the link carried in bit/s when it was full the last time; 0: that is long ago.
func (f *full) lately(now int64) float64 {
	if measured := f.bitrate(); measured > 0 {
		f.known, f.knownAt = measured, now
	}
	if now-f.knownAt < fullMemory {
		return f.known
	}
	return 0
}
