package bwe

import "time"

const (
	// probeTime is how long a cluster takes at least, and probeStep the time between its bursts.
	probeTime = int64(40 * time.Millisecond)
	probeStep = int64(5 * time.Millisecond)
	// probeBytes is the least of a cluster: some packets of padding.
	probeBytes = 1400
	// probePackets is how many of a cluster must be told of.
	probePackets = 4
	// probeTimeout is how long an answer is waited for.
	probeTimeout = int64(time.Second)
	// probeStir is for how long after a cluster the queue is its work.
	probeStir = int64(200 * time.Millisecond)
	// probeQueue is the standing queue in ns with which nothing is tried.
	probeQueue = int64(25 * time.Millisecond)
	// maxUnheard is how many clusters are sent to a receiver that never answered.
	maxUnheard = 5

	// What clusters try: at the start, when more is wanted, and after one that went well.
	probeFirst = 3
	probeMore  = 1.5
	probeAgain = 2
	// probeAbove is how much more than what is wanted is tried.
	probeAbove = 1.2
	// probeWell is the share of what was tried from which on it may be more.
	probeWell = 0.8
	// probeGain is how much more than the estimate a result must be to count as one.
	probeGain = 1.1
	// usable is the share of a measured capacity that is used, when it is less than what was tried.
	usable = 0.95

	// minPatience is the time between clusters; it doubles with each that shows nothing.
	minPatience = int64(time.Second)
	maxProbing  = int64(3 * time.Second)
)

// probe tries whether the link carries more, by clusters of packets: the rate at which they arrive measures it at once,
// where growing step by step would take minutes.
type probe struct {
	state    probeState
	cluster  uint8   // the newest; 0: none yet
	rate     float64 // bit/s of the cluster
	begunAt  int64
	endsAt   int64 // its last burst; 0: not yet
	sent     int   // bytes
	packets  int
	bursts   bursts
	received received

	next     int64 // when the next cluster may begin
	patience int64
	wanted   uint64 // at the last look
	again    bool   // the last one went well: try more at once
	started  bool

	concludedAt int64
	proved      float64 // bit/s, by the newest that proved any
}

// Probes counts clusters.
type Probes struct {
	Begun      uint64
	Successful uint64 // that proved that more can be sent
}

type probeState uint8

const (
	probeIdle probeState = iota
	probeSending
	probeWaiting
)

// bursts are the times of a cluster's sending: what is sent at one time counts from then on.
type bursts struct {
	first, last int64
	before      int // bytes sent before the last burst
}

// received is what came of a cluster.
type received struct {
	packets, bytes int
	told           int // packets, lost ones too
	first, last    int64
	firstSize      int
}

// begin starts a cluster.
func (p *probe) begin(rate float64, now int64) {
	p.cluster++
	if p.cluster == 0 {
		p.cluster = 1
	}
	p.state, p.rate, p.begunAt, p.started, p.again = probeSending, rate, now, true, false
	p.endsAt, p.sent, p.packets, p.bursts, p.received = 0, 0, 0, bursts{}, received{}
}

// due tells how many bytes are to be sent now to keep a cluster's pace. Media may have run ahead of it: then the
// cluster goes on until it was caught up with, so that it ends with a burst in its time. Whoever asks late is not to
// make up for all that was missed, but for a whole cluster at the most.
func (p *probe) due(now int64) int {
	passed := now - p.begunAt
	due := int(p.rate/8*float64(passed+probeStep)/float64(time.Second)) - p.sent
	if due <= 0 {
		return 0
	}
	due = min(due, max(int(p.rate/8*float64(probeTime)/float64(time.Second)), probeBytes))
	if passed >= probeTime && p.sent+due >= probeBytes {
		p.endsAt = now
	}
	return due
}

// add counts a packet that is sent while a cluster is, unless the cluster ended before it.
func (p *probe) add(size int, now int64) bool {
	if p.endsAt != 0 && now > p.endsAt {
		p.state, p.begunAt = probeWaiting, now
		return false
	}
	if p.packets == 0 {
		p.bursts.first = now
	}
	if now != p.bursts.last {
		p.bursts.last, p.bursts.before = now, p.sent
	}
	p.sent += size
	p.packets++
	return true
}

// came notes a packet of the cluster that was told of.
func (p *probe) came(size int, came int64) {
	r := &p.received
	if r.packets == 0 || came < r.first {
		r.first, r.firstSize = came, size
	}
	r.last = max(r.last, came)
	r.packets++
	r.bytes += size
}

