package room

import (
	"context"
	"errors"

	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// account refuses who isn't signed in.
func (c Caller) account() (string, error) {
	if c.Account == "" {
		return "", refuse(protocol.ErrLogInRequired, "caller is not signed in")
	}
	return c.Account, nil
}

// Rooms lists the named rooms of a caller, and what the presets give.
func (h *House) Rooms(ctx context.Context, c Caller) (protocol.Rooms, error) {
	list := protocol.Rooms{Rooms: []protocol.NamedRoom{}, Presets: []protocol.PresetRights{}}
	account, err := c.account()
	if err != nil {
		return list, err
	}
	rooms, err := h.cfg.Rooms.RoomsOf(ctx, account)
	if err != nil {
		return list, refuse(protocol.ErrInternal, "list rooms: %w", err)
	}
	for _, r := range rooms {
		public := r.Settings
		public.Password, public.HasPassword = nil, r.PasswordHash != ""
		list.Rooms = append(list.Rooms, public)
	}
	for _, preset := range rights.Presets() {
		table, _ := rights.Preset(preset)
		list.Presets = append(list.Presets, protocol.PresetRights{Preset: preset, Rights: table.Words()})
	}
	return list, nil
}

// SaveRoom keeps a room of a caller. What it changes holds from the next meeting on.
func (h *House) SaveRoom(ctx context.Context, c Caller, want protocol.NamedRoom) error {
	account, err := c.account()
	if err != nil {
		return err
	}
	name, err := cleanRoomName(want.Name)
	if err != nil {
		return err
	}
	if err := h.spend("account " + account); err != nil {
		return err
	}
	old, found, err := h.cfg.Rooms.Room(ctx, name.key)
	if err != nil {
		return refuse(protocol.ErrInternal, "find named room: %w", err)
	}
	if found && old.Account != account {
		return refuse(protocol.ErrInvalidRoom, "name is taken")
	}
	if !found {
		if err := h.mayKeep(ctx, c, name); err != nil {
			return err
		}
	}
	r := keep.Room{Key: name.key, Account: account, PasswordHash: old.PasswordHash}
	r.Owner = protocol.Person{Name: c.Name, Identity: c.identity()}
	if r.Settings, err = h.checkNamed(want); err != nil {
		return err
	}
	r.Settings.Name = name.display
	if want.Password != nil {
		r.PasswordHash = ""
		if *want.Password != "" {
			if r.PasswordHash, err = h.hashPassword(ctx, *want.Password); err != nil {
				return err
			}
		}
	}
	err = h.cfg.Rooms.SaveRoom(ctx, r)
	if errors.Is(err, keep.ErrTaken) {
		return refuse(protocol.ErrInvalidRoom, "save room: %w", err)
	}
	if err != nil {
		return refuse(protocol.ErrInternal, "save room: %w", err)
	}
	return nil
}

// spend counts something that is written to the disk, and refuses it when it was too much in a short time.
func (h *House) spend(who string) error {
	if !h.kept.Allow(who) {
		return refuse(protocol.ErrTryLater, "too much is to be kept")
	}
	return nil
}

// mayKeep tells whether a caller may keep one more room, under a name in which no meeting of others goes on.
func (h *House) mayKeep(ctx context.Context, c Caller, name roomName) error {
	if !c.MayCreate && !h.cfg.Open {
		return refuse(protocol.ErrForbidden, "caller may not create rooms")
	}
	rooms, err := h.cfg.Rooms.RoomsOf(ctx, c.Account)
	if err != nil {
		return refuse(protocol.ErrInternal, "list rooms: %w", err)
	}
	if len(rooms) >= protocol.MaxRooms {
		return refuse(protocol.ErrTooMany, "account has %d rooms", len(rooms))
	}
	r := h.find(name.key)
	if r == nil {
		return nil
	}
	theirs, err := ask(r, func(s *state) (bool, error) {
		return s.meeting != nil && !s.hostAgain(&claim{caller: c}), nil
	})
	if err == nil && theirs {
		return refuse(protocol.ErrInvalidRoom, "name is in use")
	}
	return nil
}

// checkNamed checks the settings of a named room and leaves the password away.
func (h *House) checkNamed(want protocol.NamedRoom) (protocol.NamedRoom, error) {
	var ok bool
	if want.Title, ok = cleanTitle(want.Title); !ok {
		return want, refuse(protocol.ErrInvalidText, "title breaks the rules")
	}
	_, preset := rights.Preset(want.Preset)
	if want.Preset == protocol.Custom && want.Rights != nil {
		_, preset = rights.TableOf(*want.Rights)
	} else if want.Rights != nil {
		preset = false
	}
	if !preset || !knownLobby(want.Lobby) || !knownLanguage(want.Language) || want.HasPassword ||
		want.MaxParticipants < 0 || want.MaxParticipants > h.cfg.MaxParticipants ||
		want.MaxMinutes < 0 || want.MaxMinutes > protocol.MaxMinutes || want.StartsAt < 0 || want.EndsAt < 0 ||
		want.EndsAt != 0 && want.EndsAt <= want.StartsAt {
		return want, refuse(protocol.ErrInvalidParams, "settings break the rules")
	}
	want.Password = nil
	return want, nil
}

// DeleteRoom takes a named room of a caller away, with its links and bans. A meeting in it goes on.
func (h *House) DeleteRoom(ctx context.Context, c Caller, room string) error {
	r, err := h.owned(ctx, c, room)
	if err == nil {
		err = h.spend("account " + r.Account)
	}
	if err != nil {
		return err
	}
	err = errors.Join(
		h.cfg.Invitations.DeleteInvitationsTo(ctx, r.Key), h.cfg.Bans.DeleteBansFrom(ctx, r.Key),
		h.cfg.Rooms.DeleteRoom(ctx, r.Key),
	)
	if err != nil {
		return refuse(protocol.ErrInternal, "delete room: %w", err)
	}
	return nil
}

// owned finds a named room of a caller. Those of others are not there.
func (h *House) owned(ctx context.Context, c Caller, room string) (keep.Room, error) {
	account, err := c.account()
	if err != nil {
		return keep.Room{}, err
	}
	name, err := cleanRoomName(room)
	if err != nil {
		return keep.Room{}, err
	}
	r, found, err := h.cfg.Rooms.Room(ctx, name.key)
	if err != nil {
		return keep.Room{}, refuse(protocol.ErrInternal, "find named room: %w", err)
	}
	if !found || r.Account != account {
		return keep.Room{}, refuse(protocol.ErrNotFound, "caller has no such room")
	}
	return r, nil
}

// Invite makes a link to a named room of a caller, who need not be in it.
func (h *House) Invite(ctx context.Context, c Caller, want protocol.Invite) (protocol.Invited, error) {
	r, err := h.owned(ctx, c, want.Room)
	if err != nil {
		return protocol.Invited{}, err
	}
	i, secret, err := newInvitation(r.Key, want)
	if err != nil {
		return protocol.Invited{}, err
	}
	if i.Role == protocol.Host && !c.MayCreate && !h.cfg.Open {
		return protocol.Invited{}, refuse(protocol.ErrForbidden, "caller may not have meetings started")
	}
	i.Inviter = r.Owner
	return h.saveInvitation(ctx, true, i, secret)
}

// Invitations lists the links to a named room of a caller.
func (h *House) Invitations(ctx context.Context, c Caller, room string) (protocol.Invitations, error) {
	r, err := h.owned(ctx, c, room)
	if err != nil {
		return protocol.Invitations{}, err
	}
	used := map[string]bool{}
	if running := h.find(r.Key); running != nil {
		if now, err := ask(running, func(s *state) (map[string]bool, error) { return s.usedLinks(), nil }); err == nil {
			used = now
		}
	}
	return h.listInvitations(ctx, true, r.Key, used)
}

// RevokeInvitation ends a link to a named room of a caller.
func (h *House) RevokeInvitation(ctx context.Context, c Caller, room, id string) error {
	r, err := h.owned(ctx, c, room)
	if err != nil {
		return err
	}
	if running := h.find(r.Key); running != nil {
		running.post(func(s *state) { s.revoke(id) })
	}
	if err := h.cfg.Invitations.DeleteInvitation(ctx, r.Key, id); err != nil {
		return refuse(protocol.ErrInternal, "delete invitation: %w", err)
	}
	return nil
}
