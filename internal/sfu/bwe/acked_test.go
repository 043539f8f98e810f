package bwe

import (
	"math"
	"testing"
	"time"
)

// TestAckedPeak: a sudden rise is not believed at once, but what arrives in it measures a link that is full.
func TestAckedPeak(t *testing.T) {
	var a acked
	now := second
	come := func(rate float64, lasts time.Duration) {
		const size = 1000
		gap := int64(size * 8 / rate * float64(second))
		for end := now + int64(lasts); now < end; now += gap {
			a.add(now, size)
		}
	}
	come(400_000, 5*time.Second)
	if got := a.bitrate(); math.Abs(got-400_000) > 40_000 || a.peak() > 500_000 {
		t.Errorf("%.0f bit/s, the peak %.0f, of 400,000", got, a.peak())
	}
	come(2_400_000, 200*time.Millisecond)
	if got := a.peak(); got < 1_500_000 || a.bitrate() > got {
		t.Errorf("%.0f bit/s, the peak %.0f, of 2,400,000", a.bitrate(), got)
	}
	come(2_400_000, 5*time.Second)
	if got := a.bitrate(); math.Abs(got-2_400_000) > 240_000 || math.Abs(a.peak()-got) > 1_000_000 {
		t.Errorf("%.0f bit/s, the peak %.0f, of 2,400,000", got, a.peak())
	}
}
