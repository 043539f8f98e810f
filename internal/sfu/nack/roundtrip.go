package nack

import "time"

const (
	// unknownRTT is what a round trip is taken for before there was an answer.
	unknownRTT = int64(100 * time.Millisecond)
	// The interval between asking twice is a round trip and a little for its jitter, and bounded.
	intervalAdd = int64(10 * time.Millisecond)
	maxInterval = int64(time.Second)
)

// roundTrip follows how long a sender takes to answer requests, with the weights of RFC 6298 section 2. The zero value
// knows nothing.
type roundTrip struct {
	smoothed, varied int64 // ns
}

// answered takes the arrival of a packet that was missing. One that was never asked for tells nothing. For one that was
// asked for more than once it isn't known which request was answered: the last one, unless that would have been much
// faster than before; then the first.
func (r *roundTrip) answered(m *gap, now int64) {
	if m.tries == 0 {
		return
	}
	took := now - m.since
	if m.tries > 1 && took < r.smoothed/4*3 || m.tries > 1 && r.smoothed == 0 {
		took = now - m.asked
	}
	took = min(max(took, 1), maxInterval)
	if r.smoothed == 0 {
		r.smoothed, r.varied = took, took/2
		return
	}
	off := took - r.smoothed
	r.varied += (max(off, -off) - r.varied) / 4
	r.smoothed += off / 8
}

// interval is how long to wait from one request to the next.
func (r *roundTrip) interval() int64 {
	if r.smoothed == 0 {
		return unknownRTT + intervalAdd
	}
	return min(r.smoothed+max(intervalAdd, 4*r.varied), maxInterval)
}
