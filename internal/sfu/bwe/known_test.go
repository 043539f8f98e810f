package bwe_test

import (
	"testing"
	"time"
)

// TestKnown: what a link carries is known once anything showed it, not before.
func TestKnown(t *testing.T) {
	sends := func(sent, wanted float64) func(float64, time.Duration) (float64, float64) {
		return func(float64, time.Duration) (float64, float64) { return sent, wanted }
	}
	for name, c := range map[string]struct {
		link        link
		rate        func(float64, time.Duration) (float64, float64)
		least, most uint64 // bit/s; 0: it is a guess
	}{
		"nothing shows it":          {home(constant(20 * mbit)), sends(0.4*mbit, 0.4*mbit), 0, 0},
		"a cluster":                 {home(constant(20 * mbit)), sends(0.4*mbit, 3*mbit), 3_000_000, 3_700_000},
		"a cluster fills it":        {home(constant(3 * mbit)), sends(0.4*mbit, 3*mbit), 2_500_000, 3_000_000},
		"as much as was guessed":    {home(constant(2 * mbit)), sends(0.4*mbit, 3*mbit), 1_600_000, 2_000_000},
		"less than was guessed":     {home(constant(mbit)), sends(0.4*mbit, 3*mbit), 800_000, 1_000_000},
		"it carries all that grows": {home(constant(20 * mbit)), sends(1.6*mbit, 1.6*mbit), 2_000_000, 2_500_000},
		"a queue in front of it":    {home(constant(0.4 * mbit)), elastic, 300_000, 500_000},
		"loss, where no queue grows": {
			home(constant(mbit)).with(func(l *link) { l.buffer = 0 }), elastic, 100_000, 1_000_000,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				made := call{link: c.link, rate: c.rate}
				made.seed = seed
				made.run(t, 8*time.Second)
				got, ok := made.sender.Known(made.now)
				if ok != (c.most > 0) || ok && (got < c.least || got > c.most) {
					t.Errorf("seed %d: known (%v) are %d bit/s, want %d to %d", seed, ok, got, c.least, c.most)
				}
				made.sender.Restart(made.now)
				if got, ok := made.sender.Known(made.now); ok {
					t.Errorf("seed %d: of another way %d bit/s are known at once", seed, got)
				}
			}
		})
	}
}
