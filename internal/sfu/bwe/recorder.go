// Package bwe holds what bandwidth estimation needs of the server: the record of arrivals that a client estimates from
// (Recorder), and the estimates of what the way to a client carries, from its transport-wide feedback (Sender) or,
// where it gives none, from its REMB messages (Downlink).
//
// It counts on the caller's clock, owns no goroutine, and must not know sockets, streams or transports.
package bwe

import (
	"time"

	"stube/internal/sfu/rtp"
)

const (
	// window is how many sequence numbers are remembered, a power of two; older ones are as good as lost.
	window = 1024

	// tick is the unit of arrival times; 1<<referenceShift of them are that of a message's reference time, 64 ms.
	tick           = int64(250 * time.Microsecond)
	referenceShift = 8
)

// Recorder remembers when packets with transport-wide sequence numbers came and writes feedback messages about them,
// draft-holmer-rmcat-transport-wide-cc-extensions-01. The zero value is ready; it is not safe for concurrent use. It
// allocates once, at the first packet.
type Recorder struct {
	unwrapper rtp.Unwrapper
	arrivals  *arrivals
	base      int64 // first sequence number of the next message
	end       int64 // behind the highest that came
	messages  uint8 // written so far
}

// arrivals is a ring over the sequence numbers from end-window up to end.
type arrivals struct {
	ticks [window]uint32 // modulo 2^32: just what reference time and delta can express
	came  [window]bool
}

// Record notes that the packet with this number came at the time at, in nanoseconds of any clock that isn't negative.
// Of a number that came twice the first time counts. A late one is reported although the message about its place has
// been sent, together with what followed it.
func (r *Recorder) Record(seq uint16, at int64) {
	extended := r.unwrapper.Unwrap(seq)
	if r.arrivals == nil {
		r.arrivals = new(arrivals)
		r.base, r.end = extended, extended
	}
	if extended < r.end-window {
		return
	}
	if extended >= r.end {
		r.advance(extended + 1)
	}
	slot := extended & (window - 1)
	if r.arrivals.came[slot] {
		return
	}
	r.arrivals.came[slot] = true
	r.arrivals.ticks[slot] = uint32(at / tick)
	r.base = min(r.base, extended)
}

// advance moves the window's end and empties the slots that come into it.
func (r *Recorder) advance(end int64) {
	for s := max(r.end, end-window); s < end; s++ {
		r.arrivals.came[s&(window-1)] = false
	}
	r.end = end
	r.base = max(r.base, end-window)
}

// at returns the arrival of a sequence number within the window.
func (r *Recorder) at(seq int64) (ticks uint32, came bool) {
	slot := seq & (window - 1)
	return r.arrivals.ticks[slot], r.arrivals.came[slot]
}
