package sfu

import "time"

// Quality is a coarse measure of a connection, from its loss and delay, and from what it carries: one that carries
// sound alone is poor, and one for which some video is paused is fair at the best.
type Quality uint8

// The levels of Quality.
const (
	QualityGood Quality = iota
	QualityFair
	QualityPoor
)

const (
	qualityInterval = 2 * time.Second
	fairLoss        = 8  // of 256: 3 %
	poorLoss        = 26 // 10 %
	fairRTT         = 300 * time.Millisecond
	poorRTT         = 800 * time.Millisecond
)

// meter follows a connection's Quality.
type meter struct {
	told   Quality
	before Quality // of the last look: a change must hold for two
	next   int64
}

func (m *meter) due(now int64) bool {
	if now < m.next {
		return false
	}
	m.next = now + int64(qualityInterval)
	return true
}

// see takes the Quality of now and tells whether it changed for good.
func (m *meter) see(q Quality) bool {
	steady := q == m.before
	m.before = q
	if !steady || q == m.told {
		return false
	}
	m.told = q
	return true
}

// rate measures the connection and tells a change. recvMu and sendMu are held.
func (t *Transport) rate(p *pipeline) {
	var loss uint8
	var rtt int64
	paused := false
	for _, c := range t.consumers {
		if c.receiver.fresh {
			c.receiver.fresh = false
			loss, rtt = max(loss, c.receiver.fraction), max(rtt, c.receiver.rtt)
		}
		paused = paused || c.limited && c.target == none
	}
	for _, in := range t.inbound {
		if !in.rtx {
			loss = max(loss, in.stream.recentLoss)
		}
	}
	q := QualityGood
	switch {
	case loss >= poorLoss || rtt >= int64(poorRTT) || paused && bool(t.congestion.famine):
		q = QualityPoor
	case loss >= fairLoss || rtt >= int64(fairRTT) || paused:
		q = QualityFair
	}
	if t.quality.see(q) && t.config.Quality != nil {
		tell := t.config.Quality
		p.events = append(p.events, func() { tell(q) })
	}
}
