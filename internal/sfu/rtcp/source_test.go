package rtcp_test

import (
	"slices"
	"strings"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

func TestSDES(t *testing.T) {
	for n := range 300 {
		cname := strings.Repeat("x", n)
		b := rtcp.AppendSDES(nil, 7, cname)
		var d pion.SourceDescription
		if err := d.Unmarshal(b); err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		if d.Chunks[0].Source != 7 || d.Chunks[0].Items[0].Text != cname[:min(n, 255)] {
			t.Fatalf("%d: got %+v", n, d)
		}
		if first(t, b).Kind() != rtcp.KindOther {
			t.Fatalf("%d: not ours", n)
		}
	}
}

func TestBye(t *testing.T) {
	many := make([]uint32, 40)
	for _, sources := range [][]uint32{{}, {1}, {1, 2, 3}, many} {
		want := sources[:min(len(sources), 31)]
		if got := slices.Collect(first(t, rtcp.AppendBye(nil, sources)).SSRCs()); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
	}
	withReason := []byte{0x81, 203, 0, 2, 0, 0, 0, 9, 3, 'b', 'y', 'e'}
	if got := slices.Collect(first(t, withReason).SSRCs()); !slices.Equal(got, []uint32{9}) {
		t.Errorf("with a reason: %v", got)
	}
}
