package testpeer

import (
	"testing"
	"time"
)

func TestFreezes(t *testing.T) {
	const interval = 33 * time.Millisecond
	var f freeze
	now := time.Second
	show := func(after time.Duration) time.Duration {
		now += after
		return f.frame(int64(now))
	}
	for range 60 {
		if still := show(interval); still != 0 {
			t.Fatalf("still for %v although frames come evenly", still)
		}
	}
	for after, want := range map[time.Duration]time.Duration{
		170 * time.Millisecond: 0, 195 * time.Millisecond: 195 * time.Millisecond, time.Second: time.Second,
	} {
		if still := show(after); still != want {
			t.Errorf("a frame after %v: still for %v, want %v", after, still, want)
		}
		for range 300 {
			show(interval)
		}
	}
}
