package keep

import (
	"errors"
	"testing"
	"time"

	"stube/internal/signal/protocol"
)

func TestMemoryRooms(t *testing.T) {
	ctx, m := t.Context(), NewMemory()
	var _ interface {
		Rooms
		Invitations
		Bans
	} = m
	for _, r := range []Room{{Key: "b", Account: "anna"}, {Key: "a", Account: "anna"}, {Key: "c", Account: "ben"}} {
		if err := m.SaveRoom(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.SaveRoom(ctx, Room{Key: "a", Account: "ben"}); !errors.Is(err, ErrTaken) {
		t.Errorf("another's room was taken over: %v", err)
	}
	if rooms, _ := m.RoomsOf(ctx, "anna"); len(rooms) != 2 || rooms[0].Key != "a" {
		t.Errorf("Anna has %+v", rooms)
	}
	if err := m.DeleteRoom(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if _, found, _ := m.Room(ctx, "a"); found {
		t.Error("a deleted room is there")
	}
}

func TestMemoryInvitations(t *testing.T) {
	ctx, m, now := t.Context(), NewMemory(), time.Now()
	secret := NewSecret()
	for _, i := range []Invitation{
		{ID: "2", Room: "r", Hash: Hash(secret), CreatedAt: now, ExpiresAt: now.Add(time.Hour)},
		{ID: "1", Room: "r", Hash: Hash("other"), CreatedAt: now},
	} {
		if err := m.SaveInvitation(ctx, i); err != nil {
			t.Fatal(err)
		}
	}
	if i, found, _ := m.Invitation(ctx, "r", Hash(secret)); !found || i.ID != "2" || !i.Valid(now) ||
		i.Valid(now.Add(time.Hour)) {
		t.Errorf("found %+v, %t", i, found)
	}
	if _, found, _ := m.Invitation(ctx, "other room", Hash(secret)); found {
		t.Error("a link opens another room")
	}
	if all, _ := m.InvitationsTo(ctx, "r"); len(all) != 2 || all[0].ID != "1" {
		t.Errorf("listed are %+v", all)
	}
	_ = m.DeleteInvitation(ctx, "r", "2")
	if all, _ := m.InvitationsTo(ctx, "r"); len(all) != 1 {
		t.Errorf("listed are %+v", all)
	}
	_ = m.DeleteInvitationsTo(ctx, "r")
	if all, _ := m.InvitationsTo(ctx, "r"); len(all) != 0 {
		t.Errorf("listed are %+v", all)
	}
}

func TestMemoryBans(t *testing.T) {
	ctx, m := t.Context(), NewMemory()
	ban := Ban{Room: "r", Account: "mallory", Public: protocol.Ban{ID: "1"}}
	if err := m.SaveBan(ctx, ban); err != nil {
		t.Fatal(err)
	}
	if banned, _ := m.Banned(ctx, "r", "mallory"); !banned {
		t.Error("not banned")
	}
	if banned, _ := m.Banned(ctx, "q", "mallory"); banned {
		t.Error("banned from another room")
	}
	if all, _ := m.BansFrom(ctx, "r"); len(all) != 1 {
		t.Errorf("listed are %+v", all)
	}
	_ = m.DeleteBan(ctx, "r", "1")
	if banned, _ := m.Banned(ctx, "r", "mallory"); banned {
		t.Error("still banned")
	}
	_ = m.DeleteBansFrom(ctx, "r")
}

// criterion 4: the secret has at least 128 bits, and only a hash of it is kept.
func TestCriterion4Secret(t *testing.T) {
	a, b := NewSecret(), NewSecret()
	if len(a) < 26 || a == b || Hash(a) == Hash(b) || Hash(a) == a {
		t.Errorf("secrets %q and %q", a, b)
	}
}
