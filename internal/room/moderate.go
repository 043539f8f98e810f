package room

import (
	"context"
	"slices"
	"strings"

	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// tellModerated tells somebody what was done to it.
func (s *state) tellModerated(p *participant, action protocol.Action, by *participant) {
	if p != by {
		p.send(notify(protocol.MethodModerated, protocol.Moderated{Action: action, By: by.id}))
	}
}

// StopMedia silences, covers or ends what people send, in the media server (criterion 12).
func (x *Session) StopMedia(want protocol.StopMedia) error {
	return x.do(protocol.MethodStopMedia, func(s *state, p *participant) error {
		who, err := s.targets(p, want.ParticipantIDs, want.Everyone)
		if err != nil {
			return err
		}
		if len(want.Sources) == 0 || len(want.Sources) > 3 {
			return refuse(protocol.ErrInvalidParams, "%d sources", len(want.Sources))
		}
		taken := rights.None
		for _, source := range want.Sources {
			right, known := rights.ForSource(source)
			if !known || source == protocol.ScreenAudio {
				return refuse(protocol.ErrInvalidParams, "source cannot be stopped")
			}
			taken |= right
		}
		for _, other := range who {
			s.stopAll(p, other, want.Sources)
			if want.Revoke && other.role != protocol.Host {
				s.except(other, other.allowed&^taken, other.denied|taken)
			}
		}
		if want.Everyone {
			s.note(actionOf(want.Sources[0]), p, "", words(want.Sources))
		}
		return nil
	})
}

// stopAll stops some sources of one participant.
func (s *state) stopAll(by, p *participant, sources []protocol.Source) {
	for _, source := range sources {
		stopped := s.stop(p, source)
		if source == protocol.Screen {
			stopped = s.stop(p, protocol.ScreenAudio) || stopped
		}
		if stopped {
			s.note(actionOf(source), by, p.name, "")
			s.tellModerated(p, actionOf(source), by)
		}
	}
}

func actionOf(source protocol.Source) protocol.Action {
	switch source {
	case protocol.Camera:
		return protocol.ActionCamera
	case protocol.Screen:
		return protocol.ActionScreen
	}
	return protocol.ActionMicrophone
}

// except sets the exceptions of one participant.
func (s *state) except(p *participant, allowed, denied rights.Set) {
	if p.allowed != allowed || p.denied != denied {
		p.allowed, p.denied = allowed, denied
		s.remember(p)
		s.touch(p)
		s.refresh(p)
	}
}

// AskForMedia asks people to unmute or to show themselves. Only they can.
func (x *Session) AskForMedia(want protocol.AskForMedia) error {
	return x.do(protocol.MethodAskForMedia, func(s *state, p *participant) error {
		if want.Source != protocol.Microphone && want.Source != protocol.Camera {
			return refuse(protocol.ErrInvalidParams, "source cannot be asked for")
		}
		who, err := s.targets(p, want.ParticipantIDs, false)
		if err != nil {
			return err
		}
		right, _ := rights.ForSource(want.Source)
		for _, other := range who {
			if !other.halted && other.role != protocol.Host {
				allowed, denied := other.allowed, other.denied&^right
				if !s.meeting.table.Role(other.role).Has(right) {
					allowed |= right
				}
				s.except(other, allowed, denied)
			}
			s.note(protocol.ActionAsk, p, other.name, string(want.Source))
			other.send(notify(protocol.MethodAsked, protocol.Asked{Source: want.Source, By: p.id}))
		}
		return nil
	})
}

// RenameParticipant changes somebody else's name.
func (x *Session) RenameParticipant(id, name string) error {
	return x.do(protocol.MethodRenameParticipant, func(s *state, p *participant) error {
		other, err := s.target(p, id)
		if err != nil {
			return err
		}
		before := other.name
		if err := s.rename(other, name); err != nil {
			return err
		}
		s.note(protocol.ActionRename, p, before, other.name)
		s.tellModerated(other, protocol.ActionRename, p)
		return nil
	})
}

// SetRole changes somebody's role. Nobody changes their own.
func (x *Session) SetRole(id string, role protocol.Role) error {
	return x.do(protocol.MethodSetRole, func(s *state, p *participant) error {
		other, err := s.target(p, id)
		if err != nil {
			return err
		}
		if other == p {
			return refuse(protocol.ErrForbidden, "nobody changes their own role")
		}
		if !rights.KnownRole(role) {
			return refuse(protocol.ErrInvalidParams, "role is not known")
		}
		if other.role == role {
			return nil
		}
		if other.role == protocol.Host {
			s.forgetHost(other)
		}
		other.role = role
		other.allowed, other.denied = rights.None, rights.None
		if role == protocol.Host {
			other.halted = false
			s.knowHost(other)
		}
		s.remember(other)
		s.touch(other)
		s.note(protocol.ActionRole, p, other.name, string(role))
		s.calm()
		s.watchHosts()
		s.refresh(other)
		s.tellModerated(other, protocol.ActionRole, p) // behind the new role, which its page then tells
		return nil
	})
}

// SetRights makes exceptions for one person. Hosts have all rights; there is nothing to except.
func (x *Session) SetRights(want protocol.SetRights) error {
	return x.do(protocol.MethodSetRights, func(s *state, p *participant) error {
		other, err := s.target(p, want.ParticipantID)
		if err != nil {
			return err
		}
		allowed, ok := rights.Of(want.Allowed)
		denied, fine := rights.Of(want.Denied)
		if !ok || !fine || allowed&denied != 0 || other.role == protocol.Host {
			return refuse(protocol.ErrInvalidParams, "exceptions break the rules")
		}
		s.except(other, allowed, denied)
		s.note(protocol.ActionRights, p, other.name, exceptions(allowed, denied))
		s.tellModerated(other, protocol.ActionRights, p)
		return nil
	})
}

// Remove takes somebody out of the room, and with ban for good.
func (x *Session) Remove(ctx context.Context, want protocol.Remove) error {
	ban, err := within(x, protocol.MethodRemove, func(s *state, p *participant) (ban lastingBan, err error) {
		other, err := s.target(p, want.ParticipantID)
		if err != nil {
			return ban, err
		}
		if other == p {
			return ban, refuse(protocol.ErrForbidden, "nobody removes themselves")
		}
		action, reason := protocol.ActionRemove, protocol.ErrRemoved
		if want.Ban {
			if ban.public, err = s.ban(other.claim, other.name); err != nil {
				return ban, err
			}
			action, reason = protocol.ActionBan, protocol.ErrBanned
		}
		ban.account = other.claim.caller.Account
		s.expel(other.claim)
		s.note(action, p, other.name, "")
		other.end(reason)
		s.leave(other, protocol.LeftByRemoval)
		s.reconsider()
		return ban, nil
	})
	if err != nil {
		return err
	}
	return x.keepBan(ctx, ban)
}

// End ends the meeting for everybody; a guest who was made host cannot while a host is there who is more than that.
func (x *Session) End() error {
	return x.do(protocol.MethodEnd, func(s *state, p *participant) error {
		for _, other := range s.participants {
			if other.role == protocol.Host && other.claim.known() && !p.claim.known() {
				return refuse(protocol.ErrForbidden, "a guest sends no host away")
			}
		}
		s.end()
		return nil
	})
}

// words puts the words of a list beside each other.
func words[T ~string](list []T) string {
	all := make([]string, len(list))
	for i, word := range list {
		all[i] = string(word)
	}
	return strings.Join(all, " ")
}

// exceptions puts exceptions into words: "+camera -screen".
func exceptions(allowed, denied rights.Set) string {
	var all []string
	for _, word := range allowed.Words() {
		all = append(all, "+"+string(word))
	}
	for _, word := range denied.Words() {
		all = append(all, "-"+string(word))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
