package room

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

func TestNamedRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		h, _ := house(t, nil)
		anna, ben := account("Anna", true), account("Ben", true)
		room := protocol.NamedRoom{
			Name: "Physics", Title: "Physics", Lobby: protocol.LobbyGuests, Preset: protocol.Class, Password: new("newton"),
		}
		must(t, h.SaveRoom(ctx, anna, room))
		list, err := h.Rooms(ctx, anna)
		if err != nil || len(list.Rooms) != 1 || list.Rooms[0].Password != nil || !list.Rooms[0].HasPassword ||
			list.Rooms[0].Title != "Physics" {
			t.Errorf("Anna has %+v, %v", list, err)
		}
		if len(list.Presets) != 3 || list.Presets[1].Preset != protocol.Class ||
			!slices.Equal(list.Presets[1].Rights.Participant, []protocol.Right{"camera", "group-chat", "reaction"}) {
			t.Errorf("the presets give %+v", list.Presets)
		}
		room.Password, room.Title = nil, "Optics"
		room.Name = "PHYSICS"
		must(t, h.SaveRoom(ctx, anna, room))
		if list, _ = h.Rooms(ctx, anna); len(list.Rooms) != 1 || !list.Rooms[0].HasPassword {
			t.Errorf("Anna has %+v", list)
		}
		refused(t, h.SaveRoom(ctx, ben, room), protocol.ErrInvalidRoom)
		refused(t, h.DeleteRoom(ctx, ben, "physics"), protocol.ErrNotFound)
		_, err = h.Invite(ctx, ben, protocol.Invite{Room: "physics", Kind: protocol.GroupLink, Role: protocol.Attendee})
		refused(t, err, protocol.ErrNotFound)
		refused(t, h.SaveRoom(ctx, account("Carl", false), protocol.NamedRoom{
			Name: "c", Lobby: protocol.LobbyOff, Preset: protocol.Class,
		}), protocol.ErrForbidden)
		_, err = h.Rooms(ctx, stranger("x"))
		refused(t, err, protocol.ErrLogInRequired)

		// Who may create cannot start the named room of somebody else.
		waiting := wait(t, h, Entry{Room: "physics", Name: "Ben", Caller: ben})
		host := come(t, h, Entry{Room: "physics", Name: "Anna", Caller: anna})
		if s := host.joined.Snapshot.Settings; s.Title != "Optics" || s.Preset != protocol.Class || !s.Password {
			t.Errorf("the room has %+v", s)
		}
		waiting.place.Withdraw()
		link, err := h.Invite(ctx, anna, protocol.Invite{
			Room: "physics", Kind: protocol.PersonalLink, Name: "Dora", Role: protocol.Moderator,
		})
		must(t, err)
		dora := come(t, h, Entry{Room: "physics", Name: "Dora", Invite: link.Secret})
		if dora.you().Role != protocol.Moderator {
			t.Errorf("Dora is %+v", dora.you())
		}
		if list, err := h.Invitations(ctx, anna, "physics"); err != nil || !list.Invitations[0].InUse {
			t.Errorf("the links are %+v, %v", list, err)
		}
		must(t, h.RevokeInvitation(ctx, anna, "physics", link.Invitation.ID))
		must(t, dora.session.Leave())
		_, err = try(t, h, Entry{Room: "physics", Name: "Dora", Invite: link.Secret})
		refused(t, err, protocol.ErrInviteInvalid)
		must(t, h.DeleteRoom(ctx, anna, "physics"))
		if list, _ = h.Rooms(ctx, anna); len(list.Rooms) != 0 {
			t.Errorf("Anna has %+v", list)
		}
	})
}

func TestNamedRoomsAreChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		good := protocol.NamedRoom{Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Custom, Rights: &protocol.RoleRights{
			Moderator: []protocol.Right{}, Participant: []protocol.Right{protocol.MayCamera}, Viewer: []protocol.Right{},
		}}
		must(t, h.SaveRoom(t.Context(), account("Anna", true), good))
		for name, change := range map[string]func(*protocol.NamedRoom){
			"name":         func(r *protocol.NamedRoom) { r.Name = "a/b" },
			"title":        func(r *protocol.NamedRoom) { r.Title = "\u202e" },
			"preset":       func(r *protocol.NamedRoom) { r.Preset = "party" },
			"no rights":    func(r *protocol.NamedRoom) { r.Rights = nil },
			"two":          func(r *protocol.NamedRoom) { r.Preset = protocol.Class },
			"lobby":        func(r *protocol.NamedRoom) { r.Lobby = "" },
			"language":     func(r *protocol.NamedRoom) { r.Language = "!" },
			"participants": func(r *protocol.NamedRoom) { r.MaxParticipants = DefaultMaxParticipants + 1 },
			"minutes":      func(r *protocol.NamedRoom) { r.MaxMinutes = -1 },
			"ends first":   func(r *protocol.NamedRoom) { r.StartsAt, r.EndsAt = 10, 9 },
			"password":     func(r *protocol.NamedRoom) { r.Password = new("x") },
			"told":         func(r *protocol.NamedRoom) { r.HasPassword = true },
		} {
			bad := good
			change(&bad)
			if err := h.SaveRoom(t.Context(), account("Anna", true), bad); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
	})
}

// Nobody takes the name of a meeting that others have.
func TestNameInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		room := protocol.NamedRoom{Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Conversation}
		refused(t, h.SaveRoom(t.Context(), account("Ben", true), room), protocol.ErrInvalidRoom)
		must(t, h.SaveRoom(t.Context(), account("Anna", true), room))
		must(t, anna.session.Leave())
		time.Sleep(time.Second)
	})
}

// criterion 19, in memory: with the last participant goes all that a meeting had.
func TestCriterion19NothingOutlivesTheMeeting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		link, err := anna.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
		must(t, err)
		_, err = anna.session.SendChat(protocol.SendChat{Text: "secret"})
		must(t, err)
		waiting := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		must(t, anna.session.Leave())
		if lobby := waiting.lobby(); lobby.HostPresent || lobby.State != protocol.LobbyWaiting {
			t.Errorf("who waits was told %+v", lobby)
		}
		again := come(t, h, Entry{Room: "r", Name: "Carl", Caller: account("Carl", true)})
		if page, _ := again.session.ReadChat(0); len(page.Messages) != 0 || again.you().Role != protocol.Host {
			t.Errorf("the chat of a new meeting is %+v", page)
		}
		if knocks := again.knocks(); len(knocks) != 1 {
			t.Errorf("the new host sees %+v", knocks)
		}
		_, err = try(t, h, Entry{Room: "r", Name: "Dora", Invite: link.Secret})
		refused(t, err, protocol.ErrInviteInvalid)
	})
}
