// Package latency counts durations in a histogram of fixed size, so that recording one allocates nothing.
package latency

import (
	"math/bits"
	"time"
)

const (
	subBits  = 5 // each power of two is cut into 32 buckets: 3 % wide at most
	subCount = 1 << subBits
	buckets  = (35 - subBits) * subCount
)

// Histogram counts durations from 0 to 17 s, with an error below 3 %; longer ones count as the longest. The zero value
// is empty and ready. It is not safe for concurrent use.
type Histogram struct {
	counts [buckets]uint32
	total  uint64
}

// Record counts one duration. A negative one, of two clocks that differ, counts as 0.
func (h *Histogram) Record(d time.Duration) {
	h.counts[bucket(d)]++
	h.total++
}

// Add counts everything that other counted.
func (h *Histogram) Add(other *Histogram) {
	for i, n := range &other.counts {
		h.counts[i] += n
	}
	h.total += other.total
}

// Subtract takes away what earlier, a copy of the same histogram, had counted.
func (h *Histogram) Subtract(earlier *Histogram) {
	for i, n := range &earlier.counts {
		h.counts[i] -= n
	}
	h.total -= earlier.total
}

// Count is how many durations were recorded.
func (h *Histogram) Count() uint64 { return h.total }

// Quantile is the duration that a share q of all, between 0 and 1, doesn't exceed; 0 when there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.total == 0 {
		return 0
	}
	wanted := max(uint64(q*float64(h.total)), 1)
	seen := uint64(0)
	for i, n := range &h.counts {
		if seen += uint64(n); seen >= wanted {
			return upper(i)
		}
	}
	return upper(buckets - 1)
}

// bucket is the index under which a duration is counted: the first subCount ones are a nanosecond wide, and each
// following subCount twice as wide as those before.
func bucket(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < subCount {
		return int(v)
	}
	shift := bits.Len64(v) - subBits - 1
	return min((shift+1)*subCount+int(v>>shift)-subCount, buckets-1)
}

// upper is the longest duration that is counted under an index.
func upper(i int) time.Duration {
	if i < subCount {
		return time.Duration(i)
	}
	shift := i/subCount - 1
	return time.Duration((uint64(i%subCount)+subCount+1)<<shift - 1)
}
