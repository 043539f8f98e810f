package relay

import "stube/internal/testpeer/latency"

// Counters tell what became of the packets that came in one direction.
type Counters struct {
	Packets   uint64 // that came
	Lost      uint64 // by Loss and Burst
	Dropped   uint64 // because the queue was full
	Delivered uint64
	Reordered uint64 // of those on their way or delivered
	Bytes     uint64 // delivered, with the headers of IP and UDP

	// Queued is how long packets waited before the link and were on it.
	Queued latency.Histogram
}

// Since is what was counted after an earlier copy of the same counters.
func (c Counters) Since(earlier Counters) Counters {
	c.Packets -= earlier.Packets
	c.Lost -= earlier.Lost
	c.Dropped -= earlier.Dropped
	c.Delivered -= earlier.Delivered
	c.Reordered -= earlier.Reordered
	c.Bytes -= earlier.Bytes
	c.Queued.Subtract(&earlier.Queued)
	return c
}
