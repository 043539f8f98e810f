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
func wantDue(t *testing.T, g *nack.Generator, now int64, want ...uint16) {
	t.Helper()
	if got := g.Due(nil, now); !slices.Equal(got, want) {
		t.Errorf("at %d ms: due %v, want %v", now/ms, got, want)
	}
}

func TestNothingIsMissing(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 101, 102, 103)
	wantDue(t, &g, 50*ms)
	for _, seq := range []int64{99, 100, 103, 104} {
		if g.Missing(seq) {
			t.Errorf("%d is missing", seq)
		}
	}
}

func TestAsksAfterReorderTolerance(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102)
	wantDue(t, &g, 0) // may be on its way
	if !g.Missing(101) {
		t.Error("101 isn't missing")
	}
	arrive(&g, ms, 103)
	wantDue(t, &g, ms, 101) // two behind
	wantDue(t, &g, ms)      // once
	arrive(&g, 2*ms, 105)
	wantDue(t, &g, 6*ms)
	wantDue(t, &g, 7*ms, 104) // 5 ms
}

func TestReorderedIsNotAskedFor(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 101, 103, 104)
	wantDue(t, &g, 50*ms)
	if g.Missing(101) {
		t.Error("101 still counts as missing")
	}
}

func TestAsksAgainEachRoundTrip(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 90, 93)
	wantDue(t, &g, 5*ms, 91, 92)
	arrive(&g, 35*ms, 91, 92) // answered after 30 ms, so that an answer is overdue after 30 and 45 for jitter
	arrive(&g, 100*ms, 94, 97)
	wantDue(t, &g, 100*ms, 95)
	wantDue(t, &g, 105*ms, 96)
	wantDue(t, &g, 174*ms)
	wantDue(t, &g, 175*ms, 95)
	arrive(&g, 176*ms, 95)
	wantDue(t, &g, 179*ms)
	wantDue(t, &g, 1000*ms, 96)
}

func TestAsksAgainAsIfFarWhenNothingIsKnown(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 103)
	wantDue(t, &g, 5*ms, 101, 102)
	wantDue(t, &g, 114*ms)
	wantDue(t, &g, 115*ms, 101, 102) // 100 ms, and 10 for jitter
}

func TestGivesUp(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 103)
	now := int64(0)
	for range 10 {
		wantDue(t, &g, now, 101)
		now += 110 * ms
	}
	if !g.Missing(101) {
		t.Error("the answer to the tenth isn't waited for")
	}
	wantDue(t, &g, now)
	if g.Missing(101) {
		t.Error("still waited for")
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
	if g.Missing(101) {
		t.Error("1001 behind is still missing")
	}
}

func TestLargeGaps(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 100, 102, 400) // 101, 103 to 399
	if got := g.Due(nil, 10*ms); len(got) != 256 || got[0] != 144 || got[255] != 399 {
		t.Errorf("%d due", len(got))
	}
	arrive(&g, 20*ms, 1<<40)
	if got := g.Due(nil, 30*ms); len(got) != 256 || g.Missing(399) {
		t.Errorf("after a leap %d due", len(got))
	}
}

func TestOverTheWrap(t *testing.T) {
	var g nack.Generator
	arrive(&g, 0, 131070, 131075)
	wantDue(t, &g, 10*ms, 65535, 0, 1, 2)
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
		dst = g.Due(dst[:0], now)
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
			due := g.Due(nil, now)
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
		_ = g.Due(nil, seq)
	}
}
