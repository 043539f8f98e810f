package bwe

import (
	"testing"
	"time"
)

// TestFull: packets that waited measure what a link carries, at once and whatever it carried before.
func TestFull(t *testing.T) {
	const ms = int64(time.Millisecond)
	var f full
	came := 1000 * ms
	add := func(count int, later, apart int64) {
		for range count {
			came += apart
			f.add(later, came, 1250) // 10,000 bits
		}
	}
	f.begin()
	add(20, 5*ms, 10*ms)
	if got := f.bitrate(); got != 0 {
		t.Errorf("a link that is not full carries %.0f", got)
	}
	add(10, 25*ms, 4*ms)
	if got := f.bitrate(); got != 2_500_000 {
		t.Errorf("a full link carries %.0f, want 2,500,000", got)
	}
	for later := 40 * ms; later < 160*ms; later += 16 * ms { // it falls to half a megabit
		add(1, later, 20*ms)
	}
	if got := f.bitrate(); got != 500_000 {
		t.Errorf("a link that fell carries %.0f, want 500,000", got)
	}
	f.begin()
	add(1, 200*ms, 20*ms)
	if got := f.bitrate(); got != 500_000 {
		t.Errorf("one packet and those told of before measure %.0f, want 500,000", got)
	}
	f.begin()
	add(1, 200*ms, 300*ms)
	if got := f.bitrate(); got != 0 {
		t.Errorf("one packet measures %.0f", got)
	}
}

// TestFullKnowsPauses: a link that was free between two packets is not measured by them, however late they came. It is
// what it was when it was full, for a while.
func TestFullKnowsPauses(t *testing.T) {
	const ms = int64(time.Millisecond)
	var f full
	frame := func(sent int64) { // four packets at once, 25 ms each
		f.begin()
		for i := int64(1); i <= 4; i++ {
			f.add(i*25*ms, sent+i*25*ms, 1250)
		}
	}
	for i := range int64(5) { // one frame in 200 ms, half of what the link carries
		frame((1000 + 200*i) * ms)
		if got := f.lately((1100 + 200*i) * ms); got != 400_000 {
			t.Errorf("frame %d: the link carries %.0f, want 400,000", i, got)
		}
	}
	f.begin()
	f.begin()
	if got := f.lately(2500 * ms); got != 400_000 {
		t.Errorf("soon after the link carries %.0f, want 400,000", got)
	}
	if got := f.lately(3500 * ms); got != 0 {
		t.Errorf("long after the link carries %.0f", got)
	}
}
