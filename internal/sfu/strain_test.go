package sfu

import "testing"

// TestStrain: the worst listener counts, but not beyond what Opus makes use of, and is forgotten by and by.
func TestStrain(t *testing.T) {
	var s strain
	s.bear(20)
	s.bear(10)
	if got := s.ease(); got != 20 {
		t.Errorf("%d of 256, want 20", got)
	}
	s.bear(255)
	for i, want := range []uint8{64, 48, 36, 27} {
		if got := s.ease(); got != want {
			t.Errorf("report %d: %d of 256, want %d", i, got, want)
		}
	}
	for range 20 {
		s.ease()
	}
	if got := s.ease(); got != 0 {
		t.Errorf("a long time later %d of 256", got)
	}
}

func TestShareOf(t *testing.T) {
	for _, test := range []struct {
		part, packets uint64
		want          uint32
	}{{1, 0, 0}, {0, 50, 0}, {5, 50, 25}, {50, 50, 255}, {1 << 40, 50, 255}} {
		if got := shareOf(test.part, test.packets); got != test.want {
			t.Errorf("%d of %d packets are %d of 256, want %d", test.part, test.packets, got, test.want)
		}
	}
}
