package bwe_test

import (
	"slices"
	"testing"
	"time"
)

const mbit = 1e6

func constant(rate float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rate }
}

// falls goes from 3 to 0.5 Mbit/s after 20 seconds, and back after 40.
func falls(at time.Duration) float64 {
	if at > 20*time.Second && at < 40*time.Second {
		return 0.5 * mbit
	}
	return 3 * mbit
}

// elastic is video that fills what it is given, up to 8 Mbit/s.
func elastic(estimate float64, _ time.Duration) (sent, wanted float64) {
	return min(estimate, 8*mbit), 8 * mbit
}

// layered is two videos in three layers each: what is sent goes in steps.
func layered(estimate float64, _ time.Duration) (sent, wanted float64) {
	sent = 0.15 * mbit
	for _, sum := range []float64{0.3 * mbit, 0.65 * mbit, mbit, 2 * mbit, 3 * mbit} {
		if sum <= estimate {
			sent = sum
		}
	}
	return sent, 3 * mbit
}

// home is an ordinary way: 25 ms, some jitter, a queue of 400 ms before packets are lost.
func home(capacity func(time.Duration) float64) link {
	return link{
		capacity: capacity, delay: 25 * time.Millisecond, jitter: 4 * time.Millisecond, buffer: 400 * time.Millisecond,
	}
}

// with changes a copy of a link.
func (l link) with(change func(*link)) link {
	change(&l)
	return l
}

// between gives the samples of some seconds.
func between(all []sample, from, to time.Duration) []sample {
	var some []sample
	for _, s := range all {
		if s.at >= from && s.at < to {
			some = append(some, s)
		}
	}
	return some
}

// share is how much of a link of so many bit/s was used.
func share(some []sample, capacity float64) (used float64) {
	for _, s := range some {
		used += s.carried
	}
	return used / capacity / float64(len(some))
}

// percentile gives the queue in milliseconds that a share of the samples stays below.
func percentile(some []sample, p int) int64 {
	queues := make([]time.Duration, 0, len(some))
	for _, s := range some {
		queues = append(queues, s.queue)
	}
	slices.Sort(queues)
	return queues[(len(queues)-1)*p/100].Milliseconds()
}

// TestSenderUsesALink that stays as it is, and keeps its queue short.
func TestSenderUsesALink(t *testing.T) {
	for name, c := range map[string]struct {
		link     link
		keyFrame int
		rate     func(float64, time.Duration) (float64, float64)
		share    float64 // of 3 Mbit/s, at least
		queue    int64   // ms, which 95 of 100 samples stay below
	}{
		"clean":               {home(constant(3 * mbit)).with(func(l *link) { l.jitter = 0 }), 0, elastic, 0.85, 60},
		"some jitter":         {home(constant(3 * mbit)), 0, elastic, 0.85, 60},
		"far away":            {home(constant(3 * mbit)).with(func(l *link) { l.delay *= 6 }), 0, elastic, 0.85, 80},
		"1 % loss":            {home(constant(3 * mbit)).with(func(l *link) { l.loss = 0.01 }), 0, elastic, 0.85, 80},
		"5 % loss":            {home(constant(3 * mbit)).with(func(l *link) { l.loss = 0.05 }), 0, elastic, 0.82, 80},
		"12 % loss":           {home(constant(3 * mbit)).with(func(l *link) { l.loss = 0.12 }), 0, elastic, 0.3, 80},
		"much jitter":         {home(constant(3 * mbit)).with(func(l *link) { l.jitter *= 8 }), 0, elastic, 0.8, 200},
		"no room for a queue": {home(constant(3 * mbit)).with(func(l *link) { l.buffer /= 10 }), 0, elastic, 0.85, 60},
		"others too": {
			home(constant(3 * mbit)).with(func(l *link) { l.cross = constant(mbit) }), 0, elastic, 0.55, 150,
		},
		"key frames":         {home(constant(3 * mbit)), 60_000, elastic, 0.85, 200},
		"layers":             {home(constant(3.2 * mbit)), 0, layered, 0.95, 60},
		"layers, key frames": {home(constant(4 * mbit)), 60_000, layered, 0.95, 100},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				made := call{link: c.link, keyFrame: c.keyFrame, rate: c.rate}
				made.seed = seed
				some := between(made.run(t, 40*time.Second), settleTime, time.Minute)
				if got := share(some, 3*mbit); got < c.share {
					t.Errorf("seed %d: %.0f %% of the link is used, want %.0f", seed, 100*got, 100*c.share)
				}
				if got := percentile(some, 95); got > c.queue {
					t.Errorf("seed %d: a queue of %d ms, want %d at the most", seed, got, c.queue)
				}
			}
		})
	}
}

