package room

import (
	"slices"

	"stube/internal/signal/protocol"
)

// join knocks at the door. When that opens, it makes the transports outside of the loop, since that takes a while, and
// enters.
func (r *Room) join(e Entry, c *claim) (*Session, protocol.Joined, error) {
	var (
		none   protocol.Joined
		router Router
	)
	p, err := ask(r, func(s *state) (*participant, error) {
		p, err := s.knock(e, c)
		if err == nil {
			router = s.meeting.router
		}
		return p, err
	})
	if err != nil {
		return nil, none, err
	}
	if err := r.makeTransports(router, p); err != nil {
		r.post(func(s *state) { s.turnBack(p) })
		return nil, none, err
	}
	joined, err := ask(r, func(s *state) (protocol.Joined, error) { return s.enter(p) })
	if err != nil {
		p.sender.Close()
		p.receiver.Close()
		return nil, none, err
	}
	return &Session{room: r, participant: p}, joined, nil
}

// turnBack gives up the place of somebody who does not enter after all.
func (s *state) turnBack(p *participant) {
	s.entering = slices.DeleteFunc(s.entering, func(other *participant) bool { return other == p })
	s.watchHosts()
}

func (r *Room) makeTransports(router Router, p *participant) (err error) {
	p.sender, err = router.NewSender(p.id, r.transportEvents(p, &p.quality.sending))
	if err != nil {
		return mediaError("make the transport for sending", err)
	}
	p.receiver, err = router.NewReceiver(p.id, r.transportEvents(p, &p.quality.receiving))
	if err != nil {
		p.sender.Close()
		return mediaError("make the transport for receiving", err)
	}
	if r.isCheck() {
		p.receiver.Explore(checkTime)
	}
	return nil
}

// transportEvents brings what the media core tells of a transport into the loop. path is only touched there.
func (r *Room) transportEvents(p *participant, path *path) TransportEvents {
	return TransportEvents{
		Path: func(up bool) {
			r.post(func(s *state) {
				path.down = !up
				s.weigh(p)
			})
		},
		Quality: func(level protocol.ConnectionLevel) {
			r.post(func(s *state) {
				path.level = level
				s.weigh(p)
			})
		},
		Consumers: func(states []protocol.ConsumerState) {
			r.post(func(*state) { p.layersChanged(states) })
		},
		Producers: func(wishes []protocol.ProducerWish) {
			r.post(func(*state) { p.wished(wishes) })
		},
	}
}

// enter puts p into the room, unless p was banned or logged out in this moment.
func (s *state) enter(p *participant) (protocol.Joined, error) {
	if s.banned(p.claim) {
		s.turnBack(p)
		return protocol.Joined{}, refuse(protocol.ErrRefused, "caller is banned")
	}
	if p.loggedOut {
		s.turnBack(p)
		return protocol.Joined{}, refuse(protocol.ErrLogInRequired, "the caller's log-in has ended")
	}
	s.entering = slices.DeleteFunc(s.entering, func(other *participant) bool { return other == p })
	if p.place != nil && slices.Contains(s.waiting, p.place) {
		s.giveUp(p.place, "")
	}
	p.halted = p.halted && s.meeting.condition.Panic // which may have passed meanwhile
	s.refresh(p)
	p.inside = true
	if !s.meeting.settings.ChatHistory {
		p.tongue.from = s.meeting.chat.Last()
	}
	s.participants = append(s.participants, p)
	s.news.changed = append(s.news.changed, p)
	s.room.house.participants.Add(1)
	s.room.log.Info("participant joined", "participant_id", p.id, "participants", len(s.participants))
	s.watchHosts()
	if p.role == protocol.Host {
		s.reconsider()
	}
	if p.admits() {
		s.tellKnocks(p)
	}
	s.tellQualities(p)
	s.weigh(p) // its transports may have told of trouble before
	return protocol.Joined{
		ParticipantID: p.id, Ticket: p.ticket, You: p.you(), Snapshot: s.snapshot(),
		Send: p.sender.Description(), Receive: p.receiver.Description(), AudioSlots: s.audioSlots(),
	}, nil
}
