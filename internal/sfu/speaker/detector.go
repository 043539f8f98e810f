// Package speaker tells from audio levels who is speaking, and who of them is the dominant speaker.
//
// The method is that of I. Volfin and I. Cohen, "Dominant Speaker Identification for Multipoint Videoconferencing"
// (2012): the speech activity of each participant is scored over an immediate, a medium and a long time, and somebody
// takes over who scores clearly higher than the dominant speaker in all three. In place of the paper's spectrum there
// is only the level of each packet (RFC 6464), so that loudness above the noise is cut into bands instead.
//
// Each participant's voice has a lock of its own, so that packets of different people never wait for each other. The
// package counts on the caller's clock, owns no goroutine, and must not know packets, transports or rooms.
package speaker

import (
	"slices"
	"sync"
)

// Detector follows the participants of one room. All methods are safe for concurrent use; times are nanoseconds of
// one clock that isn't negative.
type Detector struct {
	scores scores

	mu        sync.Mutex
	voices    []*Voice // in the order in which they came
	dominant  *Voice
	announced string // what Update said last
}

// New returns a detector that knows nobody.
func New() *Detector { return &Detector{scores: newScores()} }

// Join adds a participant.
func (d *Detector) Join(id string) *Voice {
	v := newVoice(id)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.voices = append(d.voices, v)
	return v
}

// Leave forgets a participant and may be called more than once. If it was the dominant speaker, the next Update names
// another or none.
func (d *Detector) Leave(v *Voice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.voices = slices.DeleteFunc(d.voices, func(other *Voice) bool { return other == v })
	if d.dominant == v {
		d.dominant = nil
	}
}

// Update decides who is the dominant speaker, "" before anybody spoke, and says whether that is another than last
// time. Who is dominant stays so through silence. The paper decides each 300 ms.
func (d *Detector) Update(now int64) (dominant string, changed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, v := range d.voices {
		v.fade(now)
	}
	if next := d.challenger(); next != nil {
		d.dominant = next
	}
	if d.dominant != nil {
		dominant = d.dominant.id
	}
	changed = dominant != d.announced
	d.announced = dominant
	return dominant, changed
}

// Speaking appends who speaks at the time now, or did within the last half second, in the order in which they came.
func (d *Detector) Speaking(dst []string, now int64) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, v := range d.voices {
		if v.Speaking(now) {
			dst = append(dst, v.id)
		}
	}
	return dst
}

// Exceeds tells whether v is ahead of another far enough to take the place of a speaker from it.
func (d *Detector) Exceeds(v, other *Voice) bool {
	score, _ := v.score(&d.scores)
	current, _ := other.score(&d.scores)
	return score.exceeds(current)
}

// challenger is who takes over from the dominant speaker, or nil. The paper demands more activity in all three times,
// and of several who have it, takes the most active in the medium time.
func (d *Detector) challenger() *Voice {
	var best *Voice
	var bestLead float64
	current := d.scores.least()
	if d.dominant != nil {
		current, _ = d.dominant.score(&d.scores)
	}
	for _, v := range d.voices {
		if v == d.dominant {
			continue
		}
		score, active := v.score(&d.scores)
		if !active || d.dominant != nil && !score.exceeds(current) {
			continue
		}
		lead := score.medium - current.medium
		if best == nil || lead > bestLead {
			best, bestLead = v, lead
		}
	}
	return best
}
