package sfu

import (
	"math"
	"testing"
	"time"

	"stube/internal/sfu/rtcp"
)

func TestScale(t *testing.T) {
	for _, test := range []struct{ ns, rate, want int64 }{
		{0, 90000, 0},
		{int64(time.Second), 90000, 90000},
		{int64(time.Second) / 2, 48000, 24000},
		{int64(365 * 24 * time.Hour), 90000, 365 * 24 * 3600 * 90000}, // without overflow
		{-int64(time.Second) * 3 / 2, 90000, -135000},
		{1, 90000, 0},
		{math.MinInt64, 1, math.MinInt64 / int64(time.Second)},
	} {
		if got := scale(test.ns, test.rate); got != test.want {
			t.Errorf("%d ns are %d ticks of %d Hz, want %d", test.ns, got, test.rate, test.want)
		}
	}
}

func TestClock(t *testing.T) {
	const second = int64(time.Second)
	c := &clock{ntp: 1000 * second, rtp: math.MaxUint32 - 44999} // wraps around after half a second
	for _, test := range []struct {
		ntp int64
		rtp uint32
	}{
		{1000 * second, math.MaxUint32 - 44999},
		{1000*second + second/2, 0},
		{1001 * second, 45000},
		{999 * second, math.MaxUint32 - 134999},
	} {
		if got := c.at(test.ntp, 90000); got != test.rtp {
			t.Errorf("at %d ns the timestamp is %d, want %d", test.ntp, got, test.rtp)
		}
		if got := c.time(test.rtp, 90000); got != test.ntp {
			t.Errorf("timestamp %d is at %d ns, want %d", test.rtp, got, test.ntp)
		}
	}
}

// TestNTP: differences survive the way there and back.
func TestNTP(t *testing.T) {
	s := &Server{epoch: time.Unix(1_800_000_000, 999_999_999)}
	start := fromNTP(s.ntp(0))
	for _, ns := range []int64{1, 1000, int64(time.Second), 3_600_000_000_123} {
		if off := fromNTP(s.ntp(ns)) - start - ns; off < -2 || off > 2 {
			t.Errorf("%d ns later is %d ns off", ns, off)
		}
	}
	if got := fromNTP(math.MaxUint64); got <= 0 || got > math.MaxUint32*int64(time.Second)+int64(time.Second) {
		t.Errorf("the last NTP time is %d", got)
	}
	if rtcp.NTP(0)>>32 != 2_208_988_800 {
		t.Error("1970 is misplaced")
	}
}
