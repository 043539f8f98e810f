package sfu

import (
	"math/rand/v2"
	"testing"
)

func TestSeen(t *testing.T) {
	type step struct {
		sequence int64
		pass     bool
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"in order", []step{{1, true}, {2, true}, {3, true}}},
		{"twice", []step{{1, true}, {1, false}, {2, true}, {1, false}, {2, false}}},
		{"reordered", []step{{10, true}, {12, true}, {11, true}, {11, false}, {9, true}, {9, false}}},
		{"number 0", []step{{0, true}, {0, false}, {1, true}, {0, false}}},
		{"before the first", []step{{5, true}, {-3, true}, {-3, false}}},
		{"just within the window", []step{{2000, true}, {2000 - seenWindow + 1, true}, {2000 - seenWindow + 1, false}}},
		{"just too old", []step{{2000, true}, {2000 - seenWindow, false}}},
		{"a slot used again", []step{{1, true}, {1 + seenWindow, true}, {1, false}, {2 + seenWindow, true}}},
		{"a leap empties what it skips", []step{
			{5, true}, {6, true}, {5 + seenWindow - 1, true}, {5 + seenWindow - 2, true}, {5 + seenWindow - 2, false},
		}},
		{"a leap over the whole window", []step{
			{5, true}, {5 + 3*seenWindow, true}, {5 + 3*seenWindow - 1, true}, {5, false}, {5 + 2*seenWindow + 1, true},
		}},
		{"over the wrap of 16 bits", []step{{65535, true}, {65536, true}, {65535, false}, {65534, true}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var w seen
			for i, s := range test.steps {
				if got := w.pass(s.sequence); got != s.pass {
					t.Errorf("step %d: %d passes: %v, want %v", i, s.sequence, got, s.pass)
				}
			}
		})
	}
}

// TestSeenNeverPassesTwice compares with a set over random walks.
func TestSeenNeverPassesTwice(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var w seen
		passed := map[int64]bool{}
		highest := int64(0)
		for range 3000 {
			sequence := highest + random.Int64N(60) - 30
			if random.IntN(200) == 0 {
				sequence = highest + random.Int64N(4*seenWindow) - 2*seenWindow
			}
			fresh := !passed[sequence]
			got := w.pass(sequence)
			if got && !fresh {
				t.Fatalf("%d passes twice", sequence)
			}
			if !got && fresh && sequence > highest-seenWindow {
				t.Fatalf("%d is refused at its first time, %d behind the newest", sequence, highest-sequence)
			}
			passed[sequence] = true
			highest = max(highest, sequence)
		}
	}
}
