package room

import (
	"time"

	"stube/internal/signal/protocol"
)

// knowHost notes who comes back as a host.
func (s *state) knowHost(p *participant) {
	if keys := p.claim.caller.keys(); len(keys) > 0 {
		s.meeting.hosts[keys[0]] = true
	}
	for _, key := range p.claim.keys() {
		delete(s.meeting.demoted, key)
	}
}

// forgetHost notes who doesn't.
func (s *state) forgetHost(p *participant) {
	for _, key := range p.claim.keys() {
		delete(s.meeting.hosts, key)
		s.meeting.demoted[key] = true
	}
}

// watchHosts holds the room when its last host has gone, and lets it go on when one is back. Nobody becomes host
// instead (criterion 16): the others keep their seats, silent, and the meeting ends when nobody comes in time.
func (s *state) watchHosts() {
	m := s.meeting
	if m == nil || s.closing {
		return
	}
	needsHost := !m.settings.EarlyEntry || m.condition.Panic
	held := needsHost && len(s.participants) > 0 && !s.hostPresent() && !s.hostEnters()
	if held == m.held {
		return
	}
	m.held = held
	s.news.condition = true
	if held {
		wait := s.room.house.cfg.HoldTime
		m.condition.HeldUntil = time.Now().Add(wait).UnixMilli()
		m.hold = time.AfterFunc(wait, func() {
			s.room.post(func(s *state) {
				if s.meeting == m && m.held && !time.Now().Before(time.UnixMilli(m.condition.HeldUntil)) {
					s.end()
				}
			})
		})
		s.note(protocol.ActionHold, nil, "", "")
	} else {
		m.hold.Stop()
		m.condition.HeldUntil = 0
		s.note(protocol.ActionResume, nil, "", "")
	}
	s.refreshAll()
	s.reconsider()
}

// hostEnters tells whether a host's transports are being made.
func (s *state) hostEnters() bool {
	for _, p := range s.entering {
		if p.role == protocol.Host {
			return true
		}
	}
	return false
}
