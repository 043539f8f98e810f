package room

import (
	"time"

	"golang.org/x/time/rate"

	"stube/internal/room/chat"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// How fast somebody may write and react: so many at once, and so many a second in the long run.
const (
	chatBurst, chatRate         = 10, 1
	reactionBurst, reactionRate = 5, 1
)

// tongue is what a participant may say and hear.
type tongue struct {
	writes, reacts *rate.Limiter
	from           uint64 // messages up to this one were written before, and are not for this participant
}

func newTongue() tongue {
	return tongue{
		writes: rate.NewLimiter(chatRate, chatBurst), reacts: rate.NewLimiter(reactionRate, reactionBurst),
	}
}

// SendChat writes to everybody or to one. The sender is who sends (criterion 13).
func (x *Session) SendChat(want protocol.SendChat) (protocol.ChatSent, error) {
	return within(x, protocol.MethodSendChat, func(s *state, p *participant) (sent protocol.ChatSent, err error) {
		if err := s.meets(p, rights.Need{Right: rights.ForChat(want.To != "")}); err != nil {
			return sent, err
		}
		m := protocol.ChatMessage{
			From: p.id, Name: p.name, To: want.To, ReplyTo: want.ReplyTo, At: time.Now().UnixMilli(),
		}
		var ok bool
		if m.Text, ok = chat.Clean(want.Text); !ok {
			return sent, refuse(protocol.ErrInvalidText, "message breaks the rules")
		}
		if want.To != "" {
			to := s.participant(want.To)
			if to == nil || to == p {
				return sent, refuse(protocol.ErrNotFound, "no such receiver")
			}
			m.ToName = to.name
		}
		if want.ReplyTo != 0 {
			if about, found := s.meeting.chat.Find(want.ReplyTo); !found || !p.reads(about) {
				return sent, refuse(protocol.ErrNotFound, "no such message to reply to")
			}
		}
		if !p.tongue.writes.Allow() {
			return sent, refuse(protocol.ErrTryLater, "participant writes too fast")
		}
		m = s.meeting.chat.Add(m)
		s.tellReaders(m, notify(protocol.MethodChat, protocol.Chat{Messages: []protocol.ChatMessage{m}}))
		return protocol.ChatSent{Number: m.Number}, nil
	})
}

// tellReaders sends something to all who may read a message.
func (s *state) tellReaders(m protocol.ChatMessage, n *Notification) {
	for _, p := range s.participants {
		if p.reads(m) {
			p.send(n)
		}
	}
}

// reads tells whether a message is for a participant.
func (p *participant) reads(m protocol.ChatMessage) bool {
	return m.Number > p.tongue.from && chat.Readable(m, p.id)
}

// RetractChat takes a message back: one's own, or with the right to moderate those of others.
func (x *Session) RetractChat(number uint64) error {
	return x.do(protocol.MethodRetractChat, func(s *state, p *participant) error {
		m, found := s.meeting.chat.Find(number)
		if !found || !p.reads(m) {
			return refuse(protocol.ErrNotFound, "no such message")
		}
		if m.Retracted {
			return nil
		}
		if m.From != p.id {
			if err := s.meets(p, rights.Need{Right: rights.Moderate}); err != nil {
				return err
			}
			if sender := s.participant(m.From); sender != nil {
				if _, err := s.target(p, m.From); err != nil {
					return err
				}
				s.tellModerated(sender, protocol.ActionRetract, p)
			}
			s.note(protocol.ActionRetract, p, m.Name, "")
		}
		s.meeting.chat.Retract(number)
		s.tellReaders(m, notify(protocol.MethodChatRetracted, protocol.ChatRetracted{Numbers: []uint64{number}}))
		return nil
	})
}

// ReadChat gives what was written.
func (x *Session) ReadChat(after uint64) (protocol.ChatPage, error) {
	return within(x, protocol.MethodReadChat, func(s *state, p *participant) (protocol.ChatPage, error) {
		return s.meeting.chat.Read(p.id, max(after, p.tongue.from)), nil
	})
}

// RaiseHand raises or lowers the own hand.
func (x *Session) RaiseHand(raised bool) error {
	return x.do(protocol.MethodRaiseHand, func(s *state, p *participant) error {
		s.hand(p, raised)
		return nil
	})
}

// hand raises or lowers a hand, and tells whether that is new.
func (s *state) hand(p *participant, raised bool) bool {
	if raised == (p.hand != 0) {
		return false
	}
	p.hand = 0
	if raised {
		s.meeting.hands++
		p.hand = s.meeting.hands
	}
	s.touch(p)
	return true
}

// LowerHands lowers hands of others, or with Everyone all of them.
func (x *Session) LowerHands(who protocol.People) error {
	return x.do(protocol.MethodLowerHands, func(s *state, p *participant) error {
		others, err := s.targets(p, who.ParticipantIDs, who.Everyone)
		if err != nil {
			return err
		}
		for _, other := range others {
			if s.hand(other, false) {
				s.note(protocol.ActionHand, p, other.name, "")
				s.tellModerated(other, protocol.ActionHand, p)
			}
		}
		return nil
	})
}

// React shows a reaction for a moment.
func (x *Session) React(reaction protocol.Reaction) error {
	return x.do(protocol.MethodReact, func(s *state, p *participant) error {
		if !knownReaction(reaction) {
			return refuse(protocol.ErrInvalidParams, "reaction is not known")
		}
		if !p.tongue.reacts.Allow() {
			return refuse(protocol.ErrTryLater, "participant reacts too fast")
		}
		s.news.reactions = append(s.news.reactions, protocol.ParticipantReaction{ParticipantID: p.id, Reaction: reaction})
		return nil
	})
}

func knownReaction(r protocol.Reaction) bool {
	switch r {
	case protocol.ThumbsUp, protocol.ThumbsDown, protocol.Applause, protocol.Heart, protocol.Laughter,
		protocol.Surprise, protocol.Party:
		return true
	}
	return false
}

// publishReactions tells everybody who reacted.
func (s *state) publishReactions() {
	if len(s.news.reactions) > 0 {
		s.tell(notify(protocol.MethodReactions, protocol.Reactions{Reactions: s.news.reactions}))
		s.news.reactions = nil
	}
}
