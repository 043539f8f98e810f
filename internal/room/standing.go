package room

import (
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// standing is what hosts made of somebody. It outlives a visit, so that nobody gets rid of it by coming in anew.
type standing struct {
	role            protocol.Role
	allowed, denied rights.Set
}

// remember keeps the standing of a participant for this meeting.
func (s *state) remember(p *participant) {
	made := standing{role: p.role, allowed: p.allowed, denied: p.denied}
	caller := p.claim.caller
	for _, key := range p.claim.keys() {
		s.meeting.standings[key] = made
		if caller.Account != "" && key == caller.browserKey() {
			s.meeting.standings[key] = made.taken()
		}
	}
}

// taken is what was taken from somebody, without what was given.
func (m standing) taken() standing {
	if m.role != protocol.Viewer {
		m.role = protocol.Attendee
	}
	m.allowed = rights.None
	return m
}

// recall gives a participant who enters the standing of an earlier visit. Hosts are known otherwise.
func (s *state) recall(p *participant) {
	for _, key := range p.claim.keys() {
		if before, found := s.meeting.standings[key]; found && before.role != protocol.Host {
			p.role, p.allowed, p.denied = before.role, before.allowed, before.denied
			return
		}
	}
}

// standing is what rights depend on about the meeting.
func (s *state) standing() rights.State {
	return rights.State{Table: s.meeting.table, Held: s.meeting.held}
}

// person is what rights depend on about a participant.
func (p *participant) person() rights.Person {
	return rights.Person{
		Role: p.role, Allowed: p.allowed, Denied: p.denied, Known: p.claim.known(), Owner: p.claim.owner, Halted: p.halted,
	}
}

// meets is the one place where it is checked that a participant may do what it wants.
func (s *state) meets(p *participant, need rights.Need) error {
	if !need.Met(s.standing(), p.person()) {
		return refuse(protocol.ErrForbidden, "participant lacks %+v", need)
	}
	return nil
}

// may checks that a participant may call a method.
func (s *state) may(p *participant, method protocol.Method) error {
	need, listed := s.room.house.needs[method]
	if !listed {
		return refuse(protocol.ErrForbidden, "method %q is not in the table of rights", method)
	}
	return s.meets(p, need)
}

// target finds whom somebody wants to act on, and checks that they may.
func (s *state) target(p *participant, id string) (*participant, error) {
	target := s.participant(id)
	if target == nil {
		return nil, refuse(protocol.ErrNotFound, "no such participant")
	}
	if target != p && !s.standing().MayActOn(p.person(), target.person()) {
		return nil, refuse(protocol.ErrForbidden, "participant may not act on this one")
	}
	return target, nil
}

// targets finds all whom somebody wants to act on: those named, or everyone but themselves on whom they may act.
func (s *state) targets(p *participant, ids []string, everyone bool) ([]*participant, error) {
	if everyone == (len(ids) > 0) {
		return nil, refuse(protocol.ErrInvalidParams, "either some or everyone is needed")
	}
	var all []*participant
	if everyone {
		for _, other := range s.participants {
			if other != p && s.standing().MayActOn(p.person(), other.person()) {
				all = append(all, other)
			}
		}
		return all, nil
	}
	for _, id := range ids {
		target, err := s.target(p, id)
		if err != nil {
			return nil, err
		}
		all = append(all, target)
	}
	return all, nil
}

// you is what a participant is told about itself.
func (p *participant) you() protocol.You {
	return protocol.You{Role: p.role, Rights: p.rights.Words()}
}

// refresh makes true what a participant may do now: what it sends without a right stops in the media server, and its
// page is told.
func (s *state) refresh(p *participant) {
	now := s.standing().Effective(p.person())
	before, role := p.rights, p.told
	p.rights, p.told = now, p.role
	if !p.inside || now == before && p.role == role {
		return
	}
	for _, source := range []protocol.Source{
		protocol.Microphone, protocol.Camera, protocol.Screen, protocol.ScreenAudio,
	} {
		if right, _ := rights.ForSource(source); !now.Has(right) {
			s.stop(p, source)
		}
	}
	p.send(notify(protocol.MethodYou, p.you()))
	if now.Has(rights.Admit) != before.Has(rights.Admit) {
		s.tellKnocks(p)
	}
}

// refreshAll makes true what everybody may do.
func (s *state) refreshAll() {
	for _, p := range s.participants {
		s.refresh(p)
	}
}

// stop silences, covers or ends what a participant shows, and tells whether there was something to stop. The
// participant may start again, if it has the right.
func (s *state) stop(p *participant, source protocol.Source) (stopped bool) {
	for _, o := range append([]*producer(nil), p.producers...) {
		if o.public.Source != source {
			continue
		}
		switch source {
		case protocol.Microphone, protocol.Camera:
			if !o.public.Paused {
				o.track.Pause()
				o.public.Paused = true
				stopped = true
			}
		default:
			s.drop(o)
			stopped = true
		}
	}
	if stopped {
		s.touch(p)
		if source == protocol.Microphone {
			s.quiet(p)
		}
	}
	return stopped
}
