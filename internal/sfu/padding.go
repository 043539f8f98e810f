package sfu

import "stube/internal/sfu/rtp"

const (
	// maxPadding is the most that padding can be, in bytes (RFC 3550 section 5.1).
	maxPadding = 255
	// worthCopying is from how many missing bytes on a probe repeats packets instead of padding.
	worthCopying = 600
	// copies is how many of the newest packets a probe repeats.
	copies = 16
)

// probe sends what is due of a probe, and tells whether more will be in burstInterval. sendMu is held.
func (t *Transport) probe(p *pipeline) (more bool) {
	g := &t.congestion
	if g.sender == nil || t.sealer.Load() == nil || !t.path.valid() || t.closed.Load() {
		return false
	}
	c := t.padder()
	if c == nil {
		return false
	}
	size := g.sender.Probe(g.wanted, p.now)
	g.tally(p.traffic)
	if size > 0 {
		p.to(t.path)
	}
	for g.copied = 0; size > 0; {
		n := c.pad(p, size)
		p.traffic.probeBytes.Add(uint64(n))
		size -= n
	}
	return g.sender.Probing()
}

// tally counts the probes since the last time. The transport's sendMu is held.
func (g *congestion) tally(t *traffic) {
	now := g.sender.Probes()
	if now == g.told {
		return
	}
	t.probes.Add(now.Begun - g.told.Begun)
	t.successfulProbes.Add(now.Successful - g.told.Successful)
	g.told = now
}

// padder gives a consumer with a retransmission stream, if possible one that carries something; nil: there is none.
// sendMu is held.
func (t *Transport) padder() *Consumer {
	var found *Consumer
	for _, c := range t.consumers {
		if c.wide && c.rtxSSRC != 0 && (found == nil || c.stream != nil) {
			found = c
		}
	}
	return found
}

// pad sends a packet that the client does not need: one of the newest again, or padding, in the retransmission stream
// of the consumer. While any are held back the newest are not there yet. It tells the packet's size in bytes. sendMu is
// held.
func (c *Consumer) pad(p *pipeline, size int) int {
	g := &c.transport.congestion
	if size >= worthCopying && c.stream != nil && g.copied < copies && g.pacer.count == 0 {
		g.copied++
		sequence := c.sequence.last - int64(g.copied) + 1
		if segment, out, incoming := c.sequence.find(uint16(sequence)); segment != nil {
			if n := c.resendRTX(p, segment, out, incoming); n > 0 {
				return n
			}
		}
	}
	return c.sendPadding(p)
}

// sendPadding sends a packet of padding only in the retransmission stream. sendMu is held.
func (c *Consumer) sendPadding(p *pipeline) int {
	var sent [rtp.AbsSendTimeLen]byte
	var number [2]byte
	rtp.PutAbsSendTime(sent[:], rtp.AbsSendTime(p.now))
	ids := &c.transport.router.extensions
	list := [2]rtp.Extension{{ID: ids.absSendTime, Data: sent[:]}, {ID: ids.transportCC, Data: number[:]}}
	c.rtxSequence++
	h := rtp.Header{
		Padding: true, PayloadType: c.rtxType, Sequence: uint16(c.rtxSequence), Timestamp: c.sent.timestamp, SSRC: c.rtxSSRC,
	}
	buffer := p.buffer(maxHeader + maxPadding + sealOverhead)
	headerLen := len(rtp.AppendHeader(buffer[:0], &h, list[:]))
	payload := buffer[headerLen : headerLen+maxPadding]
	clear(payload)
	payload[maxPadding-1] = maxPadding
	c.transport.number(buffer[wideAt(buffer):], headerLen+maxPadding, p.now)
	p.commit(c.transport.sealer.Load().SealRTP(buffer, headerLen, payload, c.rtxSSRC, c.rtxSequence))
	return headerLen + maxPadding + datagramOverhead
}