// measured gives the rate in bit/s that the cluster proved; 0: none.
func (p *probe) measured() float64 {
	r := &p.received
	sending, receiving := p.bursts.last-p.bursts.first, r.last-r.first
	if r.packets < probePackets || r.bytes < p.sent/10*8 || sending <= 0 || receiving <= 0 {
		return 0
	}
	sent := float64(p.bursts.before) * 8 / (float64(sending) / float64(time.Second))
	arrived := float64(r.bytes-r.firstSize) * 8 / (float64(receiving) / float64(time.Second))
	if arrived > 2*sent {
		return 0 // held up and let go at once: that measures nothing
	}
	if arrived < 0.9*sent {
		return usable * arrived
	}
	return min(sent, arrived)
}

// Probe tells how many bytes are to be sent now besides media, to try whether the link carries more: retransmissions
// or padding, noted by Sent like all else. wanted is what would be sent if it did, in bit/s. Call it again each 5 ms as
// long as Probing says so.
func (s *Sender) Probe(wanted uint64, now int64) (size int) {
	p := &s.probe
	grown := float64(wanted) > probeAbove*float64(p.wanted)
	p.wanted = wanted
	if p.state != probeIdle && now-p.begunAt >= probeTimeout {
		s.conclude(now)
	}
	switch p.state {
	case probeSending:
		if p.endsAt == 0 || now <= p.endsAt {
			return p.due(now)
		}
		p.state, p.begunAt = probeWaiting, now
		return 0
	case probeWaiting:
		return 0
	}
	if grown && p.started {
		p.patience = minPatience
		p.next = min(p.next, max(now, s.aimd.fellAt+minPatience))
	}
	if rate := s.probeRate(float64(wanted), now); rate > 0 {
		p.begin(rate, now)
		s.probes.Begun++
		return p.due(now)
	}
	return 0
}

// Probes counts the clusters so far, on all ways.
func (s *Sender) Probes() Probes { return s.probes }

// Probing tells whether a cluster is being sent.
func (s *Sender) Probing() bool { return s.probe.state == probeSending }

// probeRate gives the bit/s of a cluster that is to begin now; 0: none is.
func (s *Sender) probeRate(wanted float64, now int64) float64 {
	p, estimate := &s.probe, s.aimd.bitrate
	limit := probeAbove * wanted
	switch {
	case wanted <= estimate:
		return 0
	case !p.started:
		return min(probeFirst*estimate, limit)
	case !s.heard && p.cluster >= maxUnheard, s.Queue(now) > probeQueue:
		return 0
	case p.again:
		return min(probeAgain*estimate, limit)
	case now >= p.next:
		return min(probeMore*estimate, limit)
	}
	return 0
}

// judge ends a cluster when all its packets were told of.
func (s *Sender) judge(now int64) {
	if p := &s.probe; p.state == probeWaiting && p.received.told >= p.packets {
		s.conclude(now)
	}
}

// conclude ends a cluster, and raises the estimate to what it proved.
func (s *Sender) conclude(now int64) {
	p := &s.probe
	p.state, p.concludedAt = probeIdle, now
	proved := p.measured()
	if proved > 0 {
		p.proved = proved
	}
	if proved < probeGain*s.aimd.bitrate || s.trend.usage == usageOver && s.delay.queue > quietQueue {
		p.failed(now)
		return
	}
	s.probes.Successful++
	p.again = proved >= probeWell*p.rate
	p.patience = minPatience
	p.next = now + p.patience
	if proved > s.aimd.capacity.high() {
		s.aimd.capacity = capacity{}
	}
	s.aimd.set(proved, now)
	s.acked.expectChange()
}

// stirs tells whether a queue may be the work of a cluster.
func (p *probe) stirs(now int64) bool {
	return p.started && (p.state != probeIdle || now-p.concludedAt < probeStir)
}

// fell gives a cluster up after an overuse, and waits with the next.
func (p *probe) fell(now int64) {
	if p.state != probeIdle {
		p.state = probeIdle
		p.failed(now)
	}
	p.again = false
	p.next = max(p.next, now+p.patience)
}

// failed waits longer for the next cluster.
func (p *probe) failed(now int64) {
	p.patience = min(max(2*p.patience, minPatience), maxProbing)
	p.next, p.again = now+p.patience, false
}
