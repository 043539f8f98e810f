package sfu

import (
	"slices"
	"time"
)

// maxSteps is how many steps a video has at the most: each spatial layer in two frame rates, the lowest in all.
const maxSteps = 2*maxLayers + layerCount

// step is a quality in which a video can be sent.
type step struct {
	spatial  int
	temporal uint8  // the highest temporal layer; allLayers: all there are
	cost     uint64 // bit/s of it, with all that it needs
}

// demand is one video in the sharing of a client's bandwidth.
type demand struct {
	priority Priority
	steps    [maxSteps]step // from the cheapest to the one that the view would take; at least one
	count    int            // of steps
	before   int            // the step that it was given before, or the best below that; none: nothing

	given   int // the step chosen; none: nothing
	blocked bool
}

// best is the step for unlimited bandwidth.
func (d *demand) best() int { return d.count - 1 }

// add adds the next better step, in place of those that cost as much and are not as good.
func (d *demand) add(s step) {
	for d.count > 0 && d.steps[d.count-1].cost >= s.cost {
		d.count--
	}
	d.steps[d.count] = s
	d.count++
}

// half is the best step that costs no more than half of the best one; the first if there is none.
func (d *demand) half() int {
	for i := d.best(); i > 0; i-- {
		if d.steps[i].cost <= d.steps[d.best()].cost/2 {
			return i
		}
	}
	return 0
}

const (
	// headRoom is the part of a step's cost that must be free besides before a video is raised to it: a rate that wavers
	// by less must not change what is sent.
	headRoom = 8
	// keyFrameRoom is the same for a larger picture, which begins with the many bits of a key frame.
	keyFrameRoom = 5
	// holdTime is how long a budget must have carried more before a video gets it, and longestHold the most that it
	// comes to be when that goes wrong again and again.
	holdTime    = 800 * time.Millisecond
	longestHold = 3 * holdTime
	// regretTime is how soon after more was given less must be given for that to have been wrong.
	regretTime = 4 * time.Second
	// forgiveTime is after how long without such a mistake it is forgotten, unless far more is there before that.
	forgiveTime = 30 * time.Second
)

// share is the sharing of a bandwidth, in bit/s.
type share struct {
	budget  uint64 // what there is now
	held    uint64 // what there has been for some time
	used    uint64
	room    uint64 // that must be free for those who get more than they had before
	full    bool   // somebody waits for that room only, and gets it before those behind get more
	demands []demand
}

// allocate shares a budget among videos that are sorted by importance, and writes what each is given. It depends on
// nothing but its arguments; held is the least that the budget was lately.
//
// Videos are raised step by step, in an order that doesn't depend on the budget. First those of the stage, then the
// speaker, go up to half of what they would take; then all others get their smallest step; then all go on, by
// importance, and those of equal importance in turns. Who cannot pay for a step stays where it is. From then on others
// may still go on, but not the most important one: what it gets must not depend on who else could not pay, or it would
// get less from a larger budget. It always gets its smallest step: without any video nothing would ever show that the
// network carries more again.
//
// What a video was given before it keeps as long as the budget carries it. To get more, the budget must have carried
// that for some time, with head-room. So nothing changes to and fro, and the way down is short.
func allocate(budget, held uint64, demands []demand) {
	s := share{budget: budget, held: min(budget, held), demands: demands}
	for i := range demands {
		demands[i].given, demands[i].blocked = none, false
	}
	for i := range demands {
		if demands[i].priority >= firstTile {
			break
		}
		for s.demands[i].given < demands[i].half() && s.raise(i) {
		}
	}
	for i := range demands {
		if demands[i].given == none {
			s.raise(i)
		}
	}
	for first := 0; first < len(demands); {
		last := first
		for last < len(demands) && demands[last].priority == demands[first].priority {
			last++
		}
		s.raiseInTurns(first, last)
		first = last
	}
}

// firstTile is the highest importance of those who get nothing before all others got their smallest step.
const firstTile Priority = 2

// raiseInTurns raises those from first up to last as far as they go.
func (s *share) raiseInTurns(first, last int) {
	for raised := true; raised; {
		raised = false
		for i := first; i < last; i++ {
			if s.demands[i].given != none && s.raise(i) {
				raised = true
			}
		}
	}
}

// raise lifts a video by one step, if that can be paid.
func (s *share) raise(i int) bool {
	d := &s.demands[i]
	next := d.given + 1
	if d.blocked || next >= d.count {
		return false
	}
	whole := d.steps[next].cost
	cost, room := whole, whole/headRoom
	if d.given != none {
		cost -= d.steps[d.given].cost
		if d.steps[next].spatial > d.steps[d.given].spatial {
			room = whole / keyFrameRoom
		}
	}
	affordable := s.used+cost <= s.budget
	if next > d.before {
		fits := s.used+cost+room <= s.held
		affordable = fits && !s.full && s.used+cost+s.room+room <= s.held
		s.full = s.full || fits && !affordable
	}
	if !affordable && (i != 0 || next != 0) {
		d.blocked, s.demands[0].blocked = true, true
		return false
	}
	if next > d.before && d.before != none {
		s.room += room
	}
	s.used += cost
	d.given = next
	return true
}

// lately follows the least of what a value was in the time just passed: at least the time to hold, at most a quarter
// more.
type lately struct {
	least  [holdParts + 1]uint64 // of parts of the time to hold, the newest last
	turned int64                 // when the newest part began

	hold     int64  // 0: holdTime
	raisedAt int64  // when more was given; 0: never
	raisedBy uint64 // and by which value
	regretAt int64  // when that proved wrong; 0: never
	// The least that the value was since then.
	regretted uint64
}

// holdParts is in how many parts the time to hold is told apart.
const holdParts = 4

// learn takes whether more, or less, was given now than before, by a value: who gets more and soon less because the
// value fell waits longer the next time. But a value that fell by more than half is another link's.
func (l *lately) learn(value uint64, raised, lowered bool, now int64) {
	soon := l.raisedAt != 0 && now-l.raisedAt < int64(regretTime)
	switch {
	case lowered && soon && value < l.raisedBy/2:
		l.raisedAt = 0
	case lowered && soon && value < l.raisedBy:
		l.hold = min(2*max(l.hold, int64(holdTime)), int64(longestHold))
		l.raisedAt, l.regretAt, l.regretted = 0, now, value
	case l.regretAt != 0 && now-l.regretAt > int64(forgiveTime):
		l.hold, l.regretAt = 0, 0
	}
	if raised {
		l.raisedAt, l.raisedBy = now, value
	}
}

// see takes the value of now and gives the least. Twice as much as when more was given by mistake is another link,
// about which nothing was learned.
func (l *lately) see(value uint64, now int64) uint64 {
	l.regretted = min(l.regretted, value)
	if l.regretAt != 0 && value/2 > l.regretted {
		l.hold, l.regretAt = 0, 0
	}
	part := max(l.hold, int64(holdTime)) / holdParts
	if l.turned == 0 || now-l.turned >= (holdParts+1)*part {
		for i := range l.least {
			l.least[i] = value
		}
		l.turned = now
	}
	for ; now-l.turned >= part; l.turned += part {
		copy(l.least[:], l.least[1:])
		l.least[holdParts] = value
	}
	l.least[holdParts] = min(l.least[holdParts], value)
	return slices.Min(l.least[:])
}
