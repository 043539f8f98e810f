package keepstore

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"stube/internal/room/keep"
	"stube/internal/signal/protocol"
	"stube/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reopened gives what is kept, and a function that closes the store and opens it again.
func reopened(t *testing.T) (k *Keep, again func() *Keep) {
	t.Helper()
	folder := t.TempDir()
	var s *store.Store
	again = func() *Keep {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if s, err = store.Open(t.Context(), store.Config{Folder: folder, Log: slog.New(slog.DiscardHandler)}); err != nil {
			t.Fatal(err)
		}
		k, err := Open(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k = again()
	t.Cleanup(func() { _ = s.Close() })
	return k, again
}

func TestRooms(t *testing.T) {
	k, again := reopened(t)
	for _, r := range []keep.Room{{Key: "b", Account: "anna"}, {Key: "a", Account: "anna"}, {Key: "c", Account: "ben"}} {
		if err := k.Rooms().SaveRoom(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Rooms().SaveRoom(t.Context(), keep.Room{Key: "a", Account: "ben"}); !errors.Is(err, keep.ErrTaken) {
		t.Errorf("another's room was taken over: %v", err)
	}
	changed := keep.Room{Key: "a", Account: "anna", Settings: protocol.NamedRoom{Title: "Choir"}}
	if err := k.Rooms().SaveRoom(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	k = again()
	list, err := k.Rooms().RoomsOf(t.Context(), "anna")
	if err != nil || len(list) != 2 || list[0].Settings.Title != "Choir" {
		t.Errorf("Anna has %+v, %v", list, err)
	}
	for range 2 { // the second time there is none
		if err := k.Rooms().DeleteRoom(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := k.Rooms().Room(t.Context(), "a"); found || err != nil {
		t.Errorf("a deleted room is there, or %v", err)
	}
}

func TestInvitations(t *testing.T) {
	k, again := reopened(t)
	now := time.Now()
	for _, i := range []keep.Invitation{
		{ID: "2", Room: "r", Hash: keep.Hash("secret"), CreatedAt: now, ExpiresAt: now.Add(time.Hour)},
		{ID: "1", Room: "r", Hash: keep.Hash("other"), CreatedAt: now.Add(-time.Minute)},
		{ID: "3", Room: "q", Hash: keep.Hash("elsewhere"), CreatedAt: now},
		{ID: "4", Room: "r", Hash: keep.Hash("over"), CreatedAt: now, ExpiresAt: now.Add(-time.Second)},
	} {
		if err := k.Invitations().SaveInvitation(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	k = again()
	i, found, err := k.Invitations().Invitation(t.Context(), "r", keep.Hash("secret"))
	if !found || i.ID != "2" || err != nil {
		t.Errorf("found %+v, %t, %v", i, found, err)
	}
	if _, found, _ := k.Invitations().Invitation(t.Context(), "q", keep.Hash("secret")); found {
		t.Error("a link opens another room")
	}
	if all, err := k.Invitations().InvitationsTo(t.Context(), "r"); err != nil || len(all) != 2 || all[0].ID != "1" {
		t.Errorf("listed are %+v, %v", all, err)
	}
	if err := k.Invitations().DeleteInvitation(t.Context(), "r", "2"); err != nil {
		t.Fatal(err)
	}
	if _, found, _ := k.Invitations().Invitation(t.Context(), "r", keep.Hash("secret")); found {
		t.Error("a revoked link is there")
	}
	if err := k.Invitations().DeleteInvitationsTo(t.Context(), "r"); err != nil {
		t.Fatal(err)
	}
	if all, _ := k.Invitations().InvitationsTo(t.Context(), "q"); len(all) != 1 {
		t.Errorf("of another room are left %+v", all)
	}
	counts, err := k.Inventory(t.Context())
	if err != nil || len(counts) != len(Kinds()) || counts[1].Count != 1 {
		t.Errorf("counted are %+v, %v", counts, err)
	}
}

func TestBans(t *testing.T) {
	k, again := reopened(t)
	ban := keep.Ban{Room: "r", Account: "mallory", Public: protocol.Ban{ID: "1"}}
	if err := k.Bans().SaveBan(t.Context(), ban); err != nil {
		t.Fatal(err)
	}
	k = again()
	for room, want := range map[string]bool{"r": true, "q": false} {
		if banned, err := k.Bans().Banned(t.Context(), room, "mallory"); banned != want || err != nil {
			t.Errorf("banned from %s: %t, %v", room, banned, err)
		}
	}
	if all, _ := k.Bans().BansFrom(t.Context(), "r"); len(all) != 1 {
		t.Errorf("listed are %+v", all)
	}
	if err := k.Bans().DeleteBan(t.Context(), "r", "1"); err != nil {
		t.Fatal(err)
	}
	if banned, _ := k.Bans().Banned(t.Context(), "r", "mallory"); banned {
		t.Error("still banned")
	}
	if err := k.Bans().DeleteBansFrom(t.Context(), "r"); err != nil {
		t.Fatal(err)
	}
}

// What an account kept goes with it: rooms, links and bans there, and what is known of it elsewhere.
func TestForget(t *testing.T) {
	k, again := reopened(t)
	for room, account := range map[string]string{"a": "anna", "b": "anna", "c": "ben"} {
		if err := k.Rooms().SaveRoom(t.Context(), keep.Room{Key: room, Account: account}); err != nil {
			t.Fatal(err)
		}
		i := keep.Invitation{ID: "of " + room, Room: room, Hash: keep.Hash(room), ExpiresAt: time.Now().Add(time.Hour)}
		if err := k.Invitations().SaveInvitation(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []keep.Ban{{Room: "a", Account: "ben"}, {Room: "c", Account: "anna"}, {Room: "c", Account: "cleo"}} {
		b.Public.ID = b.Room + b.Account
		if err := k.Bans().SaveBan(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time nothing is left
		if err := k.Forget(t.Context(), "anna"); err != nil {
			t.Fatal(err)
		}
		k = again()
		counts, err := k.Inventory(t.Context())
		if err != nil || counts[0].Count != 1 || counts[1].Count != 1 || counts[2].Count != 1 {
			t.Errorf("left are %+v, %v", counts, err)
		}
	}
	if banned, err := k.Bans().Banned(t.Context(), "c", "cleo"); !banned || err != nil {
		t.Errorf("another's ban is lifted, or %v", err)
	}
}
