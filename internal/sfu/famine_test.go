package sfu

import (
	"testing"

	"stube/internal/sfu/bwe"
)

func TestFamine(t *testing.T) {
	const least = 160_000
	var f famine
	for i, now := range []struct {
		carries, held uint64
		drowning      bool
		want          bool
	}{
		{200_000, 200_000, true, false},
		{139_000, 139_000, false, false},
		{141_000, 141_000, true, false},
		{139_000, 139_000, true, true},
		{159_000, 159_000, false, true},
		{500_000, 159_000, false, true}, // not for long enough
		{500_000, 160_000, false, false},
		{81_000, 81_000, false, false},
		{79_000, 79_000, false, true},
	} {
		if got := f.see(now.carries, now.held, least, now.drowning); got != now.want {
			t.Errorf("step %d: %v, want %v", i, got, now.want)
		}
	}
}

// TestFamineEndsWithItsWay: of another way, about which nothing was told yet, no famine is known.
func TestFamineEndsWithItsWay(t *testing.T) {
	way := &Transport{consumers: map[string]*Consumer{"": {wide: true, rtxSSRC: 1}}}
	way.congestion.sender, way.congestion.famine = bwe.NewSender(0), true
	if way.starves([]demand{video(0, none, 160_000)}, 70_000, 70_000, 0) || bool(way.congestion.famine) {
		t.Error("there is a famine")
	}
}
