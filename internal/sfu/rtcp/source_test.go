package rtcp_test

import (
	"slices"
	"testing"

	pion "github.com/pion/rtcp"
)

func TestBye(t *testing.T) {
	for _, sources := range [][]uint32{{}, {1}, {1, 2, 3}, make([]uint32, 31)} {
		if got := slices.Collect(first(t, foreign(&pion.Goodbye{Sources: sources})).SSRCs()); !slices.Equal(got, sources) {
			t.Errorf("%v became %v", sources, got)
		}
	}
	withReason := []byte{0x81, 203, 0, 2, 0, 0, 0, 9, 3, 'b', 'y', 'e'}
	if got := slices.Collect(first(t, withReason).SSRCs()); !slices.Equal(got, []uint32{9}) {
		t.Errorf("with a reason: %v", got)
	}
}
