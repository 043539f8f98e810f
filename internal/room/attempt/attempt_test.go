package attempt

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestFailuresCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Second, 3)
		for range 3 {
			if !l.Allowed("a") {
				t.Fatal("refused too early")
			}
			l.Failed("a")
		}
		if l.Allowed("a") || !l.Allowed("b") {
			t.Error("the wrong one is refused")
		}
		time.Sleep(time.Second)
		if !l.Allowed("a") {
			t.Error("time does not forgive")
		}
	})
}

// criterion 30: memory is bounded, and a flood of keys frees nobody.
func TestCriterion30Flood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Hour, 2)
		for i := range maxKeys {
			l.Failed(fmt.Sprint(i))
		}
		for i := range 5 {
			l.Failed(fmt.Sprint("more", i))
		}
		if len(l.counts) != maxKeys || l.Allowed("newcomer") {
			t.Errorf("%d keys, and a newcomer is allowed", len(l.counts))
		}
		time.Sleep(3 * time.Hour)
		l.Failed("newcomer")
		if len(l.counts) != 1 {
			t.Errorf("%d keys are kept", len(l.counts))
		}
	})
}
