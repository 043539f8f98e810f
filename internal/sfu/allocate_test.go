package sfu

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// video is a demand with the costs of its steps, of which the one of the given number was carried before.
func video(priority Priority, before int, costs ...uint64) demand {
	d := demand{priority: priority, before: before}
	for i, cost := range costs {
		d.add(step{spatial: i, cost: cost})
	}
	return d
}

// frames is a video whose steps differ in frame rate only.
func frames(priority Priority, before int, costs ...uint64) demand {
	d := video(priority, before, costs...)
	for i := range d.count {
		d.steps[i].spatial = 0
	}
	return d
}

func givens(demands []demand) []int {
	got := make([]int, len(demands))
	for i := range demands {
		got[i] = demands[i].given
	}
	return got
}

func TestAllocate(t *testing.T) {
	const stage, speaker, tile = 0, 1, 2
	tests := []struct {
		name   string
		budget uint64
		held   uint64 // 0: as much
		in     []demand
		want   []int
	}{
		{"none", 100, 0, nil, []int{}},
		{"no limit", math.MaxUint64, 0, []demand{video(stage, none, 10, 40, 160), video(tile, none, 10, 40)}, []int{2, 1}},
		{"just enough", 200, 0, []demand{video(stage, 2, 10, 40, 160), video(stage, 1, 10, 40)}, []int{2, 1}},
		{"one less", 199, 0, []demand{video(stage, 2, 10, 40, 160), video(stage, 1, 10, 40)}, []int{2, 0}},
		{"half of the stage first", 60, 0, []demand{video(stage, none, 10, 40, 160), video(tile, none, 15)}, []int{1, 0}},
		{"then all others", 54, 0, []demand{video(stage, none, 10, 40, 160), video(tile, none, 15)}, []int{1, none}},
		{
			"the stage before the speaker before the tiles", 90, 0,
			[]demand{video(stage, none, 20, 40, 80), video(speaker, none, 20, 40, 80), video(tile, none, 20)},
			[]int{1, 1, none},
		},
		{"no budget: the most important goes on", 0, 0, []demand{video(tile, 1, 10, 40), video(tile, 0, 10)}, []int{0, none}},
		{"equals in turns", 80, 0, []demand{video(tile, 2, 10, 40, 160), video(tile, 2, 10, 40, 160)}, []int{1, 1}},
		{"a better step that costs less", 50, 0, []demand{video(tile, none, 50, 30)}, []int{0}},
		{"what rests costs nothing", 0, 0, []demand{video(tile, none, 0), video(tile, none, 0)}, []int{0, 0}},
		{"head-room for a key frame", 48, 0, []demand{video(stage, 0, 10, 40)}, []int{1}},
		{"too little of it", 47, 0, []demand{video(stage, 0, 10, 40)}, []int{0}},
		{
			"head-room for all that grow at once", 96, 0,
			[]demand{video(stage, 0, 10, 40), video(tile, 0, 10, 40)},
			[]int{1, 1},
		},
		{
			"too little of it for both", 95, 0,
			[]demand{video(stage, 0, 10, 40), video(tile, 0, 10, 40)},
			[]int{1, 0},
		},
		{"more frames need less", 45, 0, []demand{frames(stage, 0, 10, 40)}, []int{1}},
		{"but some", 44, 0, []demand{frames(stage, 0, 10, 40)}, []int{0}},
		{"kept without head-room", 41, 0, []demand{video(stage, 1, 10, 41)}, []int{1}},
		{"not held yet", 100, 30, []demand{video(stage, 0, 10, 40)}, []int{0}},
		{"kept though it was less meanwhile", 100, 30, []demand{video(stage, 1, 10, 40)}, []int{1}},
		{
			"a newcomer gets its share of equals", 59, 0,
			[]demand{video(tile, none, 10, 20), video(tile, 2, 10, 20, 40)},
			[]int{1, 1},
		},
		{
			"a raise that fails takes nothing from others", 50, 0,
			[]demand{video(stage, 0, 10, 41), video(tile, 1, 10, 35)},
			[]int{0, 1},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			held := test.held
			if held == 0 {
				held = test.budget
			}
			allocate(test.budget, held, test.in)
			if got := givens(test.in); !slices.Equal(got, test.want) {
				t.Errorf("steps %v, want %v", got, test.want)
			}
		})
	}
}

// randomDemands makes videos of random importance and cost, sorted as allocate needs them.
func randomDemands(random *rand.Rand) []demand {
	demands := make([]demand, random.IntN(12)+1)
	for i := range demands {
		d := demand{priority: Priority(random.IntN(3)), before: none}
		cost := uint64(0)
		for range random.IntN(maxSteps) + 1 {
			cost += random.Uint64N(300)
			d.add(step{cost: cost})
		}
		d.before = random.IntN(d.count+1) - 1
		demands[i] = d
	}
	slices.SortStableFunc(demands, func(a, b demand) int { return int(a.priority) - int(b.priority) })
	return demands
}

