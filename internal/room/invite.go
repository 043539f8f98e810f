package room

import (
	"context"
	"slices"
	"time"

	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// maxInviteMinutes is the longest that a link is valid: a year.
const maxInviteMinutes = 366 * 24 * 60

// Invite makes a link to the room of the session.
func (x *Session) Invite(ctx context.Context, want protocol.Invite) (protocol.Invited, error) {
	var none protocol.Invited
	i, secret, err := newInvitation(x.room.name.key, want)
	if err != nil {
		return none, err
	}
	type ground struct {
		named   bool
		inviter protocol.Person
		meeting *meeting
	}
	found, err := within(x, protocol.MethodInvite, func(s *state, p *participant) (ground, error) {
		err := s.meets(p, rights.Inviting(want.Role))
		inviter := protocol.Person{Name: p.name, Identity: p.claim.identity}
		return ground{named: s.meeting.record != nil, inviter: inviter, meeting: s.meeting}, err
	})
	if err != nil {
		return none, err
	}
	i.Inviter = found.inviter
	invited, err := x.room.house.saveInvitation(ctx, found.named, i, secret)
	if err != nil {
		return none, err
	}
	err = x.do(protocol.MethodInvite, func(s *state, p *participant) error {
		s.note(protocol.ActionInvite, p, i.Name, string(i.Kind)+" "+string(i.Role))
		return nil
	})
	if err != nil && !found.named { // the meeting may have ended meanwhile, and its links with it
		_ = x.room.house.instant.DeleteInvitation(ctx, i.Room, i.ID)
	}
	return invited, err
}

// newInvitation checks what is wanted and makes a link of it.
func newInvitation(room string, want protocol.Invite) (i keep.Invitation, secret string, err error) {
	invalid := refuse(protocol.ErrInvalidParams, "invitation breaks the rules")
	high := want.Role == protocol.Host || want.Role == protocol.Moderator
	switch want.Kind {
	case protocol.PersonalLink:
		if want.Name, err = cleanName(want.Name); err != nil {
			return i, "", err
		}
	case protocol.GroupLink:
		if want.Name != "" || high { // who has a link for many is nobody in particular
			return i, "", invalid
		}
	default:
		return i, "", invalid
	}
	if !rights.KnownRole(want.Role) || want.Minutes < 0 || want.Minutes > maxInviteMinutes {
		return i, "", invalid
	}
	now := time.Now()
	i = keep.Invitation{
		ID: newID(), Room: room, Kind: want.Kind, Name: want.Name, Role: want.Role, CreatedAt: now.Truncate(time.Millisecond),
	}
	if want.Minutes == 0 {
		want.Minutes = maxInviteMinutes
	}
	i.ExpiresAt = i.CreatedAt.Add(time.Duration(want.Minutes) * time.Minute)
	secret = keep.NewSecret()
	i.Hash = keep.Hash(secret)
	return i, secret, nil
}

// saveInvitation keeps a link, if there are not too many.
func (h *House) saveInvitation(
	ctx context.Context, named bool, i keep.Invitation, secret string,
) (protocol.Invited, error) {
	store := h.links(named)
	if named {
		if err := h.spend("room " + i.Room); err != nil {
			return protocol.Invited{}, err
		}
	}
	valid, err := h.invitations(ctx, named, i.Room)
	if err != nil {
		return protocol.Invited{}, err
	}
	if len(valid) >= protocol.MaxInvitations {
		return protocol.Invited{}, refuse(protocol.ErrTooMany, "there are %d invitations", len(valid))
	}
	if err := store.SaveInvitation(ctx, i); err != nil {
		return protocol.Invited{}, refuse(protocol.ErrInternal, "save invitation: %w", err)
	}
	return protocol.Invited{Secret: secret, Invitation: publicInvitation(i, false)}, nil
}

// invitations lists the valid links to a room, and takes those away that have expired.
func (h *House) invitations(ctx context.Context, named bool, room string) ([]keep.Invitation, error) {
	store := h.links(named)
	all, err := store.InvitationsTo(ctx, room)
	if err != nil {
		return nil, refuse(protocol.ErrInternal, "list invitations: %w", err)
	}
	var valid []keep.Invitation
	for _, i := range all {
		if i.Valid(time.Now()) {
			valid = append(valid, i)
		} else if err := store.DeleteInvitation(ctx, room, i.ID); err != nil {
			return nil, refuse(protocol.ErrInternal, "delete invitation: %w", err)
		}
	}
	return valid, nil
}

func publicInvitation(i keep.Invitation, inUse bool) protocol.Invitation {
	return protocol.Invitation{
		ID: i.ID, Kind: i.Kind, Name: i.Name, Role: i.Role, Inviter: i.Inviter, InUse: inUse,
		CreatedAt: i.CreatedAt.UnixMilli(), ExpiresAt: i.ExpiresAt.UnixMilli(),
	}
}

// listInvitations lists links as hosts see them.
func (h *House) listInvitations(
	ctx context.Context, named bool, room string, used map[string]bool,
) (protocol.Invitations, error) {
	list := protocol.Invitations{Invitations: []protocol.Invitation{}}
	valid, err := h.invitations(ctx, named, room)
	for _, i := range valid {
		list.Invitations = append(list.Invitations, publicInvitation(i, used[i.ID]))
	}
	return list, err
}

// Invitations lists the links to the room of the session.
func (x *Session) Invitations(ctx context.Context) (protocol.Invitations, error) {
	named := false
	used, err := within(x, protocol.MethodListInvitations, func(s *state, _ *participant) (map[string]bool, error) {
		named = s.meeting.record != nil
		return s.usedLinks(), nil
	})
	if err != nil {
		return protocol.Invitations{}, err
	}
	return x.room.house.listInvitations(ctx, named, x.room.name.key, used)
}

// usedLinks tells which links somebody came by who is there.
func (s *state) usedLinks() map[string]bool {
	used := map[string]bool{}
	for _, p := range s.participants {
		if p.claim.invitation != nil {
			used[p.claim.invitation.ID] = true
		}
	}
	for _, w := range s.waiting {
		if w.claim.invitation != nil {
			used[w.claim.invitation.ID] = true
		}
	}
	return used
}

// RevokeInvitation ends a link to the room of the session, if it is there. Who waits by it loses the place.
func (x *Session) RevokeInvitation(ctx context.Context, id string) error {
	named := false
	err := x.do(protocol.MethodRevokeInvitation, func(s *state, _ *participant) error {
		named = s.meeting.record != nil
		return nil
	})
	if err != nil {
		return err
	}
	links := x.room.house.links(named)
	all, err := links.InvitationsTo(ctx, x.room.name.key)
	if err != nil {
		return refuse(protocol.ErrInternal, "list invitations: %w", err)
	}
	at := slices.IndexFunc(all, func(i keep.Invitation) bool { return i.ID == id })
	if at < 0 {
		return nil
	}
	i := all[at]
	err = x.do(protocol.MethodRevokeInvitation, func(s *state, p *participant) error {
		s.note(protocol.ActionRevoke, p, i.Name, string(i.Kind)+" "+string(i.Role))
		s.revoke(id)
		return nil
	})
	if err != nil {
		return err
	}
	if err := links.DeleteInvitation(ctx, x.room.name.key, id); err != nil {
		return refuse(protocol.ErrInternal, "delete invitation: %w", err)
	}
	return nil
}

// revoke takes the places of those away who wait by a link.
func (s *state) revoke(id string) {
	for _, w := range append([]*place(nil), s.waiting...) {
		if w.claim.invitation != nil && w.claim.invitation.ID == id {
			s.giveUp(w, protocol.LobbyRefused)
		}
	}
}
