package sfu

import "slices"

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
	t.reallocate = false
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
		c.aim(none, false)
	}
	slices.SortFunc(p.choosing, func(a, b *Consumer) int {
		if a.view.Priority != b.view.Priority {
			return int(a.view.Priority) - int(b.view.Priority)
		}
		return compare(a.id, b.id)
	})
	for _, c := range p.choosing {
		p.demands = append(p.demands, c.demand(p.now))
	}
	budget := t.downlink.Budget(sent, p.now)
	t.estimate = budget
	budget -= min(budget, audio)
	allocate(budget, p.demands)
	for i, c := range p.choosing {
		d := &p.demands[i]
		c.aim(d.given, d.given < d.best())
		if s := c.waiting(); s != nil {
			p.keyFrames = append(p.keyFrames, s)
		}
	}
	clear(p.choosing)
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// aim sets the layer to carry. sendMu is held.
func (c *Consumer) aim(layer int, limited bool) {
	c.target, c.limited = layer, limited
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
		now.Layer = c.stream.layer
	}
	if now != c.reported {
		c.reported, c.changed = now, true
		c.transport.urge()
	}
}

// demand tells what the consumer could carry. sendMu is held.
func (c *Consumer) demand(now int64) demand {
	d := demand{priority: c.view.Priority, layers: len(c.producer.streams)}
	for i, s := range c.producer.streams {
		if s.live(now) {
			d.live[i] = true
			d.rates[i] = s.bitrate.Load()
		}
	}
	d.want = c.producer.wanted(c.view.Height)
	if c.stream != nil {
		d.carried = c.stream.layer
	}
	return d
}

// wanted gives the smallest layer that is large enough for a height in pixels, or the largest there is.
func (p *Producer) wanted(height int) int {
	source := int(p.height.Load())
	if source <= 0 {
		source = assumedHeight
	}
	for i, s := range p.streams {
		// A little enlarging is not seen, and saves most of the bits.
		if float64(source)/s.scale*maxEnlarging >= float64(height) {
			return i
		}
	}
	return len(p.streams) - 1
}

const (
	// assumedHeight stands for the height of a producer that did not tell it.
	assumedHeight = 720
	// maxEnlarging is how much larger than it is a layer may be shown.
	maxEnlarging = 1.2
)
