package quality

import (
	"testing"
	"time"
)

// looks are n of a link that carried so many bit/s, with so long a wait.
func looks(n, rate int, wait time.Duration, dropped uint64) []look {
	all := make([]look, n)
	for i := range all {
		all[i].lasted = lookInterval
		all[i].Bytes = uint64(rate) / 8 / uint64(time.Second/lookInterval)
		all[i].Dropped = dropped
		all[i].Queued.Record(wait)
	}
	return all
}

func TestJudgeFindsWhenAReceiverAdapts(t *testing.T) {
	const ms = time.Millisecond
	join := func(parts ...[]look) (all []look) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	before := looks(50, 2_700_000, 10*ms, 0)
	within := join(looks(12, 500_000, 300*ms, 3), looks(3, 500_000, 150*ms, 0), looks(35, 450_000, 40*ms, 0))
	after := join(looks(40, 600_000, 5*ms, 0), looks(30, 2_600_000, 20*ms, 0))
	f := Falling{Wide: 3_000_000, Narrow: 500_000}
	f.judge(join(before, within, after), len(before), len(before)+len(within))
	if f.Down != 1500*ms {
		t.Errorf("adapts after %v, want 1.5s", f.Down)
	}
	if f.Back < 3500*ms || f.Back > 4500*ms {
		t.Errorf("is back after %v, want about 4s", f.Back)
	}
	near := func(what string, got, want float64) {
		if got < want-0.02 || got > want+0.02 {
			t.Errorf("used %.2f %s, want %.2f", got, what, want)
		}
	}
	near("before", f.Before, 0.9)
	near("within", f.Within, 0.9)
	near("after", f.After, (5*0.6+30*2.6)/35/3)
	if f.Queue99 > 42*ms {
		t.Errorf("99 of 100 waited up to %v: the fall itself doesn't count", f.Queue99)
	}
	if f.Dropped != 36 {
		t.Errorf("dropped %d, want 36", f.Dropped)
	}
}

func TestJudgeTellsWhatNeverCame(t *testing.T) {
	before, within := looks(50, 3_000_000, 0, 0), looks(50, 500_000, time.Second, 1)
	f := Falling{Wide: 3_000_000, Narrow: 500_000}
	f.judge(append(append(before, within...), looks(50, 400_000, 0, 0)...), 50, 100)
	if f.Down != 0 || f.Back != 0 {
		t.Errorf("adapts after %v, is back after %v; want never", f.Down, f.Back)
	}
}