// TestSenderFollowsALink from 3 to 0.5 Mbit/s and back: down within 2 seconds, up within 8, at least 85 % of it used
// (80 % where a twentieth is lost), its queue below 100 ms. Layers go in steps, so that less counts.
func TestSenderFollowsALink(t *testing.T) {
	for name, c := range map[string]struct {
		link    link
		rate    func(float64, time.Duration) (float64, float64)
		share   float64 // of 0.5 Mbit/s
		back    float64 // of 3 Mbit/s
		drained time.Duration
	}{
		"elastic":        {home(falls), elastic, 0.85, 0.85, 2 * time.Second},
		"layers":         {home(falls), layered, 0.5, 0.95, 2 * time.Second}, // a step is 0.3 Mbit/s
		"1 % loss":       {home(falls).with(func(l *link) { l.loss = 0.01 }), elastic, 0.85, 0.85, 2 * time.Second},
		"5 % loss":       {home(falls).with(func(l *link) { l.loss = 0.05 }), elastic, 0.8, 0.8, 2 * time.Second},
		"a long queue":   {home(falls).with(func(l *link) { l.buffer *= 8 }), elastic, 0.85, 0.85, 5 * time.Second},
		"a short queue":  {home(falls).with(func(l *link) { l.buffer /= 8 }), elastic, 0.85, 0.85, 2 * time.Second},
		"far away":       {home(falls).with(func(l *link) { l.delay *= 4 }), elastic, 0.85, 0.85, 2 * time.Second},
		"layers, 5 %":    {home(falls).with(func(l *link) { l.loss = 0.05 }), layered, 0.35, 0.6, 2 * time.Second},
		"layers, jitter": {home(falls).with(func(l *link) { l.jitter *= 4 }), layered, 0.5, 0.6, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				made := call{link: c.link, rate: c.rate}
				made.seed = seed
				all := made.run(t, 60*time.Second)
				low := between(all, 20*time.Second, 40*time.Second)
				i := slices.IndexFunc(low, func(s sample) bool { return s.estimate < 0.6*mbit })
				if i < 0 || low[i].at > 22*time.Second {
					t.Errorf("seed %d: not down within 2 seconds", seed)
				}
				settled := between(low, 20*time.Second+c.drained, time.Minute)
				if got := share(between(low, 25*time.Second, time.Minute), 0.5*mbit); got < c.share {
					t.Errorf("seed %d: %.0f %% of the link is used, want %.0f", seed, 100*got, 100*c.share)
				}
				if got := percentile(settled, 90); got > 100 {
					t.Errorf("seed %d: a queue of %d ms", seed, got)
				}
				if !slices.ContainsFunc(between(all, 40*time.Second, 48*time.Second), func(s sample) bool {
					return s.carried > c.back*3*mbit
				}) {
					t.Errorf("seed %d: not back within 8 seconds", seed)
				}
			}
		})
	}
}

// TestSenderStartsFast on a good link, and soon finds a bad one's measure.
func TestSenderStartsFast(t *testing.T) {
	all := (&call{link: home(constant(20 * mbit)), rate: layered}).run(t, 2*time.Second)
	if got := share(between(all, time.Second, 2*time.Second), 3*mbit); got < 0.95 {
		t.Errorf("in the second second %.0f %% is sent", 100*got)
	}
	all = (&call{link: home(constant(0.25 * mbit)), rate: elastic}).run(t, 20*time.Second)
	if got := percentile(between(all, 2*time.Second, time.Minute), 95); got > 120 {
		t.Errorf("after two seconds on a small link a queue of %d ms", got)
	}
	if got := share(between(all, 5*time.Second, time.Minute), 0.25*mbit); got < 0.85 {
		t.Errorf("%.0f %% of a small link is used", 100*got)
	}
}

// TestSenderDoesNotOutrunWhatIsSent: an estimate far above it would be a guess.
func TestSenderDoesNotOutrunWhatIsSent(t *testing.T) {
	idle := func(float64, time.Duration) (sent, wanted float64) { return 2 * mbit, 2 * mbit }
	for _, s := range (&call{link: home(constant(20 * mbit)), rate: idle}).run(t, 30*time.Second) {
		if s.estimate > 3.3*mbit {
			t.Fatalf("after %v an estimate of %.0f with 2,000,000 sent", s.at, s.estimate)
		}
	}
}

// TestSenderFindsGrowingDemand: what is wanted grows after a long time of little.
func TestSenderFindsGrowingDemand(t *testing.T) {
	grows := func(estimate float64, at time.Duration) (sent, wanted float64) {
		if at < 20*time.Second {
			return 0.15 * mbit, 0.15 * mbit
		}
		return layered(estimate, at)
	}
	made := &call{link: home(constant(10 * mbit)), rate: grows}
	all := made.run(t, 25*time.Second)
	if got := share(between(all, 21*time.Second, time.Minute), 3*mbit); got < 0.95 {
		t.Errorf("a second after it was wanted %.0f %% is sent", 100*got)
	}
	if p := made.sender.Probes(); p.Successful == 0 || p.Successful > p.Begun {
		t.Errorf("%+v", p)
	}
}

// TestSenderDoesNotGiveUp on a link that loses packets whatever is sent: a loss of a fifth halves nothing for ever.
func TestSenderDoesNotGiveUp(t *testing.T) {
	for seed := range uint64(5) {
		l := home(constant(3 * mbit))
		l.loss = 0.2
		l.seed = seed
		all := (&call{link: l, rate: elastic}).run(t, 60*time.Second)
		if got := share(between(all, 20*time.Second, time.Minute), 3*mbit); got < 0.15 {
			t.Errorf("seed %d: %.0f %% is sent", seed, 100*got)
		}
	}
}

// TestSenderSurvivesASuddenRise of what is sent, with key frames: what arrived before it says nothing of the link.
func TestSenderSurvivesASuddenRise(t *testing.T) {
	rises := func(_ float64, at time.Duration) (sent, wanted float64) {
		if at < 14800*time.Millisecond { // just before a key frame
			return 0.35 * mbit, 3 * mbit
		}
		return 2.4 * mbit, 3 * mbit
	}
	for seed := range uint64(5) {
		made := call{link: home(constant(3 * mbit)), rate: rises, keyFrame: 60_000}
		made.seed = seed
		for _, s := range between(made.run(t, 20*time.Second), 14*time.Second, time.Minute) {
			if s.estimate < 1.5*mbit {
				t.Errorf("seed %d: after %v an estimate of %.0f on a link of 3,000,000", seed, s.at, s.estimate)
				break
			}
		}
	}
}
