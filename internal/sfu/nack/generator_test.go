package nack_test

import (
	"slices"
	"testing"
	"time"

	"stube/internal/sfu/nack"
)

const ms = int64(time.Millisecond)

// arrive lets the packets come at the time at.
func arrive(g *nack.Generator, at int64, seqs ...int64) {
	for _, seq := range seqs {
		g.Arrived(seq, at)
	}
}

// wantDue checks what is to be asked for.
func wantDue(t *testing.T, g *nack.Generator, now, rtt int64, want ...uint16) {
	t.Helper()
	if got := g.Due(nil, now, rtt); !slices.Equal(got, want) {
		t.Errorf("at %d ms: due %v, want %v", now/ms, got, want)
	}
}

func TestNothingIsMissing(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 101, 102, 103)
	wantDue(t, &g, 50*ms, 0)
	for _, seq := range []int64{99, 100, 103, 104} {
		if g.Missing(seq) {
			t.Errorf("%d is missing", seq)
		}
	}
}

func TestAsksAfterReorderTolerance(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102)
	wantDue(t, &g, 0, 20*ms) // may be on its way
	if !g.Missing(101) {
		t.Error("101 isn't missing")
	}
	arrive(&g, ms, 103)
	wantDue(t, &g, ms, 20*ms, 101) // two behind
	wantDue(t, &g, ms, 20*ms)      // once
	arrive(&g, 2*ms, 105)
	wantDue(t, &g, 6*ms, 20*ms)
	wantDue(t, &g, 7*ms, 20*ms, 104) // 5 ms
}

func TestReorderedIsNotAskedFor(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 101, 103, 104)
	wantDue(t, &g, 50*ms, 0)
	if g.Missing(101) || g.Abandoned() != 0 {
		t.Error("101 still counts as missing")
	}
}

func TestAsksAgainEachRoundTrip(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 103)
	wantDue(t, &g, 0, 30*ms, 101)
	wantDue(t, &g, 5*ms, 30*ms, 102)
	wantDue(t, &g, 39*ms, 30*ms)
	wantDue(t, &g, 40*ms, 30*ms, 101)
	arrive(&g, 41*ms, 101)
	wantDue(t, &g, 45*ms, 30*ms, 102)
}

func TestAsksAgainAsIfFarWhenNothingIsKnown(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 103)
	wantDue(t, &g, 5*ms, 0, 101, 102)
	wantDue(t, &g, 114*ms, 0)
	wantDue(t, &g, 115*ms, 0, 101, 102) // 100 ms, and 10 for jitter
}

func TestGivesUp(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 103)
	now := int64(0)
	for range 10 {
		wantDue(t, &g, now, 40*ms, 101)
		now += 50 * ms
	}
	if !g.Missing(101) {
		t.Error("the answer to the tenth isn't waited for")
	}
	wantDue(t, &g, now, 40*ms)
	if g.Missing(101) || g.Abandoned() != 1 {
		t.Errorf("still waited for, %d given up", g.Abandoned())
	}
}

func TestForgetsWhatIsFarBehind(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102)
	for seq := int64(103); seq <= 1101; seq++ {
		g.Arrived(seq, 0)
	}
	if !g.Missing(101) {
		t.Error("1000 behind isn't missing any more")
	}
	arrive(&g, 0, 1102)
	if g.Missing(101) || g.Abandoned() != 1 {
		t.Errorf("1001 behind is still missing, %d given up", g.Abandoned())
	}
}

func TestLargeGaps(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 400) // 101, 103 to 399
	if got := g.Due(nil, 10*ms, 0); len(got) != 256 || got[0] != 144 || got[255] != 399 {
		t.Errorf("%d due", len(got))
	}
	if g.Abandoned() != 42 {
		t.Errorf("%d given up", g.Abandoned())
	}
	arrive(&g, 20*ms, 1<<40)
	if got := g.Due(nil, 30*ms, 0); len(got) != 256 || g.Missing(399) {
		t.Errorf("after a leap %d due", len(got))
	}
}

func TestOverTheWrap(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 131070, 131075)
	wantDue(t, &g, 10*ms, 0, 65535, 0, 1, 2)
}

func TestNothingAllocates(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 1, 3) // the list is made here
	seq, now, dst := int64(3), int64(0), make([]uint16, 0, 256)
	step := func() {
		now += 5 * ms
		seq += 3
		g.Arrived(seq, now)
		g.Arrived(seq-1, now)
		dst = g.Due(dst[:0], now, 20*ms)
		_ = g.Missing(seq - 2)
	}
	if n := testing.AllocsPerRun(2000, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzGenerator drives random arrivals against what must always hold.
func FuzzGenerator(f *testing.F) {
	f.Add([]byte{1, 1, 3, 1, 0x82, 9, 1})
	f.Add([]byte{255, 255, 255, 0x80, 1, 60, 0, 0, 0})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var g nack.Generator
		there := map[int64]bool{}
		highest, now := int64(1<<16), int64(0)
		for _, s := range steps {
			seq := highest + int64(s&0x7f)
			if s&0x80 != 0 {
				seq = highest - int64(s&0x7f)
			}
			now += int64(s) * ms / 8
			g.Arrived(seq, now)
			there[seq] = true
			highest = max(highest, seq)
			due := g.Due(nil, now, 10*ms)
			if len(due) > 256 || !slices.IsSortedFunc(due, func(a, b uint16) int { return int(int16(a - b)) }) {
				t.Fatalf("due %v", due)
			}
			for _, d := range due {
				asked := highest - int64(uint16(highest)-d)
				if there[asked] || !g.Missing(asked) {
					t.Fatalf("asked for %d", asked)
				}
			}
			if g.Missing(seq) {
				t.Fatalf("%d came", seq)
			}
		}
	})
}

func BenchmarkArrived(b *testing.B) {
	b.ReportAllocs()
	var g nack.Generator
	seq := int64(0)
	for b.Loop() {
		seq++
		g.Arrived(seq, seq)
		_ = g.Due(nil, seq, 0)
	}
}
