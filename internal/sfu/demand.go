package sfu

const (
	// assumedHeight stands for the height of a producer that did not tell it.
	assumedHeight = 720
	// maxEnlarging is how much larger than it is a layer may be shown.
	maxEnlarging = 1.2
	// headerShare is the part of a bitrate as clients tell it that headers take besides, about.
	headerShare = 12
)

// demand tells in which steps the consumer could carry its video. Each size but the smallest comes in its full frame
// rate and in half of it: half the frames save two fifths of the bits and no key frame is needed to come back, but a
// face at a quarter of the frames is worse than a smaller one that moves. The smallest comes in all frame rates, since
// there is nothing below. sendMu is held.
func (c *Consumer) demand(now int64) demand {
	d := demand{priority: c.view.Priority, before: none}
	p := c.producer
	want := p.wanted(c.view.Height)
	for i := range p.spatials() {
		if d.count > 0 && i > want {
			break
		}
		if rates, live := p.layerRates(i, now); live {
			d.addLayer(i, rates, d.count == 0)
		}
	}
	if d.count == 0 { // all rests, as the picture of a shared screen may
		resting := 0
		if c.stream != nil {
			resting = c.carried()
		}
		d.add(step{spatial: resting, temporal: allLayers})
	}
	for i := range d.count {
		s := &d.steps[i]
		if s.spatial < c.target || s.spatial == c.target && s.temporal <= c.targetRate {
			d.before = i
		}
	}
	return d
}

// addLayer adds the steps of a spatial layer, whose rates in bit/s are told for each frame rate.
func (d *demand) addLayer(spatial int, rates [layerCount]uint64, lowest bool) {
	top := 0
	for t := 1; t < layerCount; t++ {
		if rates[t] > rates[t-1] {
			top = t
		}
	}
	for t := range top {
		if lowest || t == top-1 {
			d.add(step{spatial: spatial, temporal: uint8(t), cost: rates[t]})
		}
	}
	d.add(step{spatial: spatial, temporal: allLayers, cost: rates[top]})
}

// spatials tells how many spatial layers there are: each is a stream, or all are in one.
func (p *Producer) spatials() int {
	if len(p.streams) == 1 {
		return max(1, int(p.streams[0].spatials.Load()))
	}
	return len(p.streams)
}

// layerRates tells whether a spatial layer comes in, and its bit/s up to each temporal layer, with what it needs of
// lower spatial layers. For one that has just begun it is what the client said that it may become.
func (p *Producer) layerRates(spatial int, now int64) (rates [layerCount]uint64, live bool) {
	s, below := p.streams[0], spatial
	if len(p.streams) > 1 {
		s, below = p.streams[spatial], layerCount-1
	}
	if !s.live(now) {
		return rates, false
	}
	own := uint64(0)
	for i := range below + 1 {
		sum := uint64(0)
		for t := range layerCount {
			rate := s.rates[i][t].Load()
			sum += rate
			rates[t] += sum
		}
		own = sum
	}
	if rates[0] == 0 {
		for t := range rates {
			rates[t] = s.maxBitrate + s.maxBitrate/headerShare
		}
		return rates, spatial == 0 || len(p.streams) > 1
	}
	return rates, spatial == 0 || len(p.streams) > 1 || own > 0
}

// wanted gives the smallest layer that is large enough for a height in pixels, or the largest there is.
func (p *Producer) wanted(height int) int {
	source := int(p.height.Load())
	if source <= 0 {
		source = assumedHeight
	}
	highest := p.spatials() - 1
	for i := range highest {
		// A little enlarging is not seen, and saves most of the bits.
		if float64(source)/p.scale(i)*maxEnlarging >= float64(height) {
			return i
		}
	}
	return highest
}

// scale tells how much smaller than the source a spatial layer is. Scalable coding halves it from layer to layer.
func (p *Producer) scale(spatial int) float64 {
	if len(p.streams) > 1 {
		return p.streams[spatial].scale
	}
	return p.streams[0].scale * float64(int(1)<<(p.spatials()-1-spatial))
}
