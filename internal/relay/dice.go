package relay

import (
	"math/rand/v2"
	"time"

	"stube/internal/relay/schedule"
)

// dice decide the fates of a flow's packets in one direction. Each packet takes the same number of throws, whatever the
// profile is, so that its fate is a function of the seed, of its place among the flow's packets, and of the profile.
// It is not safe for concurrent use.
type dice struct {
	rng   *rand.Rand
	burst bool // the last packet was in a burst of losses
}

// fate is what becomes of a packet.
type fate struct {
	lost   bool
	jitter time.Duration
	behind time.Duration // how much later than in order it comes; 0: in order
}

func newDice(seed, flow uint64, d Direction) *dice {
	return &dice{rng: rand.New(rand.NewPCG(seed, flow<<1|uint64(d)))}
}

// throw decides about the next packet. Bursts are those of Gilbert's model: a chain of two states, of which the one
// loses everything (E. N. Gilbert, "Capacity of a Burst-Noise Channel", 1960).
func (d *dice) throw(p schedule.Profile) (f fate) {
	change, loss, jitter, reorder := d.rng.Float64(), d.rng.Float64(), d.rng.Float64(), d.rng.Float64()
	switch {
	case p.Burst == 0:
		d.burst = false
	case d.burst:
		d.burst = change >= 1/p.BurstLength
	default:
		d.burst = change < p.Burst/(1-p.Burst)/p.BurstLength
	}
	f.lost = d.burst || loss < p.Loss
	f.jitter = time.Duration(jitter * float64(p.Jitter))
	if reorder < p.Reorder {
		f.behind = p.ReorderBy
	}
	return f
}
