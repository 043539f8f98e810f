package sfu

import (
	"math/rand/v2"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/rtcp"
)

const (
	idleInterval    = 200 * time.Millisecond // between looks at a transport with nothing pressing
	waitingInterval = 50 * time.Millisecond  // the same for one that waits for key frames
	reportInterval  = time.Second            // between sender and receiver reports
	twccInterval    = 100 * time.Millisecond // between transport-wide feedback packets
	measureInterval = 500 * time.Millisecond // over which bitrates are measured
	maxTWCC         = 4                      // transport-wide feedback packets at a time
	// maxCompound is from how many bytes on control packets go out before more is added.
	maxCompound = 1000
)

// tick does the periodic work of a transport, on the Worker where it is at home.
func (t *Transport) tick(p *pipeline) int64 {
	if t.closed.Load() || t.home.Load() != p.worker {
		return never
	}
	if due := t.nextTick.Load(); p.now < due {
		return due
	}
	next := aligned(p.now, idleInterval)
	t.nextTick.Store(next)
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.followStray(p.now)
	t.checkConsent(p)
	p.rtcp = p.rtcp[:0]
	wake := min(t.tickReceiving(p), t.tickSending(p), next)
	t.writeRTCP(p)
	p.rtcp = p.rtcp[:0]
	if t.quality.due(p.now) {
		t.rate(p)
	}
	return wake
}

// aligned gives the next multiple of an interval: what is due at about the same time shares one waking of its Worker.
func aligned(now int64, interval time.Duration) int64 {
	return (now/int64(interval) + 1) * int64(interval)
}

// urge has the periodic work done at once.
func (t *Transport) urge() {
	t.nextTick.Store(0)
	t.home.Load().urge()
}

// spill sends the control packets made so far when there are many. sendMu is held.
func (t *Transport) spill(p *pipeline) {
	if len(p.rtcp) >= maxCompound {
		t.writeRTCP(p)
		p.rtcp = p.rtcp[:0]
	}
}

// tickReceiving reports to the client about its packets, and asks for lost ones. It tells when to look again though
// no packets come. recvMu and sendMu are held.
func (t *Transport) tickReceiving(p *pipeline) (wake int64) {
	if len(t.producers) == 0 {
		return never
	}
	t.nextTick.Store(0) // as long as packets come, look at each tick
	t.tellWishes(p)
	wake = aligned(p.now, twccInterval)
	f := &t.feedback
	report := p.now >= f.nextReport
	if report {
		f.nextReport = p.now + int64(reportInterval)
		p.reports = p.reports[:0]
	}
	for ssrc, in := range t.inbound {
		if in.rtx {
			continue
		}
		s := in.stream
		if s.measure(p.now) {
			s.settle(p.traffic)
		}
		if p.lost = s.nack.Due(p.lost[:0], p.now); len(p.lost) > 0 && s.repairable() {
			p.traffic.askedOut.Add(uint64(len(p.lost)))
			p.rtcp = rtcp.AppendNACK(p.rtcp, f.ssrc, ssrc, p.lost)
			t.spill(p)
		}
		if s.nack.Pending() > 0 {
			wake = p.now + int64(tickInterval)
		}
		if report && s.started {
			p.reports = append(p.reports, s.receptionReport(ssrc, p.now))
			p.traffic.flow(s.producer.kind).lostIn.Add(s.missed)
		}
	}
	if report && len(p.reports) > 0 {
		p.rtcp = rtcp.AppendReceiverReport(p.rtcp, f.ssrc, p.reports)
		t.spill(p)
	}
	if f.twccID != 0 && p.now >= f.nextTWCC {
		f.nextTWCC = p.now + int64(twccInterval)
		t.appendTWCC(p)
	}
	return wake
}

// appendTWCC reports the arrival of packets, in as many messages as it takes.
func (t *Transport) appendTWCC(p *pipeline) {
	f := &t.feedback
	for range maxTWCC {
		before := len(p.rtcp)
		p.rtcp = f.twcc.AppendFeedback(p.rtcp, f.ssrc, f.mediaSSRC)
		if len(p.rtcp) == before {
			return
		}
		t.spill(p)
	}
}

// repairable tells whether asking for lost packets is of use: not while nobody gets them.
func (s *stream) repairable() bool { return !s.producer.silenced.Load() }