func cost(demands []demand) (sum uint64) {
	for i := range demands {
		if d := &demands[i]; d.given != none {
			sum += d.steps[d.given].cost
		}
	}
	return sum
}

// settle looks again and again at the same budget until nothing changes: more comes by and by, as room is kept for what
// begins. Who got more doesn't lose it for what others get.
func settle(t *testing.T, demands []demand, budget, held uint64) []demand {
	t.Helper()
	const looks = 50
	now, rose := slices.Clone(demands), make([]bool, len(demands))
	for range looks {
		changed := false
		for i := range now {
			d := &now[i]
			if rose[i] && d.given < d.before {
				t.Fatalf("what rose to %d is lowered to %d", d.before, d.given)
			}
			rose[i] = rose[i] || d.given > d.before
			changed = changed || d.given != d.before
			d.before = d.given
		}
		if !changed {
			return now
		}
		allocate(budget, held, now)
	}
	t.Fatalf("%v still changes after %d looks", givens(now), looks)
	return nil
}

// FuzzAllocate: what must hold for all rooms and budgets.
func FuzzAllocate(f *testing.F) {
	f.Add(uint64(1), uint64(1000), uint64(900))
	f.Add(uint64(2), uint64(0), uint64(0))
	f.Add(uint64(3), uint64(5000), uint64(5000))
	f.Fuzz(func(t *testing.T, seed, budget, held uint64) {
		budget, held = budget%20_000, held%20_000
		held = min(held, budget)
		demands := randomDemands(rand.New(rand.NewPCG(seed, 0)))
		again, richer := slices.Clone(demands), slices.Clone(demands)
		allocate(budget, held, demands)
		got := givens(demands)
		if total := cost(demands); total > budget && total > demands[0].steps[0].cost {
			t.Fatalf("%d given of %d", total, budget)
		}
		allocate(budget, held, again)
		if !slices.Equal(givens(again), got) {
			t.Fatalf("the same gave %v, then %v", got, givens(again))
		}
		allocate(budget+seed%500, held+seed%500, richer)
		if richer[0].given < demands[0].given {
			t.Fatalf("with %d more the first gets %d instead of %d", seed%500, richer[0].given, demands[0].given)
		}
		demands = settle(t, demands, budget, held)
		got = givens(demands)
		next := slices.Clone(demands)
		// The budget may fall to what is used and be back, and nothing changes.
		used := max(cost(demands), 1)
		allocate(used, min(held, used), next)
		allocate(budget, min(held, used), next)
		if total := cost(demands); total <= budget && !slices.Equal(givens(next), got) {
			t.Fatalf("%v became %v after a moment with no room to spare", got, givens(next))
		}
	})
}

func TestLately(t *testing.T) {
	const second = int64(time.Second)
	var l lately
	for _, step := range []struct {
		at    int64
		value uint64
		want  uint64
	}{
		{1 * second, 100, 100},                 // at once
		{1*second + second/5, 50, 50},          // down at once
		{1*second + second/2, 100, 50},         // up not yet
		{1*second + second, 100, 50},           // nor now
		{2*second + int64(holdTime), 100, 100}, // long enough
		{2*second + int64(holdTime), 90, 90},
		{20 * second, 300, 300}, // nobody looked for long
	} {
		if got := l.see(step.value, step.at); got != step.want {
			t.Errorf("at %v the least of %d is %d, want %d", time.Duration(step.at), step.value, got, step.want)
		}
	}
}

// TestPatience: who gets more and soon after less waits longer before the next time.
func TestPatience(t *testing.T) {
	const second = int64(time.Second)
	var l lately
	waits := func() (ms int64) {
		now := l.turned + 100*second
		l.see(60, now)
		for passed := int64(0); ; passed += int64(time.Millisecond) {
			if l.see(100, now+passed) == 100 {
				return passed / int64(time.Millisecond)
			}
		}
	}
	first := waits()
	l.learn(900, true, false, 1000*second)
	l.learn(500, false, true, 1002*second)
	if again := waits(); again != 2*first {
		t.Errorf("waits %d ms, and %d after a mistake", first, again)
	}
	for i := range int64(10) {
		l.learn(900, true, false, (1010+i)*second)
		l.learn(500, false, true, (1010+i)*second+1)
	}
	if longest := waits(); longest != 3*first {
		t.Errorf("waits %d ms at the most, %d at first", longest, first)
	}
	if l.see(1000, l.turned+second); l.hold != 0 {
		t.Error("what was learned of a narrow link holds for a wide one")
	}
	l.see(60, l.turned+100*second)
	l.learn(900, true, false, 1024*second)
	l.learn(500, false, true, 1025*second)
	l.learn(900, true, false, 1030*second)
	l.learn(500, false, true, 1036*second) // not because of that
	l.learn(500, false, false, 1060*second)
	if again := waits(); again != first {
		t.Errorf("waits %d ms after long, %d at first", again, first)
	}
}
