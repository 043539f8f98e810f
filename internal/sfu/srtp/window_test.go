package srtp

import (
	"math/rand/v2"
	"testing"
)

func TestWindowGuess(t *testing.T) {
	at := func(index uint64) Window { return Window{highest: index, started: true} }
	for _, c := range []struct {
		name string
		w    Window
		seq  uint16
		want uint64
	}{
		{"first packet", Window{}, 65535, 65535},
		{"next", at(10), 11, 11},
		{"before the wrap", at(0x1_ffff), 0xfff0, 0x1_fff0},
		{"over the wrap", at(0x0_ffff), 0, 0x1_0000},
		{"back over the wrap", at(0x2_0001), 0xfffe, 0x1_fffe},
		{"nothing before the first roll-over", at(1), 0xfffe, 0xfffe},
		{"half a period ahead, low", at(0x3_0000), 0x8000, 0x3_8000},
		{"more than half a period ahead, low", at(0x3_0000), 0x8001, 0x2_8001},
		{"half a period behind, high", at(0x3_8000), 0, 0x3_0000},
		{"more than half a period behind, high", at(0x3_8001), 0, 0x4_0000},
		{"end of the key", at(0xffff_ffff_ffff), 0, 0},
	} {
		if got := c.w.guess(c.seq); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.name, got, c.want)
		}
	}
}

// TestWindowAgainstMap compares the bitmap with a plain set over random steps of all sizes.
func TestWindowAgainstMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var w Window
	seen := make(map[uint64]bool)
	highest := uint64(1000)
	for range 100000 {
		index := highest + random.Uint64N(300) - 200
		if random.IntN(50) == 0 {
			index += random.Uint64N(400)
		}
		want := len(seen) == 0 || index > highest || highest-index < windowSize && !seen[index]
		if got := w.fresh(index); got != want {
			t.Fatalf("fresh(%d) with highest %d: %v, want %v", index, highest, got, want)
		}
		if !want {
			continue
		}
		if len(seen) == 0 {
			highest = index
		}
		w.note(index)
		seen[index] = true
		highest = max(highest, index)
	}
}
