package bwe

import (
	"math"
	"time"
)

const (
	// firstWindow and ackedWindow are over which times the bitrate is measured, at first and then.
	firstWindow = int64(300 * time.Millisecond)
	ackedWindow = int64(150 * time.Millisecond)
	ackedPause  = int64(time.Second)
	// ackedNoise is how much the bitrate is expected to change from window to window, as a variance in (kbit/s)².
	ackedNoise     = 5
	firstVariance  = 50
	changeVariance = 200
	// doubt is by how much a measurement is doubted that is far from the estimate.
	doubt = 10
	// suddenly is how many times the estimate a window must be to count by itself.
	suddenly = 1.3
)

// acked estimates the bitrate that arrives at the receiver, R_hat in section 5.5 of the draft: windows by the
// receiver's clock, each weighed by how well it agrees with what was known (a Kalman filter of one state).
type acked struct {
	last     int64 // arrival
	passed   int64 // of the window
	bytes    int
	rate     float64 // kbit/s; 0: not known
	newest   float64 // of the last window
	variance float64
}

// add takes a packet that came.
func (a *acked) add(came int64, size int) {
	window := ackedWindow
	if a.rate == 0 {
		window = firstWindow
	}
	if a.last != 0 {
		later := max(came-a.last, 0)
		if later > ackedPause { // nothing was sent: that measures no link
			a.bytes, a.passed = 0, 0
			later = 0
		}
		a.passed += later
	}
	a.last = max(a.last, came)
	if a.passed >= window {
		a.learn(float64(a.bytes) * 8 * float64(time.Millisecond) / float64(a.passed))
		a.bytes, a.passed = 0, 0
	}
	a.bytes += size
}

func (a *acked) learn(sample float64) {
	a.newest = sample
	if a.rate == 0 {
		a.rate, a.variance = sample, firstVariance
		return
	}
	off := doubt * math.Abs(a.rate-sample) / (a.rate + 1)
	uncertain, expected := off*off, a.variance+ackedNoise
	a.rate = (uncertain*a.rate + expected*sample) / (uncertain + expected)
	a.variance = uncertain * expected / (uncertain + expected)
}

// expectChange makes the next measurements count more, as what is sent is about to change.
func (a *acked) expectChange() { a.variance += changeVariance }

// peak is the estimate, or the last window where that is far above: so it is when suddenly much more is sent, and what
// the link carries of it counts.
func (a *acked) peak() float64 {
	if a.newest > suddenly*a.rate {
		return a.newest * 1000
	}
	return a.rate * 1000
}

// bitrate is the estimate in bit/s; 0: not known yet.
func (a *acked) bitrate() float64 { return a.rate * 1000 }
