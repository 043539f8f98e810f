package sfu

import "testing"

func TestFamine(t *testing.T) {
	const least = 160_000
	var f famine
	for i, now := range []struct {
		budget, held uint64
		want         bool
	}{
		{200_000, 200_000, false},
		{90_000, 90_000, false},
		{79_000, 79_000, true},
		{160_000, 160_000, true},
		{500_000, 170_000, true}, // not for long enough
		{500_000, 180_000, false},
		{90_000, 90_000, false},
	} {
		if got := f.see(now.budget, now.held, least); got != now.want {
			t.Errorf("step %d: %v, want %v", i, got, now.want)
		}
	}
}
