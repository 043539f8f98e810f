package room

import (
	"maps"
	"slices"
	"strings"
	"time"

	"stube/internal/signal/protocol"
)

// resumeTimeout is how long a participant is kept whose connection was lost.
const resumeTimeout = protocol.ResumeSeconds * time.Second

// lose marks p as reconnecting, and lets it leave unless it is back in time.
func (s *state) lose(p *participant) {
	p.outbox = nil
	p.epoch++
	epoch := p.epoch
	p.expiry = time.AfterFunc(resumeTimeout, func() {
		s.room.post(func(s *state) {
			if p.inside && p.epoch == epoch {
				s.leave(p, protocol.LeftByTimeout)
			}
		})
	})
	s.touch(p)
	s.room.log.Info("connection lost", "participant_id", p.id)
}

func (r *Room) resume(back Return) (*Session, protocol.Resumed, error) {
	session := &Session{room: r}
	resumed, err := ask(r, func(s *state) (protocol.Resumed, error) {
		p := s.holder(back.Ticket)
		if p == nil || s.lent(p.claim, back.Caller) {
			return protocol.Resumed{}, refuse(protocol.ErrResumeExpired, "nobody to resume with this ticket")
		}
		session.participant = p
		resumed := s.reconnect(p, back.Outbox)
		session.epoch = p.epoch
		return resumed, nil
	})
	return session, resumed, err
}

// holder finds the participant whose ticket it is: by the id before the point, then by the whole in constant time.
func (s *state) holder(ticket string) *participant {
	id, _, _ := strings.Cut(ticket, ".")
	p := s.participant(id)
	if p == nil || !p.holds(ticket) {
		return nil
	}
	return p
}

// reconnect gives p a new connection. One that is still there is told that it was replaced.
func (s *state) reconnect(p *participant, outbox Outbox) protocol.Resumed {
	if p.expiry != nil {
		p.expiry.Stop()
		p.expiry = nil
	}
	if p.outbox == nil {
		s.touch(p)
	}
	p.end(protocol.ErrReplaced)
	p.epoch++
	p.outbox = outbox
	p.ended = nil
	if p.admits() {
		s.tellKnocks(p)
	}
	s.tellQualities(p)
	p.tellLayers()
	p.tellWishes()
	s.room.log.Info("participant resumed", "participant_id", p.id)
	return protocol.Resumed{
		ParticipantID: p.id, You: p.you(), Snapshot: s.snapshot(), ConsumerIDs: slices.Sorted(maps.Keys(p.consumers)),
	}
}
