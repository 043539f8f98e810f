package nack_test

import (
	"testing"

	"stube/internal/sfu/nack"
)

// pass lets packets come each 5 ms, looks each 20 ms as a server does, and has each n-th packet come late by itself, or
// only when it is asked for, in a stream of retransmissions or as it would have come. It tells how often was asked for
// one that came by itself.
func pass(g *nack.Generator, packets int, late int64, lateNth, lostNth int, plain bool) (vain int) {
	const apart, roundTrip = 5 * ms, 60 * ms
	lates, answers := map[int64]int64{}, map[int64]int64{} // sequence numbers by when they come
	for i := range int64(packets) {
		now, seq := i*apart, 1000+i
		for at := now - apart + ms; at <= now; at += ms {
			if late, ok := lates[at]; ok {
				g.Arrived(late, at)
			}
			if answer, ok := answers[at]; ok && plain {
				g.Arrived(answer, at)
			} else if ok {
				g.Recovered(answer, at)
			}
		}
		switch {
		case lateNth > 0 && i%int64(lateNth) == 7:
			lates[now+late] = seq
		case lostNth > 0 && i%int64(lostNth) == 3:
		default:
			g.Arrived(seq, now)
		}
		if now%(20*ms) != 0 {
			continue
		}
		for _, due := range g.Due(nil, now) {
			asked := seq - int64(uint16(seq)-due)
			if lateNth > 0 && (asked-1000)%int64(lateNth) == 7 {
				vain++
			}
			comes := now + roundTrip
			for answers[comes] != 0 {
				comes += ms
			}
			answers[comes] = asked
		}
	}
	return vain
}

// TestWhatComesLateIsLearned: after some packets that come late by themselves none is asked for too soon.
func TestWhatComesLateIsLearned(t *testing.T) {
	for _, c := range []struct {
		name             string
		late             int64
		lateNth, lostNth int
		plain            bool
		most             int
	}{
		{"late only", 15 * ms, 50, 0, false, 20},
		{"some losses too", 15 * ms, 50, 200, false, 30},
		{"nothing late", 0, 0, 50, false, 0},
		{"late only, no such stream", 15 * ms, 50, 0, true, 20},
		{"some losses too, no such stream", 15 * ms, 50, 200, true, 30},
	} {
		var g nack.Generator
		if vain := pass(&g, 4000, c.late, c.lateNth, c.lostNth, c.plain); vain > c.most {
			t.Errorf("%s: asked %d times in vain, want %d at the most", c.name, vain, c.most)
		}
	}
}

// TestWhatIsLostIsNotWaitedFor: where gaps are losses they are asked for as soon as before.
func TestWhatIsLostIsNotWaitedFor(t *testing.T) {
	for _, plain := range []bool{false, true} {
		var g nack.Generator
		pass(&g, 4000, 15*ms, 100, 20, plain)
		arrive(&g, 29_999*ms, 4_983) // the newest that was lost
		arrive(&g, 30_000*ms, 5_000)
		arrive(&g, 30_001*ms, 5_002, 5_003)
		wantDue(t, &g, 30_001*ms, 5_001)
	}
}

// TestPatienceHasAnEnd: however late packets come, one that doesn't is asked for.
func TestPatienceHasAnEnd(t *testing.T) {
	var g nack.Generator
	pass(&g, 4000, 35*ms, 40, 0, false)
	arrive(&g, 30_000*ms, 5_000)
	arrive(&g, 30_001*ms, 5_002, 5_003, 5_004)
	wantDue(t, &g, 30_010*ms)
	wantDue(t, &g, 30_041*ms, 5_001)
}
