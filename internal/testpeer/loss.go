package testpeer

import "sync/atomic"

// Loss is a share of media packets that get lost in one direction. Which ones is a function of the seed and of how many
// went before, so that a test sees the same each time. STUN, DTLS and RTCP get through.
type Loss struct {
	Rate float64 // 0 loses none, 1 all
	Seed uint64
}

// lossy decides for packet after packet. It is safe for concurrent use.
type lossy struct {
	rule    atomic.Pointer[Loss]
	counter atomic.Uint64
	dropped atomic.Uint64
}

func (l *lossy) set(rule Loss) { l.rule.Store(&rule) }

// drop says whether the next packet gets lost.
func (l *lossy) drop() bool {
	rule := l.rule.Load()
	if rule == nil || rule.Rate <= 0 {
		return false
	}
	const whole = 1 << 53
	dice := mix(rule.Seed + l.counter.Add(1)*0x9e3779b97f4a7c15)
	if float64(dice%whole) >= rule.Rate*whole {
		return false
	}
	l.dropped.Add(1)
	return true
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
