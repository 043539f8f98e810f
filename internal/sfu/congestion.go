package sfu

import (
	"encoding/binary"
	"math"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

const (
	// datagramOverhead is how many bytes a packet has beside its RTP header and payload: IPv4, UDP, and the tag.
	datagramOverhead = 20 + 8 + 16
	// noteworthy is the part of an estimate, of 16, by which it must have fallen for layers to be chosen anew at once.
	noteworthy = 1
	// explored is up to where a way is tried, in bit/s: what the sharpest picture takes.
	explored = 3_000_000
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
	pacer  pacer
	// A Worker sends the bursts of a probe, or of what was held back.
	bursting  bool
	exploring int64 // until then it is tried whether the way carries more than is wanted
	famine    famine
	fall      fall
}

// TransportStats is what is known of the way to a client.
type TransportStats struct {
	Estimate  uint64        // bit/s that it carries, as far as was measured; math.MaxUint64: no limit is known
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
	now := t.server.now()
	stats := TransportStats{Estimate: t.estimate}
	if _, guessed := t.estimated(now); guessed {
		stats.Estimate = math.MaxUint64
	}
	if s := t.congestion.sender; s != nil && s.Heard() {
		if known, ok := s.Known(now); ok {
			stats.Estimate = known
		}
		stats.Arriving, stats.Loss = s.Acked(), s.Loss()
		stats.RoundTrip, stats.Queue = time.Duration(s.RTT()), time.Duration(s.Queue(now))
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
func (t *Transport) want(demands []demand, audio uint64, now int64) {
	sum := audio
	for i := range demands {
		d := &demands[i]
		cost := d.steps[d.best()].cost
		if sum += cost; d.before < d.best() {
			sum += cost / keyFrameRoom
		}
	}
	if now < t.congestion.exploring {
		sum = max(sum, explored)
	}
	t.congestion.wanted = sum
}

// Explore has probes try for some time whether the way to the client carries the sharpest picture, though less is sent:
// once the client has proved itself and gets some video. They are some kilobytes each, in the long run one in three
// seconds, and end when one shows it, or when five found no answer.
func (t *Transport) Explore(d time.Duration) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	t.congestion.exploring = t.server.now() + int64(d)
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
		t.congestion.fall = fall{}
	}
	t.path, t.adopted = to, path{}
}
