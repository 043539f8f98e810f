package bwe

import (
	"math"
	"testing"
	"time"
)

const second = int64(time.Second)

func TestDownlinkKnowsNoLimitAtFirst(t *testing.T) {
	var d Downlink
	d.Estimate(0, 0, 0)
	d.Estimate(900_000, 1_000_000, second) // what a receiver says without any trouble
	d.Estimate(50_000_000, 1_000_000, second)
	d.Lost(heavyLoss-1, 1_000_000, second)
	if got := d.Budget(1_000_000, second); got != math.MaxUint64 {
		t.Errorf("a budget of %d", got)
	}
}

func TestDownlinkOverused(t *testing.T) {
	tests := []struct {
		name string
		tell func(*Downlink)
		want uint64
	}{
		{"by an estimate", func(d *Downlink) { d.Estimate(700_000, 1_000_000, 0) }, 700_000},
		{"by a loss of half", func(d *Downlink) { d.Lost(128, 1_000_000, 0) }, 750_000},
		{"by a loss of all", func(d *Downlink) { d.Lost(255, 1_000_000, 0) }, 501_954},
		{"by both", func(d *Downlink) { d.Lost(128, 1_000_000, 0); d.Estimate(300_000, 1_000_000, 0) }, 300_000},
		{"by a loss, when less is known", func(d *Downlink) {
			d.Estimate(300_000, 1_000_000, 0)
			d.Lost(30, 1_000_000, 0)
		}, 300_000},
		{"down to the floor", func(d *Downlink) { d.Estimate(1, 1_000_000, 0) }, floorRate},
		{"raised by the receiver", func(d *Downlink) {
			d.Estimate(300_000, 1_000_000, 0)
			d.Estimate(800_000, 300_000, 0)
		}, 800_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var d Downlink
			test.tell(&d)
			if got := d.Budget(1_000_000, 0); got != test.want {
				t.Errorf("a budget of %d, want %d", got, test.want)
			}
		})
	}
}

// TestDownlinkTriesMore after a while, in steps, up to knowing no limit.
func TestDownlinkTriesMore(t *testing.T) {
	var d Downlink
	d.Estimate(400_000, 1_000_000, 0)
	if got := d.Budget(400_000, int64(firstPatience)-1); got != 400_000 {
		t.Errorf("a budget of %d before its time", got)
	}
	last := uint64(400_000)
	now := int64(0)
	for range 100 {
		now += int64(firstPatience)
		got := d.Budget(last, now)
		if got == math.MaxUint64 {
			return
		}
		if got != last/2*3 {
			t.Errorf("%d follows %d", got, last)
		}
		last = got
	}
	t.Errorf("still a limit of %d", last)
}

// TestDownlinkNeedsNoTraffic to try more: a paused video would never come back.
func TestDownlinkNeedsNoTraffic(t *testing.T) {
	var d Downlink
	d.Estimate(60_000, 1_000_000, 0)
	for now := second; now < 120*second; now += second {
		d.Budget(0, now)
	}
	if got := d.Budget(0, 120*second); got != math.MaxUint64 {
		t.Errorf("after two minutes a budget of %d", got)
	}
}

// patience measures how long after an overuse more is tried.
func patience(t *testing.T, d *Downlink, since int64) time.Duration {
	t.Helper()
	before := d.Budget(0, since)
	for now := since; now < since+100*second; now += second / 4 {
		if d.Budget(0, now) > before {
			return time.Duration(now - since)
		}
	}
	t.Fatal("no more is ever tried")
	return 0
}

// TestDownlinkGrowsPatient with each attempt that fails, and not beyond measure.
func TestDownlinkGrowsPatient(t *testing.T) {
	var d Downlink
	now := int64(0)
	for i, want := range []time.Duration{
		2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, maxPatience, maxPatience,
	} {
		d.Estimate(400_000, 1_000_000, now)
		if got := patience(t, &d, now); got != want {
			t.Errorf("attempt %d: after %v, want %v", i, got, want)
		}
		now += int64(want) + second
	}
	now += int64(maxPatience) * 5 // it went well for long
	d.Estimate(400_000, 1_000_000, now)
	if got := patience(t, &d, now); got != firstPatience {
		t.Errorf("after a good time: %v, want %v", got, firstPatience)
	}
}

// TestDownlinkTakesOneTroubleForOne: what is said about it several times before anything was tried is no new failure.
func TestDownlinkTakesOneTroubleForOne(t *testing.T) {
	var d Downlink
	d.Estimate(500_000, 1_000_000, 0)
	d.Lost(60, 1_000_000, 0)
	d.Lost(250, 900_000, 0)
	for now := second / 5; now <= second; now += second / 5 {
		d.Estimate(300_000, 1_000_000, now) // what is sent is measured late
	}
	if got := patience(t, &d, second); got != firstPatience {
		t.Errorf("more is tried after %v, want %v", got, firstPatience)
	}
}
