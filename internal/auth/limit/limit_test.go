package limit

import (
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func tries(l *Limit, who string) int {
	n := 0
	for l.Allow(who) {
		n++
	}
	return n
}

func TestCriterion30TriesRunOutAndComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Minute, 5)
		if n := tries(l, "a"); n != 5 {
			t.Errorf("%d tries at once, want 5", n)
		}
		if !l.Allow("b") {
			t.Error("one's tries are counted for the other")
		}
		time.Sleep(2 * time.Minute)
		if n := tries(l, "a"); n != 2 {
			t.Errorf("%d tries after two minutes, want 2", n)
		}
		l.Forgive("a")
		if n := tries(l, "a"); n != 5 {
			t.Errorf("%d tries after being forgiven, want 5", n)
		}
	})
}

func TestEverybodyIsForgottenEachDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Hour, 1)
		l.Allow("a")
		before := l.digest("a")
		time.Sleep(keyLife)
		l.Allow("b")
		if len(l.counts) != 1 || l.digest("a") == before {
			t.Errorf("%d counts are left, or the key is", len(l.counts))
		}
	})
}

func TestCriterion30MemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Second, 2)
		for i := range 2 * maxCounts {
			l.Allow(strconv.Itoa(i))
		}
		if len(l.counts) > maxCounts {
			t.Errorf("%d counts", len(l.counts))
		}
		if l.Allow("late") {
			t.Error("the crowd has no limit")
		}
		time.Sleep(2 * time.Second)
		if n := tries(l, "later"); n != 2 || len(l.counts) > 1 {
			t.Errorf("%d tries, %d counts after a pause", n, len(l.counts))
		}
	})
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::/64",
		"2001:db8::2:1": "2001:db8::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := Network(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s is %s, want %s", addr, got, want)
		}
	}
}
