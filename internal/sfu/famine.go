package sfu

// famine tells when a way carries so little that all video pauses, for sound to come through: less than half of the
// smallest step of the most important video. It ends when the way has carried that step for some time, with head-room.
// Between the two it stays as it is. It is for clients that tell what arrives: probes of padding find out when there
// is more.
type famine bool

// see takes the budget of now and the least that it was lately, and the cost of the step, in bit/s.
func (f *famine) see(budget, held, least uint64) bool {
	if *f {
		*f = held < least+least/headRoom
	} else {
		*f = budget < least/2
	}
	return bool(*f)
}
