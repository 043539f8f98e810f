package sfu

import (
	"math"
	"testing"
	"time"
)

func TestBucket(t *testing.T) {
	const second = int64(time.Second)
	spend := func(b *bucket, estimate uint64, now int64) (bytes int) {
		for b.open(estimate, now) {
			b.take(1000)
			bytes += 1000
		}
		return bytes
	}
	var b bucket
	if got := spend(&b, 1_600_000, second); got != 20_000 { // a fifth of a second of half of 1.6 Mbit/s
		t.Errorf("%d bytes at once", got)
	}
	if got := spend(&b, 1_600_000, second+second/10); got != 10_000 {
		t.Errorf("%d bytes a tenth of a second later", got)
	}
	if got := spend(&b, 1_600_000, 100*second); got != 20_000 {
		t.Errorf("%d bytes after a long time", got)
	}
	sound := 0
	for ; !b.overdrawn(); sound += 100 {
		b.take(100)
	}
	if sound != overdraft+100 || b.open(1_600_000, 100*second+second/10) || b.overdrawn() {
		t.Errorf("%d bytes of sound after the last picture, and then %d left", sound, b.tokens)
	}
	for _, estimate := range []uint64{math.MaxUint64, 1 << 63, 1 << 40} { // none is known, or more than is believed
		var b bucket
		if got := spend(&b, estimate, second); got != 625_000 {
			t.Errorf("%d bytes at once with an estimate of %d", got, estimate)
		}
		if got := spend(&b, estimate, second+second/10); got != 313_000 {
			t.Errorf("%d bytes a tenth of a second later with an estimate of %d", got, estimate)
		}
	}
}
