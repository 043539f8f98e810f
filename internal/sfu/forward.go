package sfu

import (
	"time"

	"stube/internal/sfu/rtp"
)

// maxTimeStep is how far the timestamps of a stream that takes over may lie from what the clock says before they are
// not believed.
const maxTimeStep = 10 * time.Second

// stoodStill is how much time must be missing in the timestamps of a voice that goes on for its clock to have stood
// still meanwhile: a browser's does while it has no track to send, as that of who is muted. A receiver would take the
// first packets for late by that time, and play all that follow as much later.
const stoodStill = 200 * time.Millisecond

// forward writes the group of packets in the pipeline, all of stream s, for this consumer.
func (c *Consumer) forward(p *pipeline, s *stream) {
	t := c.transport
	t.sendMu.Lock() // not unlocked by defer: that would be a tenth of this function's own time
	if t.sealer.Load() != nil && t.path.valid() && !c.idle() {
		p.to(t.path)
		c.write(p, s, p.group)
	}
	t.sendMu.Unlock()
}

// write writes those packets of a group, all of stream s, that the consumer carries. sendMu is held.
func (c *Consumer) write(p *pipeline, s *stream, group []*packet) {
	q := &c.sequence
	for _, k := range group {
		if c.stream != s && !c.takeOver(p, s, k) {
			continue
		}
		if k.sequence <= q.newest {
			c.writeLate(p, k)
			continue
		}
		q.bound(k.sequence)
		if k.timestamp != q.frame {
			c.adjust(k)
		}
		g := q.current()
		if !g.carries(k.position) {
			q.skip(k)
			continue
		}
		c.sendPacket(p, g, k, q.next(k))
		if k.vp8.Len > 0 {
			c.sent.pictureID, c.sent.tl0 = g.pictureIDs(k.vp8)
		}
	}
}

// writeLate writes a packet that comes after newer ones, in the place that was kept free for it. The place of one that
// is not for the consumer is filled, or the client would ask for it. But a whole frame is handed on: libwebrtc has
// upper layers wait for a picture that is missing between them and what they need. sendMu is held.
func (c *Consumer) writeLate(p *pipeline, k *packet) {
	g, out := c.sequence.late(k)
	switch {
	case g == nil:
	case g.carries(k.position) || k.whole:
		c.sendPacket(p, g, k, out)
	default:
		c.fill(p, g, k, out)
	}
}

// sendPacket writes a packet with its outgoing number, or holds it back for a moment. sendMu is held.
func (c *Consumer) sendPacket(p *pipeline, g *segment, k *packet, sequence int64) {
	timestamp := k.timestamp + g.timeShift
	if int32(timestamp-c.sent.timestamp) > 0 || c.sent.packets == 0 { // else it is late, or of the same frame
		c.sent.timestamp, c.sent.at, c.sent.sendTime = timestamp, p.now, k.sendTime
	}
	numbered := c.wide && k.wideAt != 0
	if numbered && c.transport.holdBack(p, c, sequence, k.headerLen+len(k.payload)) {
		return
	}
	sealer := c.transport.sealer.Load()
	buffer := p.buffer(k.headerLen + len(k.payload) + sealOverhead)
	copy(buffer, k.header[:k.headerLen])
	address(buffer, uint16(sequence), timestamp, c.ssrc)
	if k.ends && k.spatial == g.spatial {
		buffer[1] |= markerBit
	}
	payload := k.payload
	if k.vp8.Len > 0 && g.renumbers() {
		payload = buffer[k.headerLen : k.headerLen+copy(buffer[k.headerLen:], payload)]
		g.rewrite(k.vp8, payload)
	}
	if numbered {
		c.transport.number(buffer[k.wideAt:], k.headerLen+len(payload), p.now)
	}
	n := sealer.SealRTP(buffer, k.headerLen, payload, c.ssrc, uint64(sequence))
	p.commit(n)
	c.sent.packets++
	c.sent.bytes += uint64(len(payload))
}

// fill writes a packet without payload. sendMu is held.
func (c *Consumer) fill(p *pipeline, g *segment, k *packet, sequence int64) {
	buffer := p.buffer(rtp.FixedHeaderLen + sealOverhead)
	buffer[0], buffer[1] = k.header[0]&versionBits, k.header[1]&^markerBit
	address(buffer, uint16(sequence), k.timestamp+g.timeShift, c.ssrc)
	p.commit(c.transport.sealer.Load().SealRTP(buffer, rtp.FixedHeaderLen, nil, c.ssrc, uint64(sequence)))
	c.sent.packets++
}

