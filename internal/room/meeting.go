package room

import (
	"context"
	"time"

	"stube/internal/room/chat"
	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// meeting is what begins when the first comes in and is forgotten when the last has gone. The lobby may be there
// before and after it.
type meeting struct {
	router       Router
	record       *keep.Room // nil for an instant room
	settings     protocol.Settings
	passwordHash string // "" without a password
	table        rights.Table
	condition    protocol.Condition
	held         bool
	startsAt     time.Time           // guests wait until then; zero: from the beginning
	closesAt     time.Time           // nobody new comes after it but hosts; zero: never
	hosts        map[string]bool     // keys of those who come back as hosts
	demoted      map[string]bool     // keys of those who were hosts: no link makes them that again
	standings    map[string]standing // by key: what hosts made of others, who may leave and come back
	expelled     expelled
	chat         chat.History
	hands        uint64 // counts raised hands
	journal      journal
	timers       []*time.Timer // stopped at the end
	hold         *time.Timer
	length       *time.Timer
}

// begin starts a meeting with the settings of the room that somebody enters.
func (s *state) begin(c *claim) error {
	if err := s.room.house.goLive(s.room.isCheck()); err != nil {
		return err
	}
	now := time.Now()
	m := &meeting{
		record: c.record, hosts: map[string]bool{}, demoted: map[string]bool{}, standings: map[string]standing{},
		expelled: newExpelled(),
	}
	m.settings, m.table = s.room.house.settings(c.record)
	if c.record != nil {
		m.passwordHash = c.record.PasswordHash
		m.startsAt, m.closesAt = moment(c.record.Settings.StartsAt), moment(c.record.Settings.EndsAt)
	}
	m.condition.StartedAt = now.UnixMilli()
	m.router = s.room.house.cfg.Media.NewRouter(func(dominant string, speaking []string) {
		s.room.post(func(s *state) {
			if s.meeting == m {
				s.setSpeakers(dominant, speaking)
			}
		})
	})
	s.meeting = m
	s.limitLength()
	if wait := m.startsAt.Sub(now); wait > 0 {
		s.after(wait, (*state).reconsider)
	}
	s.note(protocol.ActionStart, nil, "", "")
	s.room.log.Info("meeting began", "named", c.record != nil)
	return nil
}

// finish forgets the meeting; nobody is in it any more.
func (s *state) finish() {
	m := s.meeting
	if m == nil {
		return
	}
	for _, t := range append(m.timers, m.hold, m.length) {
		if t != nil {
			t.Stop()
		}
	}
	m.router.Close()
	s.meeting = nil
	s.speakers = protocol.Speakers{Speaking: []string{}}
	if m.record == nil {
		_ = s.room.house.instant.DeleteInvitationsTo(context.Background(), s.room.name.key) // in memory
	}
	s.room.house.goQuiet()
	s.room.log.Info("meeting ended")
	s.reconsider()
}

// finishIfEmpty finishes the meeting when nobody is in it or about to enter.
func (s *state) finishIfEmpty() {
	if s.meeting != nil && len(s.participants) == 0 && len(s.entering) == 0 {
		s.finish()
	}
}

// after runs f in the loop later, if the same meeting is still going on.
func (s *state) after(wait time.Duration, f func(*state)) {
	m := s.meeting
	m.timers = append(m.timers, time.AfterFunc(wait, func() {
		s.room.post(func(s *state) {
			if s.meeting == m {
				f(s)
			}
		})
	}))
}

// end ends the meeting for everybody.
func (s *state) end() {
	s.closing = true
	for _, p := range s.participants {
		p.end(protocol.ErrEnded)
	}
}

// closed tells whether the time of a room is over.
func (m *meeting) closed(now time.Time) bool { return !m.closesAt.IsZero() && !now.Before(m.closesAt) }

// moment reads a time of the protocol.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// limitLength sets the end of the meeting by its longest time. When the room closes, who is in it stays.
func (s *state) limitLength() {
	m := s.meeting
	if m.length != nil {
		m.length.Stop()
		m.length = nil
	}
	m.condition.EndsAt = 0
	if m.settings.MaxMinutes == 0 {
		return
	}
	end := time.UnixMilli(m.condition.StartedAt).Add(time.Duration(m.settings.MaxMinutes) * time.Minute)
	m.condition.EndsAt = end.UnixMilli()
	m.length = time.AfterFunc(time.Until(end), func() {
		s.room.post(func(s *state) {
			if s.meeting == m {
				s.end()
			}
		})
	})
	s.news.condition = true
}
