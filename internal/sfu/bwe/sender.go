package bwe

import (
	"time"

	"stube/internal/sfu/rtcp"
)

const (
	// sentWindow is how many packets sent are remembered, a power of two: at 20 Mbit/s a second of them.
	sentWindow = 2048
	// StartRate is the estimate in bit/s before anything is known.
	StartRate = 2_000_000
	// quietQueue is the standing queue in ns below which a slope is taken for jitter.
	quietQueue = int64(10 * time.Millisecond)
	// queueFresh is for how long a queue counts as it was told.
	queueFresh = int64(150 * time.Millisecond)
	// standingQueue is the standing queue in ns with which the estimate doesn't grow.
	standingQueue = int64(25 * time.Millisecond)
	// steepQueue is the standing queue in ns from which on its growth is overuse in itself.
	steepQueue = int64(80 * time.Millisecond)
	// heavyQueue is the standing queue in ns that no key frame makes.
	heavyQueue = int64(250 * time.Millisecond)
	// draining is how long at the most less is sent after an overuse so that the queue goes, and deepQueue from where
	// on: what exceeds that is to go within about drainTime.
	draining  = int64(3 * time.Second)
	deepQueue = int64(40 * time.Millisecond)
	drainTime = float64(250 * time.Millisecond)
	minDrain  = 0.2
	// patientSilence is for how long nothing may be heard of what is sent; each such time more halves the estimate.
	patientSilence = int64(time.Second)
	// baseWindow is how long the least delay is remembered.
	baseWindow = int64(10 * time.Second)
)

// Sender estimates what the way to a receiver carries, from its transport-wide feedback about the packets that it is
// sent (draft-ietf-rmcat-gcc-02, "the draft" in this package, with the trend filter of its successors, see trend, and
// with probes). It has no clock, no goroutine and no lock: the caller brings the time, in ns of any clock, and calls
// one method at a time. After NewSender nothing allocates.
type Sender struct {
	// What is touched for each packet, together.
	next    int64 // the number of the next packet
	epoch   int64 // of the times in sent
	unheard int64 // when the first packet after the newest feedback was sent; 0: none was
	probe   probe
	sent    [sentWindow]sentPacket // by number

	heard  bool   // feedback came about the way that packets go now
	tells  bool   // feedback ever came
	ticks  uint32 // the newest arrival told, and its time
	clock  int64
	rtt    int64
	groups groups
	trend  trend
	acked  acked
	full   full
	aimd   aimd
	losses losses
	delay  delay
	overs  int // messages in a row that told overuse
	probes Probes
}

// sentPacket is one that was sent.
type sentPacket struct {
	at      uint32 // µs since the epoch, modulo 2^32
	size    uint16
	state   state
	cluster uint8 // of a probe; 0: none
}

// state is what was told of a packet.
type state uint8

const (
	stateUnsent state = iota
	stateSent
	stateLost
	stateCame
)

// delay follows the least delay of each message above the least of the last time: the queue that stands.
type delay struct {
	known          bool
	base, baseNext int64 // least in the last window and in this
	since          int64
	least          int64 // in this message
	any            bool
	queue, before  int64 // ns, and by the message before
	at             int64 // when it was told
	drainUntil     int64
}

// NewSender returns an estimator that knows nothing yet.
func NewSender(now int64) *Sender {
	s := &Sender{epoch: now}
	s.aimd.guess(StartRate, now)
	s.probe.patience = minPatience
	return s
}

// Sent notes a packet of so many bytes and gives its transport-wide number.
func (s *Sender) Sent(size int, now int64) (sequence uint16) {
	e := &s.sent[s.next&(sentWindow-1)]
	e.at, e.size, e.state, e.cluster = uint32((now-s.epoch)/1000), uint16(size), stateSent, 0
	if s.probe.state == probeSending && s.probe.add(size, now) {
		e.cluster = s.probe.cluster
	}
	if s.unheard == 0 {
		s.unheard = now
	}
	sequence = uint16(s.next)
	s.next++
	return sequence
}

