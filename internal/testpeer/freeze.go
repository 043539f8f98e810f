package testpeer

import "time"

// freeze finds the times that a picture stood still, as "Identifiers for WebRTC's Statistics API" defines freezeCount:
// a frame came later than three times the average interval of the frames before it, and later by 150 ms.
type freeze struct {
	last int64 // when the newest frame was shown, in ns
	mean int64 // the average interval, in ns
}

const (
	freezeAdd   = int64(150 * time.Millisecond)
	freezeTimes = 3
	freezeOver  = 30 // frames that the average is over
)

// frame takes a frame that can be shown now, and says how long the picture stood still before it if it did.
func (f *freeze) frame(now int64) (still time.Duration) {
	interval := now - f.last
	first, second := f.last == 0, f.mean == 0
	f.last = now
	switch {
	case first:
		return 0
	case second:
		f.mean = interval
		return 0
	case interval > max(freezeTimes*f.mean, f.mean+freezeAdd):
		still = time.Duration(interval)
	}
	f.mean += (interval - f.mean) / freezeOver
	return still
}
