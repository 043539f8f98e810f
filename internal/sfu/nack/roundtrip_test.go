package nack_test

import (
	"testing"

	"stube/internal/sfu/nack"
)

// sender answers requests after a round trip, but for the share of them that gets lost: each n-th.
type sender struct {
	rtt     int64
	loseNth int
	asked   int
	seq     int64
	now     int64
	answers map[int64][]int64 // sequence numbers by when they come
}

func newSender(rtt int64, loseNth int) *sender {
	return &sender{rtt: rtt, loseNth: loseNth, seq: 1000, answers: map[int64][]int64{}}
}

// run loses a packet each 40 ms for a while and looks each 10 ms, as a server does. It tells how many requests it took
// for each packet in the last second.
func (s *sender) run(g *nack.Generator, lasts int64) float64 {
	const interval = 40 * ms
	requests, lost, end := 0, 0, s.now+lasts
	for ; s.now < end; s.now += 10 * ms {
		now := s.now
		for _, answer := range s.answers[now] {
			g.Arrived(answer, now)
		}
		if now%interval == 0 {
			s.seq += 4
			arrive(g, now, s.seq-2, s.seq-1, s.seq) // the one before is lost
			if now > end-1000*ms {
				lost++
			}
		}
		for _, due := range g.Due(nil, now) {
			if now > end-1000*ms {
				requests++
			}
			if s.asked++; s.loseNth == 0 || s.asked%s.loseNth != 0 {
				s.answers[now+s.rtt] = append(s.answers[now+s.rtt], s.seq-int64(uint16(s.seq)-due))
			}
		}
	}
	return float64(requests) / float64(lost)
}

func TestRoundTripIsLearnedFromAnswers(t *testing.T) {
	for _, c := range []struct {
		rtt     int64
		loseNth int
		most    float64 // requests for each packet
	}{
		{rtt: 10 * ms, most: 1.1},
		{rtt: 90 * ms, most: 1.1},
		{rtt: 300 * ms, most: 1.1},
		{rtt: 600 * ms, most: 1.1},
		{rtt: 40 * ms, loseNth: 4, most: 1.5},
		{rtt: 300 * ms, loseNth: 4, most: 1.7},
	} {
		var g nack.Generator
		s := newSender(c.rtt, c.loseNth)
		if got := s.run(&g, 6000*ms); got > c.most {
			t.Errorf("round trip %d ms, each %dth request lost: asked %.2f times for each packet, want %.2f at the most",
				c.rtt/ms, c.loseNth, got, c.most)
		}
		if got := g.RoundTrip(); got < c.rtt*9/10 || got > c.rtt*13/10+ms {
			t.Errorf("round trip %d ms: measured %d ms", c.rtt/ms, got/ms)
		}
	}
}

func TestRoundTripFollowsChanges(t *testing.T) {
	var g nack.Generator
	s := newSender(0, 0)
	for _, rtt := range []int64{40, 400, 40} {
		s.rtt = rtt * ms
		s.run(&g, 6000*ms)
		if got := g.RoundTrip(); got < s.rtt*8/10 || got > s.rtt*15/10 {
			t.Errorf("a change to %d ms: measured %d ms", rtt, got/ms)
		}
	}
}

func TestWhatWasNotAskedForTellsNothing(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 101)
	if g.RoundTrip() != 0 {
		t.Errorf("measured %d", g.RoundTrip())
	}
}
