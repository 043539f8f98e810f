package sfu

import (
	"testing"
	"time"
)

// The aims of docs/quality.md, with some margin: these calls have no machine that is busy with other things.
const (
	aimDown  = 1500 * time.Millisecond
	aimBack  = 5 * time.Second
	aimShare = 0.87
	aimWait  = 80 * time.Millisecond
	aimSound = 0.01
)

// TestLinkFallsAndRises: a meeting of ten cameras, and a link that goes from 3 to 0.5 Mbit/s and back.
func TestLinkFallsAndRises(t *testing.T) {
	const (
		second       = time.Second
		wide, narrow = 3_000_000, 500_000
		fall, rise   = 20 * second, 40 * second
		end          = 60 * second
	)
	for seed := range uint64(5) {
		w := way{
			rate: func(at time.Duration) float64 {
				if at >= fall && at < rise {
					return narrow
				}
				return wide
			},
			buffer: 300 * time.Millisecond, distance: 20 * time.Millisecond, layers: []int{30_000, 110_000, 300_000},
			fps: 15, seed: seed,
		}
		w.open(10)
		w.run(t, end)
		before := w.between(fall/2, fall).share(wide, fall/2)
		within := w.between(fall+(rise-fall)/2, rise).share(narrow, (rise-fall)/2)
		after := w.between(rise+(end-rise)/2, end).share(wide, (end-rise)/2)
		if min(before, within, after) < aimShare {
			t.Errorf("seed %d: %.2f, %.2f and %.2f of the link are used, want %.2f", seed, before, within, after, aimShare)
		}
		down, is := w.since(fall, rise, func(l seenOf) bool {
			return l.longest <= 100*time.Millisecond && l.dropped == 0
		})
		if !is || down > aimDown {
			t.Errorf("seed %d: adapts down in %v (%v), want %v", seed, down, is, aimDown)
		}
		back, is := w.since(rise, end, func(l seenOf) bool { return l.share(wide, second) >= 0.85*before })
		if !is || back > aimBack {
			t.Errorf("seed %d: is back after %v (%v), want %v", seed, back, is, aimBack)
		}
		for _, part := range []seenOf{w.between(0, fall), w.between(fall+3*second, rise), w.between(rise, end)} {
			if got := part.wait(90); got > aimWait {
				t.Errorf("seed %d: waits %v in the queue, want %v", seed, got, aimWait)
			}
		}
		if got := w.between(0, end).missing(); got >= aimSound {
			t.Errorf("seed %d: %.4f of the sound is missing, want less than %v", seed, got, aimSound)
		}
	}
}

// TestNarrowLinks: sound comes through whatever the link carries, and the smallest picture where there is room for it.
func TestNarrowLinks(t *testing.T) {
	const (
		second = time.Second
		fall   = 5 * second
		adapts = 3 * second
		lasts  = 25 * second
	)
	for _, narrow := range []struct {
		rate, loss float64
		used       float64 // share, at the least
		adapting   float64 // share of the sound that may be missing in the first three seconds
		shown      bool
	}{
		{rate: 100_000, used: 0.5, adapting: 0.45},
		{rate: 150_000, used: 0.35, adapting: 0.2},
		{rate: 250_000, used: 0.85, adapting: 0.15, shown: true},
		{rate: 300_000, used: 0.7, adapting: 0.15, shown: true},
		{rate: 400_000, loss: 0.05, used: 0.5, adapting: 0.15, shown: true},
		{rate: 900_000, used: 0.6, adapting: 0.15, shown: true},
	} {
		for seed := range uint64(4) {
			w := way{
				rate: func(at time.Duration) float64 {
					if at >= fall {
						return narrow.rate
					}
					return 50_000_000
				},
				buffer: 300 * time.Millisecond, distance: 20 * time.Millisecond, layers: []int{150_000, 500_000, 1_500_000},
				fps: 30, seed: seed,
			}
			w.open(1)
			w.run(t, fall)
			w.loss = narrow.loss
			w.run(t, lasts)
			first, then := w.between(fall, fall+adapts), w.between(fall+adapts, fall+lasts-second)
			if got := first.missing() - narrow.loss; got > narrow.adapting {
				t.Errorf("%v, seed %d: while it adapts %.2f of the sound is missing", narrow, seed, got)
			}
			if got := then.missing() - narrow.loss; got > 0.02 {
				t.Errorf("%v, seed %d: then %.3f of the sound is missing", narrow, seed, got)
			}
			if got := then.share(narrow.rate, lasts-adapts-second); got < narrow.used {
				t.Errorf("%v, seed %d: %.2f of the link is used", narrow, seed, got)
			}
			if got := then.wait(90); got > aimWait {
				t.Errorf("%v, seed %d: waits %v in the queue, want %v", narrow, seed, got, aimWait)
			}
			if looks := int((lasts - adapts - second) / (100 * time.Millisecond)); narrow.shown && then.shown < looks*9/10 ||
				!narrow.shown && then.shown > looks/4 {
				t.Errorf("%v, seed %d: shown in %d of %d looks", narrow, seed, then.shown, looks)
			}
		}
	}
}

// TestPictureComesBackWithoutProbes: a client that takes no retransmissions can't be sent padding either. The picture
// itself has to show that its link carries more again.
func TestPictureComesBackWithoutProbes(t *testing.T) {
	const (
		second = time.Second
		rise   = 15 * second
		end    = 60 * second
	)
	w := way{
		rate: func(at time.Duration) float64 {
			if at < rise {
				return 60_000
			}
			return 10_000_000
		},
		buffer: 300 * time.Millisecond, distance: 20 * time.Millisecond, layers: []int{150_000, 500_000}, fps: 30,
	}
	w.open(1)
	w.cameras[0].consumer.rtxSSRC = 0
	w.run(t, end)
	if last := w.between(end-5*second, end); last.shown < 45 {
		t.Errorf("in the last five seconds it is shown in %d of 50 looks", last.shown)
	}
}
