package sfu

import (
	"time"

	"stube/internal/sfu/rtp"
)

// maxTimeStep is how far the timestamps of a stream that takes over may lie from what the clock says before they are
// not believed.
const maxTimeStep = 10 * time.Second

// forward writes the group of packets in the pipeline, all of stream s, for this consumer.
func (c *Consumer) forward(p *pipeline, s *stream) {
	t := c.transport
	t.sendMu.Lock() // not unlocked by defer: that would be a tenth of this function's own time
	if t.sealer != nil && t.path.valid() && !c.idle() {
		p.to(t.path)
		c.write(p, s, p.group)
	}
	t.sendMu.Unlock()
}

// write writes those packets of a group, all of stream s, that the consumer carries. sendMu is held.
func (c *Consumer) write(p *pipeline, s *stream, group []*packet) {
	for _, k := range group {
		if c.stream != s && !c.takeOver(p, s, k) {
			continue
		}
		if sequence, ok := c.sequence.outgoing(k.sequence); ok {
			c.sendPacket(p, c.sequence.current(), k, sequence)
		}
	}
}

// sendPacket writes a packet with its outgoing number. sendMu is held.
func (c *Consumer) sendPacket(p *pipeline, g *segment, k *packet, sequence int64) {
	sealer := c.transport.sealer
	buffer := p.buffer(k.headerLen + len(k.payload) + sealOverhead)
	copy(buffer, k.header[:k.headerLen])
	timestamp := k.timestamp + g.timeShift
	address(buffer, uint16(sequence), timestamp, c.ssrc)
	payload := k.payload
	if c.rewrites && k.vp8.Len > 0 {
		payload = buffer[k.headerLen : k.headerLen+copy(buffer[k.headerLen:], payload)]
		c.rewrite(g, k.vp8, payload)
	}
	n := sealer.SealRTP(buffer, k.headerLen, payload, c.ssrc, uint64(sequence))
	p.commit(n)
	c.sent.packets++
	c.sent.bytes += uint64(len(payload))
	c.sent.timestamp, c.sent.at = timestamp, p.now
}

// takeOver begins to forward stream s with packet k, if this is the layer to carry and the packet one that a decoder
// can begin with. sendMu is held.
func (c *Consumer) takeOver(p *pipeline, s *stream, k *packet) bool {
	if s.layer != c.target || (c.video() && !k.keyFrame) {
		return false
	}
	old := c.stream
	first := c.sequence.count == 0
	var before segment
	if !first {
		before = *c.sequence.current()
	}
	g := c.sequence.start(s, k.sequence)
	if old != nil && old != s {
		p.traffic.switches.Add(1)
	}
	if !first && (old != s || c.stopped) {
		c.alignTime(g, before, s, k, p.now)
	}
	if c.rewrites {
		g.pictureID = c.sent.pictureID + 1 - k.vp8.PictureID
		g.tl0 = c.sent.tl0 + 1 - k.vp8.TL0
	}
	c.stream, c.stopped = s, false
	c.updateWants()
	c.report()
	return true
}

// alignTime makes the timestamps of a stream that takes over go on from those before: by the sender's clock where its
// reports tell it, so that sound and picture stay together, else by the time that has passed. sendMu is held.
func (c *Consumer) alignTime(g *segment, before segment, s *stream, k *packet, now int64) {
	rate := c.producer.clockRate
	passed := c.sent.timestamp + uint32(scale(now-c.sent.at, int64(rate)))
	target := passed
	if before.stream == s {
		target = k.timestamp + before.timeShift // one and the same clock
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

// rewrite makes picture ids go on across layers (RFC 7741 section 4.2). payload is the consumer's own copy.
func (c *Consumer) rewrite(g *segment, d rtp.VP8, payload []byte) {
	id, tl0 := c.rewriteAgain(g, d, payload)
	unused := 16 - pictureIDBits(d)
	if int16((id-c.sent.pictureID)<<unused) > 0 || c.sent.packets == 0 {
		c.sent.pictureID, c.sent.tl0 = id, tl0
	}
}

// rewriteAgain does so for a packet that is perhaps not the newest.
func (c *Consumer) rewriteAgain(g *segment, d rtp.VP8, payload []byte) (id uint16, tl0 uint8) {
	id = (d.PictureID + g.pictureID) & (1<<pictureIDBits(d) - 1)
	tl0 = d.TL0 + g.tl0
	rtp.RewriteVP8(payload, d, id, tl0)
	return id, tl0
}

func pictureIDBits(d rtp.VP8) int {
	if d.Wide {
		return 15
	}
	return 7
}
