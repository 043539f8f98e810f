package sfu

import "time"

const (
	// pacingNumerator and pacingDenominator are how many times faster than what the way carries on average video may
	// leave: slow enough for sound not to wait long behind a key frame, fast enough for a picture to begin soon.
	pacingNumerator, pacingDenominator = 5, 2
	// pacedBurst is for how long of that rate packets leave at once, and minBurst the bytes that always may: the usual
	// frame goes as it came, in one batch with those to all others.
	pacedBurst = int64(20 * time.Millisecond)
	minBurst   = 6000
	// maxHeld is how many packets are held back for a client at the most, and maxHeldTime for how long.
	maxHeld     = 256
	maxHeldTime = int64(250 * time.Millisecond)
	// maxPaced is the estimate in bit/s above which nothing is held back.
	maxPaced = 1_000_000_000
)

// pacer holds back what would pile up in front of a narrow link, such as the rest of a key frame, and lets it follow
// in small bursts. Sound and what is sent again pass it by. It is guarded by the transport's sendMu.
type pacer struct {
	tokens int64 // bytes that may leave at once
	at     int64 // when they were counted
	// A ring of what is held back; nil until something is.
	held         []held
	first, count int
}

// held is a video packet that has its number and is not sent yet. Its bytes are in the history of its stream.
type held struct {
	consumer *Consumer
	sequence int64 // the outgoing number
	at       int64 // since when
}

// open tells whether a packet may leave now, with an estimate in bit/s of what the way carries.
func (a *pacer) open(estimate uint64, now int64) bool {
	if a.tokens > 0 {
		return true
	}
	if estimate == 0 || estimate > maxPaced { // not known, or of no interest
		a.tokens, a.at = 0, now
		return true
	}
	rate := int64(estimate) / 8 * pacingNumerator / pacingDenominator
	passed := min(now-a.at, int64(time.Second))
	a.tokens = min(a.tokens+rate*passed/int64(time.Second), max(rate*pacedBurst/int64(time.Second), minBurst))
	a.at = now
	return a.tokens > 0
}

// push keeps a packet behind those held already. There must be room.
func (a *pacer) push(h held) {
	if a.held == nil {
		a.held = make([]held, maxHeld)
	}
	a.held[(a.first+a.count)%maxHeld] = h
	a.count++
}

// pop takes the packet that was held for the longest time. There must be one.
func (a *pacer) pop() held {
	h := a.held[a.first]
	a.held[a.first] = held{}
	a.first, a.count = (a.first+1)%maxHeld, a.count-1
	return h
}

// holdBack takes a packet of so many bytes that is about to leave, and tells whether it is held back: no packet
// overtakes one that is. sendMu is held.
func (t *Transport) holdBack(p *pipeline, c *Consumer, sequence int64, size int) bool {
	a := &t.congestion.pacer
	if a.count == maxHeld {
		t.let(p, a.pop())
	}
	if a.count == 0 && a.open(t.estimate, p.now) {
		a.tokens -= int64(size)
		return false
	}
	a.push(held{c, sequence, p.now})
	p.traffic.held.Add(1)
	if !t.congestion.bursting {
		t.askForBursts(p)
	}
	return true
}

// askForBursts has a Worker send what is held back: the one at hand, or where a packet came by TCP that of the client.
// sendMu is held.
func (t *Transport) askForBursts(p *pipeline) {
	if p.worker == nil {
		t.urge()
		return
	}
	t.congestion.bursting = true
	p.bursting = append(p.bursting, t)
}

// release sends what was held back as far as it may leave now, and tells whether there is more. sendMu is held.
func (t *Transport) release(p *pipeline) (more bool) {
	a := &t.congestion.pacer
	if a.count == 0 {
		return false
	}
	p.to(t.path)
	for a.count > 0 {
		if p.now-a.held[a.first].at < maxHeldTime && !a.open(t.estimate, p.now) {
			return true
		}
		t.let(p, a.pop())
	}
	return false
}

// let sends a packet that was held back, unless its consumer has come to want nothing. sendMu is held.
func (t *Transport) let(p *pipeline, h held) {
	if t.sealer.Load() == nil || !t.path.valid() || t.closed.Load() || h.consumer.idle() {
		return
	}
	t.congestion.pacer.tokens -= int64(h.consumer.sendHeld(p, h.sequence))
}

// sendHeld sends the packet with the outgoing number from the history of its stream, and tells the bytes that went out.
// sendMu is held.
func (c *Consumer) sendHeld(p *pipeline, sequence int64) (size int) {
	g, out, incoming := c.sequence.find(uint16(sequence))
	if g == nil || out != sequence {
		return 0
	}
	buffer, n, was := c.recall(p, g, incoming, 0)
	if n == 0 {
		return 0
	}
	address(buffer, uint16(out), was.timestamp+g.timeShift, c.ssrc)
	p.commit(c.transport.sealer.Load().SealRTP(buffer, was.headerLen, buffer[was.headerLen:n], c.ssrc, uint64(out)))
	c.sent.packets++
	c.sent.bytes += uint64(n - was.headerLen)
	return n
}
