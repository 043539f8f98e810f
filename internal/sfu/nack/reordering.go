package nack

import "time"

const (
	// longestReorder is how long a gap may be taken for reordering at the most, however late packets come.
	longestReorder = int64(40 * time.Millisecond)
	// orderMemory is over how many gaps it is followed what fills them.
	orderMemory = 8
	// mostlyLate is from which share of late packets among what fills gaps on it is worth waiting for them.
	mostlyLate = 0.5
)

// reordering learns how late packets come that others overtook, and whether gaps are of them or of losses: who asks
// for what comes by itself has it sent twice, and who waits for what is lost has it later. The zero value knows
// nothing.
type reordering struct {
	share float64 // of late packets among what filled gaps, 0 to 1
	time  int64   // by which late ones come, ns
}

// late takes a packet that came by itself so long after its gap was noticed.
func (r *reordering) late(by int64) {
	r.share += (1 - r.share) / orderMemory
	r.time = max(r.time-r.time/(2*orderMemory), min(by+by/4, longestReorder))
}

// lost takes a packet that only a request brought back, or nothing.
func (r *reordering) lost() { r.share -= r.share / orderMemory }

// patience is how long to wait for a late packet; 0: no longer than where nothing is known.
func (r *reordering) patience() int64 {
	if r.share <= mostlyLate {
		return 0
	}
	return max(r.time, reorderTime)
}
