package room

import (
	"context"
	"errors"
	"time"

	"stube/internal/signal/protocol"
)

// Peek tells what a caller may know of a room before joining. Rooms that don't exist, are closed or are private
// answer alike, after the same work; who asks about too many of these has to wait (criterion 3).
func (h *House) Peek(ctx context.Context, c Caller, want protocol.Peek) (protocol.Peeked, error) {
	return h.peek(ctx, c, want, false)
}

// PeekAgain is a Peek that was answered before on the same connection. It counts for nothing, as a page asks again
// until a host is there.
func (h *House) PeekAgain(ctx context.Context, c Caller, want protocol.Peek) (protocol.Peeked, error) {
	return h.peek(ctx, c, want, true)
}

func (h *House) peek(ctx context.Context, c Caller, want protocol.Peek, again bool) (protocol.Peeked, error) {
	none := protocol.Peeked{Entry: protocol.EntryKnock}
	name, err := cleanRoomName(want.Room)
	if err != nil {
		return none, err
	}
	if !h.lookups.Allowed(c.AddressKey) {
		return none, refuse(protocol.ErrTryLater, "too many look-ups")
	}
	claim, err := h.claim(ctx, name, Entry{Caller: c, Invite: want.Invite})
	var bad *Error
	if errors.As(err, &bad) && bad.Code == protocol.ErrInviteInvalid {
		none.InviteError = bad.Code
		claim, err = h.claim(ctx, name, Entry{Caller: c})
	}
	if err != nil {
		return none, err
	}
	told, err := h.view(name, claim)
	told.InviteError = none.InviteError
	if told == none && !claim.starts() && !again {
		h.lookups.Failed(c.AddressKey)
	}
	return told, err
}

// view is what a claim lets see of a room.
func (h *House) view(name roomName, c *claim) (protocol.Peeked, error) {
	if r := h.find(name.key); r != nil {
		told, err := ask(r, func(s *state) (protocol.Peeked, error) { return s.view(c), nil })
		if !errors.Is(err, errEnded) {
			return told, err
		}
	}
	return (&state{room: &Room{house: h, name: name}}).view(c), nil
}

// view is what a claim lets see.
func (s *state) view(c *claim) protocol.Peeked {
	told := protocol.Peeked{Entry: protocol.EntryKnock}
	verdict, err := s.judge(c)
	if verdict == goIn && err == nil {
		told.Entry = protocol.EntryEnter
		if s.meeting == nil && c.starts() {
			told.Entry = protocol.EntryStart
		}
	}
	if c.invitation != nil {
		told.Invitation = &protocol.InvitationFor{
			Kind: c.invitation.Kind, Name: c.invitation.Name, Role: c.invitation.Role,
		}
		told.Inviter = &c.invitation.Inviter
	}
	settings, _ := s.room.house.settings(c.record)
	switch {
	case s.meeting != nil && (verdict != waitUnseen || c.invitation != nil):
		settings = s.meeting.settings
		told.HostPresent = s.hostPresent()
		if time.Now().Before(s.meeting.startsAt) {
			told.StartsAt = s.meeting.startsAt.UnixMilli()
		}
		told.Password = settings.Password && !c.personal() && !s.hostAgain(c)
		if told.Inviter == nil && s.meeting.record == nil { // whoever has the address of an instant room was given it
			told.Inviter = s.welcomer()
		}
	case c.record != nil && (c.invitation != nil || c.owner || verdict == goIn):
		told.Password = settings.Password && !c.personal() && !c.owner
		if from := moment(c.record.Settings.StartsAt); time.Now().Before(from) {
			told.StartsAt = from.UnixMilli()
		}
	default:
		return told
	}
	told.Title, told.Language = settings.Title, settings.Language
	return told
}

// welcomer is the host who has been in the room the longest.
func (s *state) welcomer() *protocol.Person {
	for _, p := range s.participants {
		if p.role == protocol.Host {
			return &protocol.Person{Name: p.name, Identity: p.claim.identity}
		}
	}
	return nil
}
