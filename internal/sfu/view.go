package sfu

import (
	"slices"
	"strings"
)

// Priority tells how much a video matters when the network cannot carry all: 0 the most.
type Priority uint8

// View is one video that the client shows, and its size there in pixels.
type View struct {
	ConsumerID    string
	Width, Height int
	Priority      Priority
}

// ConsumerUpdate tells what a video consumer carries.
type ConsumerUpdate struct {
	ConsumerID string
	Layer      int  // 0 is the smallest; -1: nothing is sent
	Limited    bool // less than the view would take, because of the network
}

// SetViews tells all that the client shows. Video consumers that are not listed send nothing.
func (t *Transport) SetViews(views []View) {
	t.sendMu.Lock()
	for _, c := range t.consumers {
		c.viewed = false
	}
	for _, v := range views {
		if c := t.consumers[v.ConsumerID]; c != nil && c.video() {
			c.view, c.viewed = v, true
		}
	}
	t.sendMu.Unlock()
	t.server.withPipeline(t.rethink)
}

// rethink chooses the layers of all video consumers anew.
func (t *Transport) rethink(p *pipeline) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.choose(p)
}

// choose gives each video consumer its layer, by what is viewed and what the network carries, and notes the streams
// that owe a key frame. sendMu is held.
func (t *Transport) choose(p *pipeline) {
	p.choosing, p.demands = p.choosing[:0], p.demands[:0]
	var audio, sent uint64
	for _, c := range t.consumers {
		sent += c.sent.bitrate
		if !c.video() {
			audio += c.sent.bitrate
			continue
		}
		if c.viewed && !c.paused && !c.producer.silenced.Load() {
			p.choosing = append(p.choosing, c)
			continue
		}
		c.aim(none, allLayers, false)
		c.desire(c.shown())
	}
	slices.SortFunc(p.choosing, byImportance)
	for _, c := range p.choosing {
		p.demands = append(p.demands, c.demand(p.now))
		c.desire(c.shown())
	}
	t.want(p.demands, audio, p.now)
	budget, carries := t.budget(sent, audio, p.now)
	held := t.held.see(carries, p.now)
	allocate(budget, held, p.demands)
	if t.starves(p.demands, carries, held, p.now) {
		for i := range p.demands {
			p.demands[i].given = none
		}
	}
	starts := t.beginnings(carries, budget, p.now)
	raised, lowered := false, false
	for i, c := range p.choosing {
		d := &p.demands[i]
		raised = raised || d.before != none && d.given > d.before
		lowered = lowered || d.given < d.before && d.given < d.best()
		if d.given == none {
			c.aim(none, allLayers, true)
			continue
		}
		given := d.steps[d.given]
		starts.admit(c, given)
		c.aim(given.spatial, given.temporal, d.given < d.best())
		if s := c.waiting(); s != nil {
			p.keyFrames = append(p.keyFrames, s)
		}
	}
	t.held.learn(carries, raised, lowered, p.now)
	clear(p.choosing)
}

// byImportance puts the most important consumer first, and among equals the one that is shown largest.
func byImportance(a, b *Consumer) int {
	switch {
	case a.view.Priority != b.view.Priority:
		return int(a.view.Priority) - int(b.view.Priority)
	case a.view.Height != b.view.Height:
		return b.view.Height - a.view.Height
	}
	return strings.Compare(a.id, b.id)
}

// aim sets the spatial layer to carry, and up to which temporal layer. sendMu is held.
func (c *Consumer) aim(layer int, rate uint8, limited bool) {
	c.target, c.targetRate, c.limited = layer, rate, limited
	c.updateWants()
	c.report()
}

// report notes what is to be told of the consumer's layer. sendMu is held.
func (c *Consumer) report() {
	if !c.video() {
		return
	}
	now := ConsumerUpdate{ConsumerID: c.id, Layer: none, Limited: c.limited}
	if c.stream != nil {
		now.Layer = c.carried()
	} else if c.target != none {
		now.Limited = c.waits // for its turn on a narrow way; else for a key frame only
	}
	if now != c.reported {
		c.reported, c.changed = now, true
		c.transport.urge()
	}
}
