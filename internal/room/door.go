package room

import (
	"slices"
	"time"

	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// verdict is what the door makes of a claim.
type verdict int

const (
	goIn       verdict = iota
	waitSeen           // in the lobby, seen by those who admit
	waitUnseen         // in a lobby that looks the same, and is seen by nobody
)

// judge decides whether somebody enters or waits; an error is a refusal. It is the only place that does, and changes
// nothing.
func (s *state) judge(c *claim) (verdict, error) {
	if c.banned || s.banned(c) {
		return waitSeen, refuse(protocol.ErrRefused, "caller is banned")
	}
	if s.meeting == nil {
		return s.judgeStart(c), nil
	}
	m := s.meeting
	if s.hostAgain(c) {
		return goIn, nil
	}
	invited := c.invitation != nil || c.pass != nil
	switch {
	case m.settings.Private && !invited, m.closed(time.Now()):
		return waitUnseen, nil
	case s.locked():
		return waitSeen, refuse(protocol.ErrLocked, "room is locked")
	case !s.hostPresent() && (m.held || !m.settings.EarlyEntry), time.Now().Before(m.startsAt):
		return waitSeen, nil
	case s.expelledBefore(c), s.nearExpelled(c):
		return waitSeen, nil
	}
	if passesLobby(s.meeting.settings.Lobby, c) {
		return goIn, nil
	}
	return waitSeen, nil
}

// judgeStart judges when no meeting goes on.
func (s *state) judgeStart(c *claim) verdict {
	if c.starts() {
		return goIn
	}
	settings, _ := s.room.house.settings(c.record)
	if c.record == nil || settings.Private && c.invitation == nil && c.pass == nil {
		return waitUnseen
	}
	from, to, now := moment(c.record.Settings.StartsAt), moment(c.record.Settings.EndsAt), time.Now()
	early := settings.EarlyEntry && !now.Before(from) && (to.IsZero() || now.Before(to))
	if early && passesLobby(settings.Lobby, c) {
		return goIn
	}
	return waitUnseen
}

// passesLobby tells whether somebody need not wait by the lobby's mode alone: for guests only, not the holder of a
// personal link, whom another system sent, and an account holder with any link; for everybody, only for whom that
// system spoke.
func passesLobby(mode protocol.LobbyMode, c *claim) bool {
	switch mode {
	case protocol.LobbyOff:
		return true
	case protocol.LobbyGuests:
		return c.personal() || c.pass != nil || c.invitation != nil && c.known()
	}
	return c.pass != nil && c.pass.Bypass
}

// hostAgain tells whether somebody is host of the meeting that goes on: by right, or because a host made them one.
func (s *state) hostAgain(c *claim) bool {
	if c.owner {
		return true
	}
	if s.expelledBefore(c) {
		return false
	}
	if c.leads() && !s.demoted(c) {
		return true
	}
	for _, key := range c.caller.keys() {
		if s.meeting.hosts[key] {
			return true
		}
	}
	return false
}

// demoted tells whether somebody was a host of the meeting and was made something else.
func (s *state) demoted(c *claim) bool {
	return slices.ContainsFunc(c.keys(), func(key string) bool { return s.meeting.demoted[key] })
}

// knock is what the loop makes of somebody who wants to enter: a place among those who enter, a place in the lobby
// as the error *Waiting, or a refusal. The error needsPassword asks for a check outside of the loop.
func (s *state) knock(e Entry, c *claim) (*participant, error) {
	s.used = true
	held := s.place(e.Knock)
	if held != nil && s.lent(held.claim, c.caller) {
		held = nil
	}
	if held != nil {
		c = held.claim.again(c)
	}
	verdict, err := s.judge(c)
	switch {
	case err != nil && held == nil:
		return nil, err
	case err != nil && s.locked(): // who waited before goes on waiting
		verdict = waitSeen
	case err != nil:
		s.giveUp(held, protocol.LobbyRefused)
		return nil, err
	case verdict == waitSeen && held != nil && held.admitted && s.hostPresent():
		verdict = goIn
	}
	if err := s.takeLink(c, held); err != nil {
		return nil, err
	}
	if verdict == waitUnseen {
		return nil, s.queue(e, c, held, false)
	}
	if err := s.askPassword(c, held); err != nil {
		return nil, err
	}
	if verdict == waitSeen {
		return nil, s.queue(e, c, held, true)
	}
	return s.reserve(e, c, held)
}

// needsPassword asks whether the password fits the hash.
type needsPassword struct{ hash string }

func (needsPassword) Error() string { return "password is to be checked" }

// askPassword refuses who has not shown the room's password, now or when they came to the lobby, unless they need none:
// hosts, holders of personal links, and whom somebody let in.
func (s *state) askPassword(c *claim, held *place) error {
	m := s.meeting
	if m == nil || m.passwordHash == "" || c.password == m.passwordHash || c.personal() || s.hostAgain(c) {
		return nil
	}
	if held != nil && held.byHand {
		return nil
	}
	return needsPassword{m.passwordHash}
}

// reserve keeps a place for somebody, so that the room neither overflows nor ends meanwhile, and begins the meeting
// with the first.
func (s *state) reserve(e Entry, c *claim, from *place) (*participant, error) {
	begins := s.meeting == nil
	if begins {
		if err := s.begin(c); err != nil {
			return nil, err
		}
	}
	host := begins && c.starts() || s.hostAgain(c)
	if err := s.room.house.mayEnter(begins || host); err != nil {
		return nil, err
	}
	limit := s.meeting.settings.MaxParticipants
	if host {
		limit = s.room.house.cfg.MaxParticipants
	}
	if len(s.participants)+len(s.entering) >= limit {
		return nil, refuse(protocol.ErrRoomFull, "there are %d participants", limit)
	}
	p := newParticipant(e, c)
	p.place = from
	p.role = c.role()
	if host {
		p.role = protocol.Host
		s.knowHost(p)
	} else {
		if p.role == protocol.Host { // of the link, and no longer of the person
			p.role = protocol.Attendee
		}
		s.recall(p)
		if c.pass != nil {
			denied, _ := rights.Of(c.pass.Denied)
			p.denied |= denied
		}
	}
	s.entering = append(s.entering, p)
	return p, nil
}

// locked tells whether the room admits nobody now.
func (s *state) locked() bool {
	return s.meeting != nil && (s.meeting.settings.Locked || s.meeting.condition.Panic)
}

// hostPresent tells whether somebody holds the room.
func (s *state) hostPresent() bool {
	for _, p := range s.participants {
		if p.role == protocol.Host {
			return true
		}
	}
	return false
}

// takeLink lets a personal link have one holder at a time. A holder who comes again from the same browser takes the
// place of the one before.
func (s *state) takeLink(c *claim, mine *place) error {
	if !c.personal() {
		return nil
	}
	inUse := refuse(protocol.ErrInviteInUse, "personal link has a holder")
	for _, p := range s.entering {
		if sameLink(p.claim, c) {
			return inUse
		}
	}
	for _, other := range s.waiting {
		if other != mine && sameLink(other.claim, c) {
			if !sameBrowser(other.claim, c) {
				return inUse
			}
			s.giveUp(other, protocol.LobbyGone)
			break
		}
	}
	for _, p := range s.participants {
		if sameLink(p.claim, c) {
			if !sameBrowser(p.claim, c) {
				return inUse
			}
			p.end(protocol.ErrReplaced)
			s.leave(p, protocol.LeftByChoice)
			break
		}
	}
	return nil
}

func sameLink(a, b *claim) bool {
	return a.personal() && b.personal() && a.invitation.ID == b.invitation.ID
}

func sameBrowser(a, b *claim) bool {
	return a.caller.Browser != "" && a.caller.Browser == b.caller.Browser
}

// admits tells whether somebody sees the lobby.
func (p *participant) admits() bool { return p.rights.Has(rights.Admit) }
