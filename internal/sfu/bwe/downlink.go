package bwe

import (
	"math"
	"time"
)

const (
	// heavyLoss is the fraction, of 256, of lost packets from which on a link counts as overused.
	heavyLoss = 26
	// firstPatience is how long after an overuse more is tried; it doubles with each failure.
	firstPatience = 2 * time.Second
	maxPatience   = 32 * time.Second
	// unlimited is the budget in bit/s from which on no limit is kept.
	unlimited = 100_000_000
	// floorRate is the least budget in bit/s: something must be sent to measure by.
	floorRate = 50_000
)

// Downlink is a first estimate of what a client can receive, from its REMB messages
// (draft-alvestrand-rmcat-remb-03) and its loss reports. A receiver's estimate never goes far above what it receives,
// so it tells an overuse but not the room above: that is tried in steps, with growing patience after a failure. The
// zero value knows no limit. It is not safe for concurrent use.
type Downlink struct {
	limit    uint64 // bit/s; 0: none
	raiseAt  int64  // when more is tried, ns
	patience int64
	tried    bool  // the limit was raised since the last overuse
	quietAt  int64 // when the patience is to be shortened again
}

// Estimate takes a REMB of so many bit/s, while sent bit/s are sent to the client.
func (d *Downlink) Estimate(bitrate, sent uint64, now int64) {
	switch {
	case bitrate < sent/10*9:
		d.overused(bitrate, now)
	case d.limit != 0 && bitrate > d.limit:
		d.limit, d.tried = bitrate, true
	}
}

// Lost takes a report of lost packets, as a fraction of 256, while sent bit/s are sent to the client.
func (d *Downlink) Lost(fraction uint8, sent uint64, now int64) {
	if fraction < heavyLoss {
		return
	}
	left := sent - sent*uint64(fraction)/512
	if d.limit == 0 || left < d.limit {
		d.overused(left, now)
	}
}

func (d *Downlink) overused(limit uint64, now int64) {
	d.limit = max(limit, floorRate)
	switch {
	case d.patience == 0 || now > d.quietAt:
		d.patience = int64(firstPatience)
	case d.tried: // and failed; without that it is the same overuse as before
		d.patience = min(2*d.patience, int64(maxPatience))
	}
	d.tried = false
	d.raiseAt = now + d.patience
	d.quietAt = now + 4*d.patience
}

// Budget tells how many bit/s may be sent now, while sent bit/s are. math.MaxUint64 means that no limit is known.
func (d *Downlink) Budget(sent uint64, now int64) uint64 {
	if d.limit == 0 {
		return math.MaxUint64
	}
	if now >= d.raiseAt {
		d.limit = max(d.limit, min(sent, 2*d.limit)) / 2 * 3
		d.raiseAt, d.tried = now+int64(firstPatience), true
		if d.limit > unlimited {
			*d = Downlink{}
			return math.MaxUint64
		}
	}
	return d.limit
}
