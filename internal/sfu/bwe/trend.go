package bwe

import (
	"math"
	"time"
)

// usage is what the delay says of the link.
type usage uint8

const (
	usageNormal usage = iota
	usageOver         // a queue grows
	usageUnder        // a queue drains
)

const (
	trendPoints = 20  // groups that a trend is made of
	smoothing   = 0.9 // weight of the smoothed delay so far
	trendGain   = 4   // of the slope, as many groups as there are, to be compared with a threshold
	maxGroups   = 60
	// The adaptive threshold in ms, section 5.4 of the draft: it follows the slope quickly up and slowly down, so that
	// a link with jitter and flows that compete do not count as overuse for ever.
	firstThreshold = 12.5
	minThreshold   = 6
	maxThreshold   = 600
	thresholdUp    = 0.0087
	thresholdDown  = 0.039
	maxOff         = 15  // from the threshold, of a slope that it follows, in ms
	maxStep        = 100 // ms between two steps of the threshold that count
	overuseTime    = 10  // ms for which a slope must be above the threshold
)

// trend tells from the delays of groups whether a queue grows: by the slope of a straight line through the newest
// ones. That filter took the place of the draft's (section 5.3) in libwebrtc; Carlucci, De Cicco, Holmer, Mascolo:
// "Congestion Control for Web Real-Time Communication", IEEE/ACM Transactions on Networking 25 (2017), section IV.
// The draft's detector (section 5.4) reads it.
type trend struct {
	firstCame   int64
	accumulated float64 // delay in ms since the first group
	smoothed    float64
	points      [trendPoints]point
	count       int // of all groups

	slope     float64 // ms of delay for each ms
	threshold float64
	steppedAt int64
	over      float64 // ms for which the slope was above the threshold
	overs     int     // how often in a row
	usage     usage
}

// point is a smoothed delay at a time, both in ms.
type point struct{ at, delay float64 }

func milliseconds(ns int64) float64 { return float64(ns) / float64(time.Millisecond) }

// add takes how much later than the one before a group was sent and came, and when it came, on any clock.
func (t *trend) add(sentLater, cameLater, came int64) {
	if t.count == 0 {
		t.firstCame, t.threshold, t.steppedAt = came, firstThreshold, came
	}
	t.accumulated += milliseconds(cameLater - sentLater)
	t.smoothed = smoothing*t.smoothed + (1-smoothing)*t.accumulated
	t.points[t.count%trendPoints] = point{milliseconds(came - t.firstCame), t.smoothed}
	t.count++
	before := t.slope
	if t.count >= trendPoints {
		t.slope = t.fit()
	}
	t.detect(before, milliseconds(sentLater))
	t.adapt(came)
}

// fit is the slope of the line through the points with the least squared distances.
func (t *trend) fit() float64 {
	var at, delay float64
	for _, p := range t.points {
		at += p.at
		delay += p.delay
	}
	at, delay = at/trendPoints, delay/trendPoints
	var up, down float64
	for _, p := range t.points {
		up += (p.at - at) * (p.delay - delay)
		down += (p.at - at) * (p.at - at)
	}
	if down == 0 {
		return t.slope
	}
	return up / down
}

// weighed is the slope in the unit of the threshold.
func (t *trend) weighed() float64 { return float64(min(t.count, maxGroups)) * t.slope * trendGain }

// detect compares the slope with the threshold. passed is the ms between the two newest groups.
func (t *trend) detect(before, passed float64) {
	switch w := t.weighed(); {
	case w > t.threshold:
		if t.overs == 0 {
			passed /= 2
		}
		t.over += passed
		t.overs++
		if t.over > overuseTime && t.overs > 1 && t.slope >= before {
			t.over, t.overs = 0, 0
			t.usage = usageOver
		}
	case w < -t.threshold:
		t.over, t.overs, t.usage = 0, 0, usageUnder
	default:
		t.over, t.overs, t.usage = 0, 0, usageNormal
	}
}

// adapt moves the threshold towards the slope.
func (t *trend) adapt(now int64) {
	passed := min(milliseconds(now-t.steppedAt), maxStep)
	t.steppedAt = now
	off := math.Abs(t.weighed()) - t.threshold
	if off > maxOff {
		return
	}
	k := thresholdUp
	if off < 0 {
		k = thresholdDown
	}
	t.threshold = min(max(t.threshold+k*off*passed, minThreshold), maxThreshold)
}
