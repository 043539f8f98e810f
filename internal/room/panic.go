package room

import "stube/internal/signal/protocol"

// Panic stops all media and chat of everybody but hosts at once, and locks the room (criterion 15). A host brings
// people back one by one.
func (x *Session) Panic() error {
	return x.do(protocol.MethodPanic, func(s *state, p *participant) error {
		m := s.meeting
		for _, other := range s.participants {
			for _, source := range []protocol.Source{
				protocol.Microphone, protocol.Camera, protocol.Screen, protocol.ScreenAudio,
			} {
				s.stop(other, source)
			}
			if other.role != protocol.Host && !other.halted {
				other.halted = true
				s.touch(other)
			}
		}
		for _, other := range s.entering {
			other.halted = other.role != protocol.Host
		}
		s.news.reactions = nil
		m.condition.Panic, m.condition.PanicBy = true, p.id
		m.settings.Locked = true
		s.news.condition, s.news.settings = true, true
		s.note(protocol.ActionPanic, p, "", "")
		s.watchHosts()
		s.refreshAll()
		s.reconsider()
		return nil
	})
}

// Restore brings people back after the panic button; when everybody is back, the panic is over. The room stays locked
// until somebody unlocks it, and nobody is heard or seen who doesn't start again.
func (x *Session) Restore(who protocol.People) error {
	return x.do(protocol.MethodRestore, func(s *state, p *participant) error {
		back, err := s.targets(p, who.ParticipantIDs, who.Everyone)
		if err != nil {
			return err
		}
		for _, other := range back {
			if other.halted {
				other.halted = false
				s.touch(other)
				s.note(protocol.ActionRestore, p, other.name, "")
				s.tellModerated(other, protocol.ActionRestore, p)
			}
		}
		s.calm()
		s.refreshAll()
		return nil
	})
}

// calm ends the panic when nobody is halted any more.
func (s *state) calm() {
	m := s.meeting
	if m == nil || !m.condition.Panic {
		return
	}
	for _, p := range s.participants {
		if p.halted {
			return
		}
	}
	m.condition.Panic, m.condition.PanicBy = false, ""
	s.news.condition = true
	s.watchHosts()
	s.reconsider()
}
