package room

import (
	"context"
	"errors"
	"slices"

	"stube/internal/signal/protocol"
)

// lobbyNews is what those who admit have not been told of yet.
type lobbyNews struct {
	changed []*place
	gone    []string
}

// show makes a place visible to those who admit, or hides it.
func (s *state) show(w *place, seen bool) {
	if w.seen && !seen {
		s.hide(w)
	}
	w.seen = seen
}

func (s *state) hide(w *place) {
	if w.seen {
		w.seen = false
		s.news.lobby.gone = append(s.news.lobby.gone, w.id)
	}
}

// touchPlace notes that those who admit see a place in a new way.
func (s *state) touchPlace(w *place) {
	if w.seen && !slices.Contains(s.news.lobby.changed, w) {
		s.news.lobby.changed = append(s.news.lobby.changed, w)
	}
}

// publishKnocks tells those who admit what changed in the lobby.
func (s *state) publishKnocks() {
	n := s.news.lobby
	s.news.lobby = lobbyNews{}
	if len(n.changed) == 0 && len(n.gone) == 0 {
		return
	}
	told := protocol.Knocks{Gone: n.gone}
	for _, w := range n.changed {
		if w.seen && !w.admitted {
			told.Knocks = append(told.Knocks, s.public(w))
		}
	}
	message := notify(protocol.MethodKnocks, told)
	for _, p := range s.participants {
		if p.admits() {
			p.send(message)
		}
	}
}

// tellKnocks tells somebody all who wait; somebody who may not admit that there is nobody.
func (s *state) tellKnocks(p *participant) {
	told := protocol.Knocks{Complete: true}
	if p.admits() {
		for _, w := range s.waiting {
			if w.seen && !w.admitted {
				told.Knocks = append(told.Knocks, s.public(w))
			}
		}
	}
	p.send(notify(protocol.MethodKnocks, told))
}

// public is a place as those who admit see it.
func (s *state) public(w *place) protocol.Knock {
	k := protocol.Knock{
		ID: w.id, Name: w.claim.name, Identity: w.claim.identity, Connection: protocol.Connected,
		Since: w.since.UnixMilli(), RemovedBefore: s.expelledBefore(w.claim),
	}
	k.NearRemoved = !k.RemovedBefore && s.nearExpelled(w.claim)
	if w.outbox == nil {
		k.Connection = protocol.Reconnecting
	}
	return k
}

// tellPlace tells a page that waits how things stand, if that is new. The title is told only to who is seen.
func (s *state) tellPlace(w *place) {
	now := protocol.Lobby{State: protocol.LobbyWaiting, Ticket: w.ticket}
	if w.admitted {
		now.State = protocol.LobbyAdmitted
	}
	if w.seen && s.meeting != nil {
		now.HostPresent = s.hostPresent()
		now.Title = s.meeting.settings.Title
	}
	if now != w.told && w.outbox != nil {
		w.told = now
		w.outbox.Send(notify(protocol.MethodLobby, now))
	}
}

// reconsider judges all who wait once more, because something changed that the verdict depends on: who needs not wait
// any longer is admitted.
func (s *state) reconsider() {
	for _, w := range slices.Clone(s.waiting) {
		verdict, err := s.judge(w.claim)
		if err != nil && !s.locked() {
			s.giveUp(w, protocol.LobbyRefused)
			continue
		}
		if err == nil {
			s.show(w, verdict == waitSeen || verdict == goIn && s.meeting != nil)
		}
		if s.meeting == nil {
			if w.admitted {
				w.stay()
			}
			s.show(w, false)
		} else if err == nil && verdict == goIn && !w.admitted {
			s.letIn(w)
		}
		s.touchPlace(w)
		s.tellPlace(w)
	}
}

// letIn admits somebody, who has a minute to come.
func (s *state) letIn(w *place) {
	s.hide(w)
	w.seen, w.admitted = true, true
	s.expire(w)
	s.tellPlace(w)
}

// Admit lets people in.
func (x *Session) Admit(want protocol.Admit) error {
	return x.do(protocol.MethodAdmit, func(s *state, p *participant) error {
		who, err := s.knocking(want.KnockIDs, want.Everyone)
		if err != nil {
			return err
		}
		for _, w := range who {
			s.note(protocol.ActionAdmit, p, w.claim.name, "")
			w.byHand = true
			s.letIn(w)
		}
		return nil
	})
}

// Refuse turns people away, and with block bans them.
func (x *Session) Refuse(ctx context.Context, want protocol.Refuse) error {
	var bans []lastingBan
	err := x.do(protocol.MethodRefuse, func(s *state, p *participant) error {
		who, err := s.knocking(want.KnockIDs, want.Everyone)
		if err != nil {
			return err
		}
		for _, w := range who {
			action := protocol.ActionRefuse
			if want.Block {
				public, err := s.ban(w.claim, w.claim.name)
				if err != nil {
					return err
				}
				bans = append(bans, lastingBan{w.claim.caller.Account, public})
				action = protocol.ActionBlock
			}
			s.note(action, p, w.claim.name, "")
			s.giveUp(w, protocol.LobbyRefused)
		}
		if want.Block {
			s.reconsider() // who is blocked may wait in another window too
		}
		return nil
	})
	for _, b := range bans { // also of those before one that could not be banned
		err = errors.Join(err, x.keepBan(ctx, b))
	}
	return err
}

// knocking finds who is meant of those who are seen to wait. Who is gone meanwhile is passed over.
func (s *state) knocking(ids []string, everyone bool) ([]*place, error) {
	if everyone == (len(ids) > 0) {
		return nil, refuse(protocol.ErrInvalidParams, "either some or everyone is needed")
	}
	var who []*place
	for _, w := range s.waiting {
		if w.seen && !w.admitted && (everyone || slices.Contains(ids, w.id)) {
			who = append(who, w)
		}
	}
	return who, nil
}
