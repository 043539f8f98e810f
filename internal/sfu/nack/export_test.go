package nack

// Missing says whether the packet is waited for. It isn't when the packet is there, was given up, or is newer than all
// that came.
func (g *Generator) Missing(seq int64) bool {
	_, found := g.find(seq)
	return found
}

// RoundTrip is how long the sender takes to answer, in nanoseconds; 0 before it has.
func (g *Generator) RoundTrip() int64 { return g.trip.smoothed }
