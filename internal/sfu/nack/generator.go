// Package nack decides which packets of a stream to ask for again.
//
// It counts on extended sequence numbers and the caller's clock, owns no goroutine, and must not know packets,
// transports or what a stream carries.
package nack

import (
	"cmp"
	"slices"
	"time"
)

const (
	// reorderPackets and reorderTime are how long a gap may be mere reordering: until a packet this far ahead of it
	// came, or this long after it was noticed. Where packets are known to come late it is as long as they take.
	reorderPackets = 2
	reorderTime    = int64(5 * time.Millisecond)

	// maxTries is how often a packet is asked for.
	maxTries = 10
	// maxBehind is how far behind the newest a packet is still of use.
	maxBehind = 1000
	// maxMissing bounds the packets followed at a time; beyond it a stream needs a key frame, not packets.
	maxMissing = 256
)

// Generator follows the gaps of one stream. The zero value is ready; it is not safe for concurrent use. It allocates
// once, at the stream's first gap.
type Generator struct {
	started bool
	highest int64
	missing []gap // ascending by seq
	asked   uint64
	trip    roundTrip
	order   reordering
	apart   bool // retransmissions come as such, so that all others came by themselves
}

// gap is a packet that didn't come.
type gap struct {
	seq     int64
	since   int64 // when it was noticed, and then when it was last asked for, in ns
	noticed int64
	asked   int64 // when it was first asked for
	tries   uint8
}

// Arrived notes that the packet with this extended sequence number is there, at the time now in nanoseconds: by itself
// or, if retransmissions are not told apart (Recovered), by one.
func (g *Generator) Arrived(seq, now int64) {
	switch {
	case !g.started:
		g.started, g.highest = true, seq
	case seq == g.highest+1 && len(g.missing) == 0:
		g.highest = seq
	case seq > g.highest:
		g.advance(seq, now)
	default:
		if i, found := g.find(seq); found {
			if m := &g.missing[i]; g.apart || m.tries == 0 {
				g.order.late(now - m.noticed)
			} else {
				g.answered(m, now)
			}
			g.missing = slices.Delete(g.missing, i, i+1)
		}
	}
}

// Recovered notes that the packet was sent again in a stream of retransmissions, and tells whether it was missing.
func (g *Generator) Recovered(seq, now int64) (missing bool) {
	g.apart = true
	i, found := g.find(seq)
	if found {
		g.answered(&g.missing[i], now)
		g.missing = slices.Delete(g.missing, i, i+1)
	}
	return found
}

// answered notes that a packet came because it was asked for, as far as one can tell.
func (g *Generator) answered(m *gap, now int64) {
	g.trip.answered(m, now)
	g.order.lost()
}

// advance notes the gap between the highest so far and seq, and forgets what came to be too old.
func (g *Generator) advance(seq, now int64) {
	oldest := seq - maxBehind
	g.forget(func(m *gap) bool { return m.seq < oldest })
	first := max(g.highest+1, oldest, seq-maxMissing)
	g.highest = seq
	if first == seq {
		return
	}
	if g.missing == nil {
		g.missing = make([]gap, 0, maxMissing)
	}
	if over := len(g.missing) + int(seq-first) - maxMissing; over > 0 {
		g.missing = slices.Delete(g.missing, 0, over)
	}
	for s := first; s < seq; s++ {
		g.missing = append(g.missing, gap{seq: s, since: now, noticed: now})
	}
}

// Due appends the sequence numbers to ask for at the time now, in nanoseconds and ascending order, and counts them as
// asked for. A packet is asked for as soon as it can't be mere reordering, again when an answer is overdue by what the
// sender's answers took so far, and given up after ten times.
func (g *Generator) Due(dst []uint16, now int64) []uint16 {
	if len(g.missing) == 0 {
		return dst
	}
	again := now - g.trip.interval()
	g.forget(func(m *gap) bool { return m.tries == maxTries && m.since <= again })
	for i := range g.missing {
		m := &g.missing[i]
		due := m.tries < maxTries && m.since <= again
		if m.tries == 0 {
			due = g.overdue(m, now)
		}
		if due {
			if m.tries++; m.tries == 1 {
				m.asked = now
				g.asked++
			}
			m.since = now
			dst = append(dst, uint16(m.seq))
		}
	}
	return dst
}

// overdue tells whether a gap has had the time in which it may be mere reordering.
func (g *Generator) overdue(m *gap, now int64) bool {
	if patience := g.order.patience(); patience > 0 {
		return m.since <= now-patience
	}
	return g.highest-m.seq >= reorderPackets || m.since <= now-reorderTime
}

// Pending is how many packets are waited for.
func (g *Generator) Pending() int { return len(g.missing) }

// Asked is how many packets were asked for so far, each counted once.
func (g *Generator) Asked() uint64 { return g.asked }

func (g *Generator) find(seq int64) (int, bool) {
	return slices.BinarySearchFunc(g.missing, seq, func(m gap, seq int64) int { return cmp.Compare(m.seq, seq) })
}

// forget gives up the packets for which hopeless is true.
func (g *Generator) forget(hopeless func(*gap) bool) {
	kept := g.missing[:0]
	for i := range g.missing {
		if !hopeless(&g.missing[i]) {
			kept = append(kept, g.missing[i])
		}
	}
	for range len(g.missing) - len(kept) {
		g.order.lost()
	}
	g.missing = kept
}