// takeOver begins to forward stream s with packet k, if this is the layer to carry and the packet one that a decoder
// can begin with. sendMu is held.
func (c *Consumer) takeOver(p *pipeline, s *stream, k *packet) bool {
	if s.layer != c.targetStream() || c.waits || (c.video() && !k.keyFrame) {
		return false
	}
	old := c.stream
	first := c.sequence.count == 0
	var before segment
	if !first {
		before = *c.sequence.current()
	}
	g := c.sequence.start(s, k.sequence)
	g.spatial, g.temporal = c.limits(s)
	if old != nil && old != s {
		p.traffic.switches.Add(1)
	}
	if !first && (old != s || c.stopped) {
		c.alignTime(g, before, s, k, p.now)
	}
	if !first && k.vp8.Len > 0 {
		g.pictureID = c.sent.pictureID + 1 - k.vp8.PictureID
		g.tl0 = c.sent.tl0 + 1 - k.vp8.TL0
	}
	c.stream, c.stopped = s, false
	c.updateWants()
	c.report()
	return true
}

// alignTime makes the timestamps of a stream that takes over go on from those before: by the sender's clock where its
// reports tell it, so that sound and picture stay together, else by when the packets were sent, else by the time that
// has passed here. Of a layer that was just woken there is no report yet. sendMu is held.
func (c *Consumer) alignTime(g *segment, before segment, s *stream, k *packet, now int64) {
	rate := c.producer.clockRate
	passed := c.sent.timestamp + uint32(scale(now-c.sent.at, int64(rate)))
	target := passed
	if since, ok := k.sendTime.since(c.sent.sendTime); ok && now-c.sent.at < int64(maxTimeStep) {
		target = c.sent.timestamp + uint32(scale(since, int64(rate)))
	}
	if before.stream == s {
		own := k.timestamp + before.timeShift // one and the same clock
		if c.video() || int32(target-own) < int32(scale(int64(stoodStill), int64(rate))) {
			target = own
		} else {
			s.clock.Store(nil) // what was reported before holds no more
		}
	} else if before.stream.producer != s.producer { // of an audio slot: two people's clocks have nothing in common
		target = passed
	} else if was, is := before.stream.clock.Load(), s.clock.Load(); was != nil && is != nil {
		target = was.at(is.time(k.timestamp, rate), rate) + before.timeShift
	}
	far := int32(scale(int64(maxTimeStep), int64(rate)))
	if off := int32(target - passed); off > far || off < -far {
		target = passed
	}
	if int32(target-c.sent.timestamp) <= 0 {
		target = c.sent.timestamp + 1
	}
	g.timeShift = target - k.timestamp
}

// adjust changes the limits by which packets are left out, where a new frame begins: down at once, up in frame rate
// where the frame says that it can be decoded, up in size with a key frame. sendMu is held.
func (c *Consumer) adjust(k *packet) {
	g := c.sequence.current()
	spatial, temporal := c.limits(c.stream)
	if temporal > g.temporal {
		temporal = k.switchUp(g.temporal, temporal)
	}
	if spatial > g.spatial && !k.keyFrame {
		spatial = g.spatial
	}
	if spatial != g.spatial || temporal != g.temporal {
		c.sequence.limit(k, spatial, temporal)
		c.report()
	}
}

// limits are the highest layers wanted of a stream: of one of several its whole size. While a smaller one is waited for
// the larger one goes on in its lowest frame rate: the network does not carry more. sendMu is held.
func (c *Consumer) limits(s *stream) (spatial, temporal uint8) {
	switch {
	case len(c.producer.streams) == 1:
		return uint8(max(0, c.target)), c.targetRate
	case s.layer > c.target && c.limited:
		return allLayers, 0
	case s.layer != c.target:
		return allLayers, allLayers
	}
	return allLayers, c.targetRate
}

// renumbers tells whether VP8's picture ids have to be changed.
func (g *segment) renumbers() bool { return g.pictureID != 0 || g.tl0 != 0 }

// rewrite makes picture ids go on across layers and over frames that are left out (RFC 7741 section 4.2). payload is
// the consumer's own copy.
func (g *segment) rewrite(d rtp.VP8, payload []byte) {
	id, tl0 := g.pictureIDs(d)
	rtp.RewriteVP8(payload, d, id, tl0)
}

// pictureIDs gives the outgoing picture id and base layer index.
func (g *segment) pictureIDs(d rtp.VP8) (id uint16, tl0 uint8) {
	bits := 7
	if d.Wide {
		bits = 15
	}
	return (d.PictureID + g.pictureID) & (1<<bits - 1), d.TL0 + g.tl0
}
