package sfu

import (
	"encoding/binary"
	"math"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

const (
	// datagramOverhead is how many bytes a packet has beside its RTP header and payload: IPv4, UDP, and the tag.
	datagramOverhead = 20 + 8 + 16
	// noteworthy is the part of an estimate, of 16, by which it must have fallen for layers to be chosen anew at once.
	noteworthy = 1
	// probeInterval is the time between the bursts of a probe.
	probeInterval = 5 * time.Millisecond
	// maxPadding is the most that padding can be, in bytes (RFC 3550 section 5.1).
	maxPadding = 255
	// worthCopying is from how many missing bytes on a probe repeats packets instead of padding.
	worthCopying = 600
	// copies is how many of the newest packets a probe repeats.
	copies = 16
)

// congestion is what is known of the way to a client from its transport-wide feedback. It is guarded by the
// transport's sendMu.
type congestion struct {
	sender *bwe.Sender // nil until a packet is numbered
	chosen uint64      // the estimate, in bit/s, by which layers were chosen
	wanted uint64      // bit/s that video would take without a limit, with its headers
	copied int         // of the newest packets, in this burst
	told   bwe.Probes  // counted already
	repair bucket
	// A Worker sends the bursts of a probe.
	probing bool
	famine  famine
	fall    fall
}

// TransportStats is what is known of the way to a client.
type TransportStats struct {
	Estimate  uint64        // bit/s that it carries; math.MaxUint64: no limit is known
	Arriving  uint64        // bit/s of video that arrive; 0: not known
	Loss      float64       // share of the video packets that were lost in about the last second
	RoundTrip time.Duration // 0: not known
	Queue     time.Duration // by how much packets come later than they could
}

// Stats tells what is known of the way to the client. But for Estimate, it needs a client that gives transport-wide
// feedback.
func (t *Transport) Stats() TransportStats {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	stats := TransportStats{Estimate: t.estimate}
	if s := t.congestion.sender; s != nil && s.Heard() {
		stats.Arriving, stats.Loss = s.Acked(), s.Loss()
		stats.RoundTrip, stats.Queue = time.Duration(s.RTT()), time.Duration(s.Queue(t.server.now()))
	}
	return stats
}

// number notes a video packet of so many bytes, and writes its transport-wide number to its place in the header. No
// audio packet has one: those are sent again under their old number, so that nothing in them may differ. sendMu is
// held.
func (t *Transport) number(place []byte, size int, now int64) {
	if t.congestion.sender == nil {
		t.congestion.sender = bwe.NewSender(now)
		t.nextTick.Store(0) // for the first probe
	}
	binary.BigEndian.PutUint16(place, t.congestion.sender.Sent(size+datagramOverhead, now))
}

// estimated gives the estimate from transport-wide feedback in bit/s; false when the client gives none. Before the
// first it is a cautious guess, but not for long. sendMu is held.
func (t *Transport) estimated(now int64) (estimate uint64, ok bool) {
	s := t.congestion.sender
	if s == nil {
		for _, c := range t.consumers {
			if c.wide {
				return bwe.StartRate, true
			}
		}
		return 0, false
	}
	return s.Estimate(now), !s.Unanswered(now)
}

// budget gives the bit/s that may be sent as video now, and what the way carries of it once a long queue is gone, while
// sent bit/s are in all, and audio of them is audio. sendMu is held.
func (t *Transport) budget(sent, audio uint64, now int64) (budget, carries uint64) {
	if estimate, ok := t.estimated(now); ok {
		t.estimate, t.congestion.chosen = estimate, estimate
		if t.congestion.sender == nil {
			return estimate, estimate
		}
		carries = t.congestion.sender.Carries(now)
		if !t.drowning(now) {
			return carries, carries
		}
		return estimate, carries
	}
	t.estimate = t.downlink.Budget(sent, now)
	if t.estimate == math.MaxUint64 {
		return t.estimate, t.estimate
	}
	budget = t.estimate - min(t.estimate, audio)
	return budget, budget
}

// want notes what videos would take without a limit, beside so much audio, and what must be free for them to get it.
// sendMu is held.
func (t *Transport) want(demands []demand, audio uint64) {
	sum := audio
	for i := range demands {
		d := &demands[i]
		cost := d.steps[d.best()].cost
		if sum += cost; d.before < d.best() {
			sum += cost / keyFrameRoom
		}
	}
	t.congestion.wanted = sum
}

// receiveFeedback takes transport-wide feedback. Layers are chosen anew at once when much less can be sent, and soon
// when more can. sendMu is held.
func (t *Transport) receiveFeedback(p *pipeline, message rtcp.Packet) {
	g := &t.congestion
	if g.sender == nil {
		return
	}
	g.sender.Feedback(message, p.now)
	g.tally(p.traffic)
	switch now := g.sender.Estimate(p.now); {
	case now < g.chosen-g.chosen/16*noteworthy:
		t.choose(p)
	case now > g.chosen+g.chosen/16*noteworthy && g.wanted > g.chosen:
		t.nextTick.Store(0)
	}
}

// moveTo changes the path to the client, about which nothing is known yet. sendMu is held.
func (t *Transport) moveTo(to path, now int64) {
	if to != t.path && t.congestion.sender != nil {
		t.congestion.sender.Restart(now)
	}
	t.path, t.adopted = to, path{}
}

// probe sends what is due of a probe, and tells whether more will be in probeInterval. sendMu is held.
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
// of the consumer. It tells the packet's size in bytes. sendMu is held.
func (c *Consumer) pad(p *pipeline, size int) int {
	if g := &c.transport.congestion; size >= worthCopying && c.stream != nil && g.copied < copies {
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

// bucket bounds how much is sent again: half of what the way carries, with room for a fifth of a second of it at once.
// What exceeds that the client asks for again. Of a way without a known limit no more than mostCarried counts: one that
// never tells what comes could else ask for a hundred times what it sends.
type bucket struct {
	tokens int64 // bytes
	at     int64
}

const (
	bucketTime = int64(200 * time.Millisecond)
	minBucket  = 5_000 // bytes
	// mostCarried is in bit/s.
	mostCarried = 50_000_000
)

// open tells whether anything may be sent now, with an estimate in bit/s.
func (b *bucket) open(estimate uint64, now int64) bool {
	rate := int64(min(estimate, mostCarried)) / 16 // bytes a second
	room := max(rate*bucketTime/int64(time.Second), minBucket)
	passed := min(now-b.at, int64(time.Second))
	b.tokens = min(b.tokens+rate*passed/int64(time.Second), room)
	if b.at == 0 {
		b.tokens = room
	}
	b.at = now
	return b.tokens > 0
}

// take counts what was sent.
func (b *bucket) take(bytes int) { b.tokens -= int64(bytes) }
