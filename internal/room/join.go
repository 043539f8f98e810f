package room

import (
	"errors"

	"stube/internal/signal/protocol"
)

// join keeps a place in the room, makes the transports outside of the loop, since that takes a while, and enters.
func (r *Room) join(e Entry, rights Rights) (*Session, protocol.Joined, error) {
	var none protocol.Joined
	if _, err := ask(r, (*state).reserve); err != nil {
		return nil, none, err
	}
	p := newParticipant(e, rights)
	if err := r.makeTransports(p); err != nil {
		r.post(func(s *state) { s.entering-- })
		return nil, none, err
	}
	joined, err := ask(r, func(s *state) (protocol.Joined, error) { return s.enter(p), nil })
	if errors.Is(err, errEnded) {
		p.sender.Close()
		p.receiver.Close()
		return nil, none, err
	}
	return &Session{room: r, participant: p}, joined, err
}

// reserve keeps a place for somebody, so that the room neither overflows nor ends meanwhile.
func (s *state) reserve() (none struct{}, err error) {
	if limit := s.room.house.cfg.MaxParticipants; len(s.participants)+s.entering >= limit {
		return none, refuse(protocol.ErrRoomFull, "there are %d participants", limit)
	}
	s.entering++
	s.used = true
	return none, nil
}

func (r *Room) makeTransports(p *participant) (err error) {
	p.sender, err = r.router.NewSender(r.transportEvents(p, &p.quality.sending))
	if err != nil {
		return mediaError("make the transport for sending", err)
	}
	p.receiver, err = r.router.NewReceiver(r.transportEvents(p, &p.quality.receiving))
	if err != nil {
		p.sender.Close()
		return mediaError("make the transport for receiving", err)
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
	}
}

// enter puts p into the room.
func (s *state) enter(p *participant) protocol.Joined {
	s.entering--
	p.inside = true
	s.participants = append(s.participants, p)
	s.news.changed = append(s.news.changed, p)
	s.room.house.participants.Add(1)
	s.room.log.Info("participant joined", "participant_id", p.id, "participants", len(s.participants))
	s.tellQualities(p)
	s.weigh(p) // its transports may have told of trouble before
	return protocol.Joined{
		ParticipantID: p.id, Ticket: p.ticket, Snapshot: s.snapshot(),
		Send: p.sender.Description(), Receive: p.receiver.Description(),
	}
}