// measure computes the bitrate, and tells whether it was time to. recvMu is held.
func (s *stream) measure(now int64) bool {
	passed := now - s.measuredAt
	if passed < int64(measureInterval) {
		return false
	}
	s.bitrate.Store((s.bytes - s.measuredBytes) * 8 * uint64(time.Second) / uint64(passed))
	s.measureLayers(passed)
	s.measuredAt, s.measuredBytes = now, s.bytes
	return true
}

// receptionReport makes the report block of a stream. recvMu is held.
func (s *stream) receptionReport(ssrc uint32, now int64) rtcp.Report {
	expected := uint64(s.highest-s.first+1) - s.reportedExpected
	total, fraction := s.lost()
	if s.producer.kind == ortc.Audio {
		fraction = max(fraction, s.strained(expected))
	}
	r := rtcp.Report{
		SSRC: ssrc, FractionLost: fraction, TotalLost: int32(total),
		HighestSeq: uint32(s.highest), Jitter: uint32(s.jitter >> 4),
	}
	if s.reportAt != 0 {
		r.LSR, r.DLSR = s.reportNTP, uint32((now-s.reportAt)<<16/int64(time.Second))
	}
	return r
}

// tickSending reports to the client about what it is sent, and chooses layers anew. It tells when to look again though
// no packets come. sendMu is held.
func (t *Transport) tickSending(p *pipeline) (wake int64) {
	wake = never
	if len(t.consumers) == 0 {
		return wake
	}
	changed := 0
	for _, c := range t.consumers {
		if c.measure(p.now) {
			c.settle(p.traffic)
		}
		if p.now >= c.sent.nextReport && c.stream != nil && c.sent.packets > 0 {
			spread := int64(reportInterval)/4*3 + rand.Int64N(int64(reportInterval)/2) // RFC 3550 section 6.2
			c.sent.nextReport = p.now + spread
			p.rtcp = rtcp.AppendSenderReport(p.rtcp, c.senderReport(p.now), nil)
			t.spill(p)
			if !c.video() {
				c.tellStrain()
			}
		}
		if c.changed {
			changed++
		}
	}
	t.choose(p)
	if g := &t.congestion; !g.bursting && (t.release(p) || t.probe(p)) {
		g.bursting = true
		p.bursting = append(p.bursting, t)
	}
	if len(p.keyFrames) > 0 {
		t.nextTick.Store(p.now + int64(waitingInterval)) // ask again until they come
		wake = p.now + int64(waitingInterval)
	}
	if changed > 0 {
		t.tellUpdates(p, changed)
	}
	return wake
}

// tellUpdates tells the consumers whose layers changed. sendMu is held.
func (t *Transport) tellUpdates(p *pipeline, count int) {
	updates := make([]ConsumerUpdate, 0, count)
	for _, c := range t.consumers {
		if c.changed {
			c.changed = false
			updates = append(updates, c.reported)
		}
	}
	if tell := t.config.Consumers; tell != nil {
		p.events = append(p.events, func() { tell(updates) })
	}
}

// measure computes the bitrate that is sent, and tells whether it was time to. sendMu is held.
func (c *Consumer) measure(now int64) bool {
	passed := now - c.sent.measuredAt
	if passed < int64(measureInterval) {
		return false
	}
	c.sent.bitrate = (c.sent.bytes - c.sent.measuredBytes) * 8 * uint64(time.Second) / uint64(passed)
	c.sent.measuredAt, c.sent.measuredBytes = now, c.sent.bytes
	return true
}

// senderReport tells how the consumer's timestamps lie on the server's clock, the same for all tracks of one sender, so
// that the client keeps sound and picture together. sendMu is held.
func (c *Consumer) senderReport(now int64) rtcp.SenderReport {
	rate := c.producer.clockRate
	timestamp := c.sent.timestamp + uint32(scale(now-c.sent.at, int64(rate)))
	if k := c.stream.clock.Load(); k != nil {
		timestamp = k.at(now-c.stream.producer.transport.clockDelta.Load(), rate) + c.sequence.current().timeShift
	}
	return rtcp.SenderReport{
		SSRC: c.ssrc, NTP: c.transport.server.ntp(now), RTP: timestamp,
		Packets: uint32(c.sent.packets), Octets: uint32(c.sent.bytes),
	}
}
