package sfu

// famine tells when a way carries so little that all video pauses, for sound to come through: less than half of the
// smallest step of the most important video, or somewhat less than all of it and a queue has grown of that. It ends
// when the way has carried that step for some time, without head-room, as an estimate stays below what was measured.
// Between the two it stays as it is. It is for clients that tell what arrives and take padding: probes of that find out
// when there is more.
type famine bool

// famineLack is the part of the step's cost that must be missing when there is a queue.
const famineLack = 8

// see takes what the way carries now and the least that it did lately, and the cost of the step, in bit/s, and whether
// there is a long queue.
func (f *famine) see(carries, held, least uint64, drowning bool) bool {
	switch {
	case bool(*f):
		*f = held < least
	case drowning:
		*f = carries < least-least/famineLack
	default:
		*f = carries < least/2
	}
	return bool(*f)
}

// starves tells whether all video pauses, on a way that carries so many bit/s, and at least so many lately. sendMu is
// held.
func (t *Transport) starves(demands []demand, carries, held uint64, now int64) bool {
	g := &t.congestion
	if g.sender == nil || !g.sender.Heard() || t.padder() == nil {
		g.famine = false
		return false
	}
	return len(demands) > 0 && g.famine.see(carries, held, demands[0].steps[0].cost, t.drowning(now))
}
