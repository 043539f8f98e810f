package room

import "stube/internal/signal/protocol"

// quality is how well a participant is connected.
type quality struct {
	sending, receiving path
	told               protocol.ConnectionLevel // what the others know; "" stands for good
	changed            bool                     // the others are to be told
}

// path is one transport's way to the client.
type path struct {
	down  bool
	level protocol.ConnectionLevel // "" stands for good
}

// rank orders levels, the worst highest.
func rank(level protocol.ConnectionLevel) int {
	switch level {
	case protocol.ConnectionFair:
		return 1
	case protocol.ConnectionPoor:
		return 2
	case protocol.ConnectionLost:
		return 3
	}
	return 0
}

// level is the worse of both ways.
func (q *quality) level() protocol.ConnectionLevel {
	worst := protocol.ConnectionGood
	for _, way := range []path{q.sending, q.receiving} {
		level := way.level
		if way.down {
			level = protocol.ConnectionLost
		}
		if rank(level) > rank(worst) {
			worst = level
		}
	}
	return worst
}

// weigh notes that a way of p may have become better or worse.
func (s *state) weigh(p *participant) {
	if p.inside && !p.quality.changed {
		p.quality.changed = true
		s.news.qualities = append(s.news.qualities, p)
	}
}

func (s *state) publishQualities() {
	var changed []protocol.ParticipantQuality
	for _, p := range s.news.qualities {
		p.quality.changed = false
		if level := p.quality.level(); p.inside && rank(level) != rank(p.quality.told) {
			p.quality.told = level
			changed = append(changed, protocol.ParticipantQuality{ParticipantID: p.id, Level: level})
		}
	}
	s.news.qualities = nil
	if len(changed) > 0 {
		s.tell(notify(protocol.MethodQuality, protocol.Quality{Participants: changed}))
	}
}

// tellQualities tells a new connection who is not well connected.
func (s *state) tellQualities(to *participant) {
	var bad []protocol.ParticipantQuality
	for _, p := range s.participants {
		if rank(p.quality.told) > 0 {
			bad = append(bad, protocol.ParticipantQuality{ParticipantID: p.id, Level: p.quality.told})
		}
	}
	if len(bad) > 0 {
		to.send(notify(protocol.MethodQuality, protocol.Quality{Participants: bad}))
	}
}