// Restart forgets what was learnt of a way, because packets go another one from now on.
func (s *Sender) Restart(now int64) {
	rate := min(s.aimd.bitrate, StartRate)
	for i := range s.sent {
		s.sent[i].state = stateUnsent
	}
	s.heard, s.unheard, s.overs, s.rtt = false, 0, 0, 0
	s.groups, s.trend, s.acked, s.full = groups{}, trend{}, acked{}, full{}
	s.aimd, s.losses, s.delay = aimd{}, losses{}, delay{}
	s.probe = probe{cluster: s.probe.cluster, patience: minPatience}
	s.aimd.guess(rate, now)
}

// Estimate is what may be sent now, in bit/s: what the way carries, less what is needed to empty a queue.
func (s *Sender) Estimate(now int64) uint64 {
	rate := s.carries(now)
	if queue := s.Queue(now); now < s.delay.drainUntil && queue > deepQueue {
		rate *= max(1-float64(queue-deepQueue)/drainTime, minDrain)
	}
	return uint64(max(rate, floorRate))
}

// Carries is what the way carries, in bit/s, whether a queue must be emptied or not.
func (s *Sender) Carries(now int64) uint64 { return uint64(max(s.carries(now), floorRate)) }

func (s *Sender) carries(now int64) float64 {
	rate := s.aimd.bitrate
	if s.tells && s.unheard != 0 {
		for silence := now - s.unheard; silence > patientSilence && rate > floorRate; silence -= patientSilence {
			rate /= 2
		}
	}
	return rate
}

// Unanswered tells whether no feedback has ever come, on any way, though packets have been sent for a while.
func (s *Sender) Unanswered(now int64) bool {
	return !s.tells && s.unheard != 0 && now-s.unheard > patientSilence
}

// Heard tells whether feedback has come about the way that packets go now: before, the estimate is a guess.
func (s *Sender) Heard() bool { return s.heard }

// Known is what the way carries, in bit/s, as far as anything showed it: a cluster, growth that went well, a queue or
// loss. False: nothing has yet, and the estimate is a guess.
func (s *Sender) Known(now int64) (rate uint64, ok bool) {
	if s.aimd.measured {
		return s.Carries(now), true
	}
	return min(uint64(s.probe.proved), s.Carries(now)), s.probe.proved > 0
}

// Acked is what arrives at the receiver, in bit/s; 0: not known.
func (s *Sender) Acked() uint64 { return uint64(s.acked.bitrate()) }

// Loss is the share of packets lost in about the last second, 0 to 1.
func (s *Sender) Loss() float64 { return s.losses.share }

// RTT is the time from sending a packet to being told of it, in ns; 0: not known.
func (s *Sender) RTT() int64 { return s.rtt }

// Queue is by how much, in ns, packets come later than they could: the queue on the way that stands. When nothing is
// heard of it, because nothing is sent, it has emptied as time passed.
func (s *Sender) Queue(now int64) int64 {
	return max(s.delay.queue-max(now-s.delay.at-queueFresh, 0), 0)
}

// Feedback takes a KindTransportCC. What it says of packets that were not sent, or too long ago, is ignored.
func (s *Sender) Feedback(message rtcp.Packet, now int64) {
	newest := int64(-1)
	s.delay.any = false
	s.full.begin()
	for a := range message.Arrivals() {
		number := s.next - 1 - int64(uint16(s.next-1)-a.Sequence)
		if number < 0 || number < s.next-sentWindow {
			continue
		}
		e := &s.sent[number&(sentWindow-1)]
		if !a.Came {
			s.missed(e, s.sentAt(e, now))
			continue
		}
		if e.state == stateCame || e.state == stateUnsent {
			continue
		}
		sent := s.sentAt(e, now)
		came := s.arrival(uint32(a.Ticks))
		s.arrived(e, sent, came)
		newest = max(newest, sent)
		if sentLater, cameLater, ok := s.groups.add(sent, came); ok {
			s.trend.add(sentLater, cameLater, came)
		}
	}
	if newest < 0 {
		return
	}
	s.heard, s.tells, s.unheard = true, true, 0
	s.rtt = now - newest
	s.delay.update(now)
	s.adjust(now)
}

// sentAt is when a packet was sent.
func (s *Sender) sentAt(e *sentPacket, now int64) int64 {
	passed := uint32((now-s.epoch)/1000) - e.at
	return now - now%1000 - int64(passed)*1000
}

