package sfu

import (
	"slices"
	"time"

	"stube/internal/sfu/rtcp"
)

// maxFeedback is how many messages of transport-wide feedback are taken from a datagram: each may speak of thousands of
// packets in some bytes, and who sends it must not keep a Worker busy.
const maxFeedback = 8

const (
	// refreshInterval is how often a client may have a key frame asked for in the long run: all who get the video get it
	// too, and the sender's bits are spent on it.
	refreshInterval = int64(time.Second)
	// refreshBurst is how many it may have asked for before that, as fast as any are.
	refreshBurst = 15
)

// receiveRTCP takes a control packet, compound or of reduced size.
func (t *Transport) receiveRTCP(p *pipeline, raw []byte) {
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	if t.opener == nil {
		t.server.counters.notReady.Add(1)
		return
	}
	plain, err := t.opener.OpenRTCP(raw)
	if err != nil {
		t.countOpenError(err)
		return
	}
	t.heard(p.now)
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if t.controlAll(p, plain) != nil {
		t.server.counters.malformed.Add(1)
	}
}

// controlAll does what the control packets of a datagram ask, up to one that is malformed. recvMu and sendMu are held.
func (t *Transport) controlAll(p *pipeline, plain []byte) error {
	reader, feedback := rtcp.NewReader(plain), 0
	for reader.Next() {
		packet := reader.Packet()
		if packet.Kind() == rtcp.KindTransportCC {
			if feedback++; feedback > maxFeedback {
				continue
			}
		}
		t.control(p, packet)
	}
	return reader.Err()
}

// control does what a control packet asks. recvMu and sendMu are held.
func (t *Transport) control(p *pipeline, packet rtcp.Packet) {
	switch packet.Kind() {
	case rtcp.KindSenderReport:
		t.receiveSenderReport(packet.SenderReport(), p.now)
		t.receiveReports(p, packet)
	case rtcp.KindReceiverReport:
		t.receiveReports(p, packet)
	case rtcp.KindNACK:
		if c := t.bySSRC[packet.MediaSSRC()]; c != nil {
			c.resend(p, packet)
		}
	case rtcp.KindPLI:
		if c := t.bySSRC[packet.MediaSSRC()]; c != nil {
			c.refresh(p)
		}
	case rtcp.KindFIR:
		for request := range packet.Requests() {
			if c := t.bySSRC[request.SSRC]; c != nil {
				c.refresh(p)
			}
		}
	case rtcp.KindTransportCC:
		t.receiveFeedback(p, packet)
	case rtcp.KindREMB:
		t.downlink.Estimate(packet.Bitrate(), t.sentBitrate(), p.now)
	}
}

// refresh passes a client's wish for a key frame on, if that is not under way. sendMu is held.
func (c *Consumer) refresh(p *pipeline) {
	p.traffic.picturesIn.Add(1)
	s := c.stream
	if s == nil {
		s = c.waiting()
	} else if !s.mayAskKeyFrame(p.now) || slices.Contains(p.keyFrames, s) || !c.receiver.mayRefresh(p.now) {
		return
	}
	if s != nil {
		p.keyFrames = append(p.keyFrames, s)
	}
}

// mayRefresh tells whether a key frame is asked for once more for the client.
func (r *receiver) mayRefresh(now int64) bool {
	spent := now - refreshBurst*refreshInterval
	if r.refreshed != 0 {
		spent = max(spent, r.refreshed)
	}
	if spent += refreshInterval; spent > now {
		return false
	}
	r.refreshed = spent
	return true
}

// receiveSenderReport notes how a stream's timestamps lie on the client's clock. recvMu is held.
func (t *Transport) receiveSenderReport(sr rtcp.SenderReport, now int64) {
	in := t.inbound[sr.SSRC]
	if in == nil || in.rtx {
		return
	}
	s := in.stream
	s.reportNTP, s.reportAt = uint32(sr.NTP>>16), now
	ntp := fromNTP(sr.NTP)
	s.clock.Store(&clock{ntp: ntp, rtp: sr.RTP})
	// The least delay seen is nearest to the truth; clocks drift, so it is let grow a little.
	switch delta, known := now-ntp, t.clockDelta.Load(); {
	case !t.hasClock.Load() || delta < known:
		t.clockDelta.Store(delta)
	default:
		t.clockDelta.Store(known + (delta-known)/128)
	}
	t.hasClock.Store(true)
}

// receiveReports notes what the client says about the packets that it got. sendMu is held.
func (t *Transport) receiveReports(p *pipeline, packet rtcp.Packet) {
	for r := range packet.Reports() {
		c := t.bySSRC[r.SSRC]
		if c == nil || r.SSRC != c.ssrc {
			continue
		}
		c.receiver.fraction, c.receiver.fresh = r.FractionLost, true
		p.traffic.flow(c.producer.kind).lostOut.Add(c.receiver.missed(r.TotalLost, c.sent.packets))
		if rtt, ok := r.RoundTrip(t.server.ntp(p.now)); ok {
			c.receiver.rtt = int64(rtt)
		}
		if c.video() {
			t.downlink.Lost(r.FractionLost, t.sentBitrate(), p.now)
		}
	}
}

// missed takes how many packets a client says that it lost in all, of so many that were sent, and tells how many are
// new. Nobody loses more than was sent, or the same again.
func (r *receiver) missed(total int32, sent uint64) (more uint64) {
	now := min(uint64(max(total, 0)), sent)
	more = max(now, r.lost) - r.lost
	r.lost += more
	return more
}

// sentBitrate is what was sent in the last measuring interval, in bit/s. sendMu is held.
func (t *Transport) sentBitrate() (sum uint64) {
	for _, c := range t.consumers {
		sum += c.sent.bitrate
	}
	return sum
}

// sendPLI asks the client for a key frame of a stream. No lock is held.
func (t *Transport) sendPLI(p *pipeline, ssrc uint32) {
	p.rtcp = rtcp.AppendPLI(p.rtcp[:0], t.feedback.ssrc, ssrc)
	t.sendRTCP(p)
}

// sendRTCP sends the control packet that was made in p. No lock is held.
func (t *Transport) sendRTCP(p *pipeline) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.writeRTCP(p)
}

// writeRTCP writes the control packet that was made in p. sendMu is held.
func (t *Transport) writeRTCP(p *pipeline) {
	if t.sealer.Load() == nil || !t.path.valid() || len(p.rtcp) == 0 {
		return
	}
	p.to(t.path)
	buffer := p.buffer(len(p.rtcp) + sealOverhead)
	p.commit(t.sealer.Load().SealRTCP(buffer, p.rtcp))
}
