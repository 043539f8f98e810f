package bwe

import (
	"math"
	"time"
)

const (
	// Section 5.5 of the draft.
	backOff     = 0.85 // of what arrives, after an overuse
	fullShare   = 0.93 // of what a link is seen to carry that is full
	wellUsed    = 0.9  // of the estimate, that is sent: if that goes well it may be more
	nearlyFull  = 0.97 // of the capacity: more is not believed without a probe
	fallen      = 0.75 // of the estimate: a full link that carries less is another than it was
	growth      = 1.08 // a second, as long as no capacity is known
	maxUnproven = 1.5  // of what arrives: no more is believed without a probe
	unproven    = 10_000

	// capacityMemory is the weight of a new measurement of the capacity, but for the first ones, which count alike.
	capacityMemory = 0.15
	responseDelay  = 100 * time.Millisecond // of the estimator, besides the round trip
	wirePacket     = 1200 * 8               // bits of a packet: the least that more can be sent
	minInterval    = int64(10 * time.Millisecond)
	maxInterval    = int64(200 * time.Millisecond)
)

// phase is a state of the rate control, section 5.5 of the draft.
type phase uint8

const (
	phaseIncrease phase = iota
	phaseHold
)

// aimd is the rate control of section 5.5 of the draft: it grows by a factor as long as it doesn't know the link's
// capacity, else by a step, and falls by a factor when a queue grows.
type aimd struct {
	bitrate   float64 // bit/s
	measured  bool    // else the bitrate is a guess
	phase     phase
	changedAt int64
	fellAt    int64
	capacity  capacity
}

// update follows the usage of the link, when so many bit/s arrive of those that are sent, and target is what to fall
// to. It tells whether the bitrate fell.
func (a *aimd) update(u usage, arriving, sent, target float64, rtt, now int64) (fell bool) {
	switch u {
	case usageOver:
		return a.decrease(arriving, target, rtt, now)
	case usageUnder:
		a.phase = phaseHold
	case usageNormal:
		if a.phase == phaseIncrease {
			a.increase(arriving, sent, rtt, now)
		}
		a.phase = phaseIncrease
	}
	a.changedAt = now
	return false
}

func (a *aimd) decrease(arriving, target float64, rtt, now int64) bool {
	a.phase, a.changedAt = phaseHold, now
	if now-a.fellAt < min(max(rtt, minInterval), maxInterval) && arriving > a.bitrate/2 {
		return false // what was changed last can't be seen yet
	}
	if arriving == 0 {
		arriving = a.bitrate / 2
		target = backOff * arriving
	}
	if target > a.bitrate && a.capacity.known() {
		target = backOff * a.capacity.mean * 1000
	}
	if arriving < a.capacity.low() {
		a.capacity = capacity{}
	}
	a.capacity.learn(arriving / 1000)
	if target >= a.bitrate {
		return false
	}
	a.set(target, now)
	a.fellAt = now
	return true
}

func (a *aimd) increase(arriving, sent float64, rtt, now int64) {
	if arriving > a.capacity.high() {
		a.capacity = capacity{}
	}
	passed := min(float64(now-a.changedAt)/float64(time.Second), 1)
	more := a.bitrate * (math.Pow(growth, passed) - 1)
	if a.capacity.known() {
		more = wirePacket / (float64(rtt+int64(responseDelay)) / float64(time.Second)) * passed
	}
	limit := maxUnproven*arriving + unproven
	if a.capacity.known() {
		limit = min(limit, max(nearlyFull*a.capacity.mean*1000, sent/wellUsed))
	}
	if arriving > 0 && a.bitrate < limit {
		a.bitrate, a.measured = min(a.bitrate+max(more, 1000*passed), limit), true
	}
}

// guess takes a bitrate to begin with.
func (a *aimd) guess(bitrate float64, now int64) {
	a.bitrate, a.measured, a.changedAt = max(bitrate, floorRate), false, now
}

// set takes a bitrate that was measured.
func (a *aimd) set(bitrate float64, now int64) {
	a.bitrate, a.measured, a.changedAt = max(bitrate, floorRate), true, now
}

// capacity remembers at which bitrates, in kbit/s, the link was full.
type capacity struct {
	mean, variance float64 // the variance as a share of the mean
	samples        int
}

func (c *capacity) known() bool { return c.mean > 0 }

func (c *capacity) learn(sample float64) {
	c.samples++
	if c.mean == 0 {
		c.mean, c.variance = sample, 0.4
		return
	}
	off := sample - c.mean
	c.mean += max(capacityMemory, 1/float64(c.samples)) * off
	c.variance = (1-capacityMemory)*c.variance + capacityMemory*off*off/max(c.mean, 1)
	c.variance = min(max(c.variance, 0.4), 2.5)
}

// low and high are, in bit/s, what a full link may carry before it must be another.
func (c *capacity) low() float64 {
	if !c.known() {
		return 0
	}
	return 1000 * max(0, c.mean-3*math.Sqrt(c.variance*c.mean))
}

func (c *capacity) high() float64 {
	if !c.known() {
		return math.Inf(1)
	}
	return 1000 * (c.mean + 3*math.Sqrt(c.variance*c.mean))
}
