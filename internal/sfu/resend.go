package sfu

import (
	"encoding/binary"
	"time"

	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

const (
	// resentSlots is how many of the packets sent again are remembered for each consumer.
	resentSlots = 128
	// resendInterval is how soon the same packet is sent again at the earliest, unless the round trip is longer.
	resendInterval = 20 * time.Millisecond
	// maxResend is how many packets are sent again for one request.
	maxResend = 100
	// spotless is up to which share of lost packets a way counts as one that loses nothing.
	spotless = 0.01
	rtxHead  = 2 // bytes of the original sequence number (RFC 4588 section 4)
)

// resent remembers when packets were sent again, so that impatient requests cost nothing. Made at the first loss.
type resent []struct {
	sequence uint16
	at       int64
}

// allow notes a repetition and returns false when the last one is too fresh.
func (r *resent) allow(sequence uint16, now, interval int64) bool {
	if *r == nil {
		*r = make(resent, resentSlots)
	}
	e := &(*r)[sequence%resentSlots]
	if e.sequence == sequence && e.at != 0 && now-e.at < interval {
		return false
	}
	e.sequence, e.at = sequence, now
	return true
}

// spotless tells whether the client said of late that nothing gets lost on the way to it. sendMu is held.
func (t *Transport) spotless() bool {
	s := t.congestion.sender
	return s != nil && s.Heard() && s.Loss() < spotless
}

// resend sends again what a NACK names (RFC 4585 section 6.2.1), as far as the history has it. Receivers also name what
// is missing on the sender's way: when that has been repaired less than a round trip ago, the NACK set out before the
// repair was there. On a way that loses packets too the repair may be lost, and a second one is worth its bytes. sendMu
// is held.
func (c *Consumer) resend(p *pipeline, nack rtcp.Packet) {
	t := c.transport
	if t.sealer.Load() == nil || !t.path.valid() || c.idle() {
		return
	}
	interval := max(int64(resendInterval), c.receiver.rtt)
	p.to(t.path)
	left, drowning, arrives := maxResend, t.drowning(p.now), t.spotless()
	for sequence := range nack.Lost() {
		if left--; left < 0 {
			return
		}
		p.traffic.askedIn.Add(1)
		g, out, incoming := c.sequence.find(sequence)
		if g == nil || c.limited && g.stream != c.stream { // of another size, which the network did not carry
			continue
		}
		if at, late := g.stream.history.late(incoming); late && arrives && p.now-at < interval {
			continue // it was asked for when it wasn't here yet, and is on its way
		}
		open := t.congestion.repair.open(t.estimate, p.now)
		if c.rtxSSRC != 0 && (drowning || !open) || t.congestion.repair.overdrawn() {
			p.traffic.withheld.Add(1)
			continue
		}
		if !c.resent.allow(sequence, p.now, interval) {
			continue
		}
		size := 0
		if c.rtxSSRC != 0 {
			size = c.resendRTX(p, g, out, incoming)
		} else if !c.video() {
			c.receiver.asked++
			size = c.resendPlain(p, g, out, incoming)
		}
		if size > 0 {
			t.congestion.repair.take(size)
			c.sent.resent++
			p.traffic.repairBytes.Add(uint64(size))
		}
	}
}

// recall writes a packet from the history as the consumer gets it, with gap bytes free between header and payload, and
// without payload if it only fills a place. SSRC, sequence number and type are the caller's to write. n tells its
// length without what sealing adds; 0: it is not there any more, and the buffer has been given back. sendMu is held.
func (c *Consumer) recall(p *pipeline, g *segment, incoming int64, gap int) (buffer []byte, n int, was record) {
	buffer = p.buffer(maxPacket)
	n, was = g.stream.history.read(buffer[:maxPacket-sealOverhead], incoming, gap)
	if n == 0 {
		p.commit(0)
		return nil, 0, was
	}
	switch original := buffer[was.headerLen+gap : n]; {
	case !g.carries(was.position) && !was.whole:
		n = was.headerLen + gap
	case c.producer.codec == rtp.VP8Codec && g.renumbers():
		if d, err := rtp.ParseVP8(original); err == nil {
			g.rewrite(d, original)
		}
	}
	if was.ends && was.spatial == g.spatial {
		buffer[1] |= markerBit
	}
	if c.producer.stamped {
		stamp(buffer, p.now)
		if c.wide {
			c.transport.number(buffer[wideAt(buffer):], n, p.now)
		}
	}
	return buffer, n, was
}

// resendRTX sends a packet again in the retransmission stream (RFC 4588), with the marker that it had. It tells the
// bytes that went out; 0: it was not there any more. sendMu is held.
func (c *Consumer) resendRTX(p *pipeline, g *segment, out, incoming int64) (size int) {
	buffer, n, was := c.recall(p, g, incoming, rtxHead)
	if n == 0 {
		return 0
	}
	c.rtxSequence++
	buffer[1] = buffer[1]&markerBit | c.rtxType
	address(buffer, uint16(c.rtxSequence), was.timestamp+g.timeShift, c.rtxSSRC)
	binary.BigEndian.PutUint16(buffer[was.headerLen:], uint16(out))
	p.commit(c.transport.sealer.Load().SealRTP(buffer, was.headerLen, buffer[was.headerLen:n], c.rtxSSRC, c.rtxSequence))
	return n + datagramOverhead
}

// resendPlain sends an audio packet again as it was. The bytes are the same as the first time, so sealing them under
// the same number tells nothing new (the nonce of RFC 7714 section 8.1 must not serve two plaintexts). It tells the
// bytes that went out, like resendRTX. sendMu is held.
func (c *Consumer) resendPlain(p *pipeline, g *segment, out, incoming int64) (size int) {
	buffer := p.buffer(maxPacket)
	n, was := g.stream.history.read(buffer[:maxPacket-sealOverhead], incoming, 0)
	if n == 0 {
		p.commit(0)
		return 0
	}
	address(buffer, uint16(out), was.timestamp+g.timeShift, c.ssrc)
	p.commit(c.transport.sealer.Load().SealRTP(buffer, was.headerLen, buffer[was.headerLen:n], c.ssrc, uint64(out)))
	return n + datagramOverhead
}