// arrival unwraps an arrival, to ns on the receiver's clock.
func (s *Sender) arrival(ticks uint32) int64 {
	if !s.heard && s.clock == 0 {
		s.ticks, s.clock = ticks, int64(ticks)+1<<32
	}
	s.clock += int64(int32(ticks - s.ticks))
	s.ticks = ticks
	return s.clock * tick
}

func (s *Sender) missed(e *sentPacket, sent int64) {
	if e.state != stateSent {
		return
	}
	e.state = stateLost
	if sent > s.losses.from {
		s.losses.lost++
	}
	if e.cluster != 0 && e.cluster == s.probe.cluster {
		s.probe.received.told++
	}
}

func (s *Sender) arrived(e *sentPacket, sent, came int64) {
	counts := sent > s.losses.from
	if e.state == stateLost { // it was late, not lost
		if counts {
			s.losses.lost--
		}
	} else if e.cluster != 0 && e.cluster == s.probe.cluster {
		s.probe.received.told++
	}
	e.state = stateCame
	if counts {
		s.losses.came++
	}
	s.acked.add(came, int(e.size))
	if e.cluster != 0 && e.cluster == s.probe.cluster {
		s.probe.came(int(e.size), came)
	}
	if s.delay.known {
		s.full.add(came-sent-s.delay.base, came, int(e.size))
	}
	s.delay.add(came - sent)
}

// adjust changes the estimate after a message.
func (s *Sender) adjust(now int64) {
	u, full := s.usage(now), s.full.lately(now)
	arriving := s.acked.bitrate()
	sent := arriving / (1 - min(s.losses.share, 0.5))
	if s.losses.due(now) {
		if limit := s.losses.limit(s.aimd.bitrate, arriving); limit < s.aimd.bitrate {
			s.aimd.set(limit, now)
			s.aimd.phase = phaseHold
			s.losses.forget(now)
			s.probe.failed(now)
		}
	}
	target := backOff * arriving
	if u == usageOver {
		arriving = s.acked.peak()
		target = backOff * arriving
		if full > 0 {
			arriving, target = full, fullShare*full
		}
	}
	if u == usageNormal && (s.losses.unhealthy || s.delay.queue > standingQueue) {
		u = usageUnder // hold
	}
	if s.aimd.update(u, arriving, sent, target, s.rtt, now) {
		s.delay.drainUntil = now + draining
		s.losses.forget(now)
		s.probe.fell(now)
	}
	s.judge(now)
}

// usage tells what is to be done, from the trend and the queue that stands.
func (s *Sender) usage(now int64) usage {
	u, d := s.trend.usage, &s.delay
	fell := s.full.floor > steepQueue && s.full.bitrate() > 0 && s.full.bitrate() < fallen*s.aimd.bitrate
	switch {
	case fell && d.queue >= d.before:
		u = usageOver
	case u == usageOver && d.queue < quietQueue, u == usageOver && d.queue < deepQueue && s.probe.stirs(now):
		u = usageNormal
	case u == usageOver && d.before-d.queue > quietQueue/2:
		u = usageUnder // less is sent than the link carries: what arrives doesn't measure it
	case d.queue > steepQueue && d.queue-d.before > quietQueue:
		u = usageOver // the trend needs some more groups to see it
	case d.queue > steepQueue && d.queue >= d.before && now-s.aimd.fellAt > draining:
		u = usageOver // it grows too slowly for the trend
	}
	if u != usageOver {
		s.overs = 0
		return u
	}
	if s.overs++; s.overs == 1 && d.queue < heavyQueue && !fell {
		return usageUnder // it may be a key frame, whose queue will be shorter by the next message: hold
	}
	if d.queue > steepQueue {
		s.acked.expectChange()
	}
	return u
}

// add takes the delay of a packet: a difference of two clocks, of which only changes mean something.
func (d *delay) add(ns int64) {
	if !d.any || ns < d.least {
		d.least, d.any = ns, true
	}
}

func (d *delay) update(now int64) {
	if !d.any {
		return
	}
	if !d.known {
		d.base, d.baseNext, d.since, d.known = d.least, d.least, now, true
	}
	if now-d.since > baseWindow {
		d.base, d.baseNext, d.since = d.baseNext, d.least, now
	}
	d.baseNext = min(d.baseNext, d.least)
	d.base = min(d.base, d.least)
	d.before, d.queue, d.at = d.queue, d.least-d.base, now
}
