package bwe

import "time"

const (
	// burst is the time within which packets sent count as one group, section 5.2 of the draft.
	burst = int64(5 * time.Millisecond)
	// longestGroup is how long the packets of a group may take to arrive.
	longestGroup = int64(100 * time.Millisecond)
)

// group is packets that were sent in one burst, or came in one though they were not. Times are in ns, the arrivals'
// on the receiver's clock.
type group struct {
	started             bool
	firstSent, lastSent int64
	firstCame, lastCame int64
}

// takes tells whether a packet belongs to the group.
func (g *group) takes(sent, came int64) bool {
	if sent-g.firstSent <= burst {
		return true
	}
	held := came-g.lastCame < sent-g.lastSent // came sooner behind the one before than it was sent
	return held && came-g.lastCame <= burst && came-g.firstCame < longestGroup
}

// groups compares each group of packets with the one before it.
type groups struct {
	previous, current group
}

// add takes a packet that came. When it opens a group and two are complete before, it tells how much later than the
// other the newer was sent, and how much later it came (section 5.1 of the draft: their difference is the variation of
// the delay).
func (g *groups) add(sent, came int64) (sentLater, cameLater int64, ok bool) {
	c := &g.current
	switch {
	case !c.started:
	case sent < c.firstSent:
		return 0, 0, false // overtaken
	case c.takes(sent, came):
		c.lastSent, c.lastCame = max(c.lastSent, sent), max(c.lastCame, came)
		return 0, 0, false
	}
	if g.previous.started {
		sentLater, cameLater = c.lastSent-g.previous.lastSent, c.lastCame-g.previous.lastCame
		ok = cameLater >= 0
	}
	g.previous = *c
	*c = group{started: true, firstSent: sent, lastSent: sent, firstCame: came, lastCame: came}
	return sentLater, cameLater, ok
}
