package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
	"stube/internal/testpeer"
)

const (
	cameras      = 10                     // small ones, so that layers fit a link finely
	lookInterval = 100 * time.Millisecond // between two looks at the counters
	goodWait     = 100 * time.Millisecond // in the queue, beyond which a link counts as overused
	enoughShare  = 0.85                   // of what a link carried before, from which on a receiver is back
	calm         = 10                     // looks without overuse or with enough in a row
)

// Falling is what became of somebody whose downlink fell from Wide to Narrow and rose again.
type Falling struct {
	Wide, Narrow int           // bit/s
	Down         time.Duration // from the fall until the queue was short for a second; 0: never
	Back         time.Duration // from the rise until as much came as before for a second; 0: never
	// Shares of the link that were used before the fall, before the rise, and at the end.
	Before, Within, After float64
	// Waits in the queue that nine and 99 of a hundred packets didn't exceed, but for the three seconds after the fall.
	Queue90, Queue99 time.Duration
	Dropped          uint64 // by the queue, in all
	Received         Received
}

// Phases says how long each part of Fall lasts.
type Phases struct {
	Wide, Narrow, Again time.Duration
}

// Fall plays a meeting of ten cameras, received by somebody whose downlink changes.
func Fall(ctx context.Context, n *Network, wide, narrow int, phases Phases) (Falling, error) {
	f := Falling{Wide: wide, Narrow: narrow}
	for i := range cameras {
		p, err := n.join(ctx, fmt.Sprintf("Camera %d", i+1), near(), near())
		if err != nil {
			return f, err
		}
		if err := smallCamera(ctx, p, i); err != nil {
			return f, err
		}
	}
	bob, err := n.join(ctx, "Bob", near(), link(wide))
	if err != nil {
		return f, err
	}
	if err := bob.sees(ctx, cameras); err != nil {
		return f, err
	}
	w := watch{of: bob, every: lookInterval}
	before := bob.received()
	if err := w.look(ctx, phases.Wide); err != nil {
		return f, err
	}
	fall := len(w.looks)
	bob.shape(near(), link(narrow))
	if err := w.look(ctx, phases.Narrow); err != nil {
		return f, err
	}
	rise := len(w.looks)
	bob.shape(near(), link(wide))
	if err := w.look(ctx, phases.Again); err != nil {
		return f, err
	}
	f.Received = bob.received().since(before)
	f.judge(w.looks, fall, rise)
	return f, nil
}

// smallCamera publishes a camera of three layers, and the first one a microphone.
func smallCamera(ctx context.Context, p person, i int) error {
	o := testpeer.VideoOptions{FPS: 15, Seed: uint64(i), Layers: []testpeer.Layer{
		{Rid: "r0", Width: 320, Height: 180, Bitrate: 30_000},
		{Rid: "r1", Width: 640, Height: 360, Bitrate: 110_000},
		{Rid: "r2", Width: 1280, Height: 720, Bitrate: 300_000},
	}}
	if i == 0 {
		return p.publish(ctx, o)
	}
	_, err := p.PublishCamera(ctx, o)
	return err
}

// link is a downlink of so many bit/s with a queue as home routers have: 300 ms.
func link(rate int) schedule.Profile {
	p := near()
	p.Rate, p.Queue = rate, 300*time.Millisecond
	return p
}

// judge reads the figures off the looks, of which the first one after the fall and after the rise are told.
func (f *Falling) judge(looks []look, fall, rise int) {
	steady := func(l []look) []look { return l[len(l)/2:] }
	f.Before = share(steady(looks[:fall]), f.Wide)
	f.Within = share(steady(looks[fall:rise]), f.Narrow)
	f.After = share(steady(looks[rise:]), f.Wide)
	f.Down = since(looks[fall:rise], func(l look) bool { return l.longest() <= goodWait && l.Dropped == 0 })
	enough := enoughShare * f.Before * float64(f.Wide)
	f.Back = since(looks[rise:], func(l look) bool { return l.bitrate() >= enough })
	// Between a fall and the moment that anybody can know of it, the queue fills whatever is done.
	const known = int(3 * time.Second / lookInterval)
	queued := looks[0].Queued
	for _, l := range slices.Concat(looks[1:fall], looks[min(fall+known, rise):]) {
		queued.Add(&l.Queued)
	}
	f.Queue90, f.Queue99 = queued.Quantile(0.9), queued.Quantile(0.99)
	for _, l := range looks {
		f.Dropped += l.Dropped
	}
}

// look is what the relay counted in an interval.
type look struct {
	relay.Counters
	lasted time.Duration
}

func (l look) bitrate() float64 { return float64(l.Bytes) * 8 / l.lasted.Seconds() }

func (l look) longest() time.Duration { return l.Queued.Quantile(1) }

// share is that of a link that was used.
func share(looks []look, rate int) float64 {
	bytes, seconds := uint64(0), 0.0
	for _, l := range looks {
		bytes += l.Bytes
		seconds += l.lasted.Seconds()
	}
	if seconds == 0 {
		return 0
	}
	return float64(bytes) * 8 / seconds / float64(rate)
}

// since is when the first run of calm looks began that are good together; 0 when there is none.
func since(looks []look, good func(look) bool) time.Duration {
	passed := time.Duration(0)
	for i := 0; i+calm <= len(looks); i++ {
		if good(merge(looks[i : i+calm])) {
			return max(passed, lookInterval)
		}
		passed += looks[i].lasted
	}
	return 0
}

// merge makes one look of several.
func merge(looks []look) look {
	sum := looks[0]
	for _, l := range looks[1:] {
		sum.Bytes += l.Bytes
		sum.Dropped += l.Dropped
		sum.lasted += l.lasted
		sum.Queued.Add(&l.Queued)
	}
	return sum
}

// watch looks at somebody's downlink over and over.
type watch struct {
	of    person
	every time.Duration
	looks []look
}

func (w *watch) look(ctx context.Context, lasts time.Duration) error {
	begin, before := time.Now(), w.of.network.Counters(relay.Down)
	for at := begin; at.Sub(begin) < lasts; {
		if err := pause(ctx, w.every); err != nil {
			return err
		}
		now, counters := time.Now(), w.of.network.Counters(relay.Down)
		w.looks = append(w.looks, look{Counters: counters.Since(before), lasted: now.Sub(at)})
		at, before = now, counters
	}
	return nil
}
