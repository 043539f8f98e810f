package latency

import (
	"testing"
	"time"
)

func TestBucketsJoinWithoutGaps(t *testing.T) {
	for i := range buckets - 1 {
		if got := bucket(upper(i)); got != i {
			t.Fatalf("bucket(%v) = %d, want %d", upper(i), got, i)
		}
		if got := bucket(upper(i) + 1); got != i+1 {
			t.Fatalf("bucket(%v) = %d, want %d", upper(i)+1, got, i+1)
		}
	}
	if top := upper(buckets - 1); top < 15*time.Second {
		t.Errorf("the longest duration is %v", top)
	}
}

func TestQuantile(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
	for i := range 1000 {
		h.Record(time.Duration(i+1) * time.Microsecond)
	}
	for _, c := range []struct {
		q    float64
		want time.Duration
	}{{0, time.Microsecond}, {0.5, 500 * time.Microsecond}, {0.99, 990 * time.Microsecond}, {1, time.Millisecond}} {
		got := h.Quantile(c.q)
		if got < c.want || got > c.want*103/100 {
			t.Errorf("Quantile(%v) = %v, want %v or up to 3 %% above", c.q, got, c.want)
		}
	}
	before := h
	h.Record(-1)
	h.Record(time.Hour)
	h.Subtract(&before)
	if h.Count() != 2 || h.Quantile(0.5) != 0 || h.Quantile(1) < 15*time.Second {
		t.Errorf("left after Subtract: %d, %v to %v", h.Count(), h.Quantile(0.5), h.Quantile(1))
	}
	h.Add(&before)
	if h.Count() != 1002 {
		t.Errorf("count after Add = %d, want 1002", h.Count())
	}
}
