package room

import (
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/room/keep"
	"stube/internal/signal/protocol"
)

// house is a House as a default install has it, with its media core.
func house(t *testing.T, change func(*Config)) (*House, *fake) {
	media := &fake{}
	cfg := Config{Media: media}
	if change != nil {
		change(&cfg)
	}
	h := NewHouse(cfg)
	t.Cleanup(h.Close)
	return h, media
}

// hosted is a house with a host in the room "r".
func hosted(t *testing.T) (*House, *page) {
	h, _ := house(t, nil)
	return h, come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
}

// let brings somebody through the lobby.
func let(t *testing.T, host *page, e Entry) *page {
	t.Helper()
	w := wait(t, host.house, e)
	synctest.Wait()
	host.admit()
	p, err := w.again()
	must(t, err)
	return p
}

// criterion 1: by default, only who may create starts a meeting.
func TestCriterion1OnlyCreatorsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, media := house(t, nil)
		for _, caller := range []Caller{{}, stranger("Ben"), account("Carl", false)} {
			if lobby := wait(t, h, Entry{Room: "r", Name: "x", Caller: caller}).lobby(); lobby.State != protocol.LobbyWaiting {
				t.Errorf("%+v was told %+v", caller, lobby)
			}
		}
		if len(media.children) != 0 || h.Stats().Rooms != 0 || h.Stats().Waiting != 3 {
			t.Errorf("the house holds %+v, the media core %d routers", h.Stats(), len(media.children))
		}
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		if anna.you().Role != protocol.Host || len(anna.you().Rights) != 14 {
			t.Errorf("who started is %+v", anna.you())
		}
	})
}

// criterion 1: whom the operator no longer lets create starts no meeting of a room kept from before either, nor has
// others do it; the meeting that goes on stays theirs.
func TestCriterion1OwnersMustStillBeCreators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		must(t, h.SaveRoom(t.Context(), account("Anna", true), protocol.NamedRoom{
			Name: "class", Lobby: protocol.LobbyGuests, Preset: protocol.Class,
		}))
		leading := protocol.Invite{Room: "class", Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Host}
		_, err := h.Invite(t.Context(), account("Anna", false), leading)
		refused(t, err, protocol.ErrForbidden)
		waiting := wait(t, h, Entry{Room: "class", Name: "Anna", Caller: account("Anna", false)})
		waiting.place.Withdraw()
		link, err := h.Invite(t.Context(), account("Anna", true), leading)
		must(t, err)
		ben := come(t, h, Entry{Room: "class", Name: "Ben", Invite: link.Secret})
		anna := come(t, h, Entry{Room: "class", Name: "Anna", Caller: account("Anna", false)})
		if ben.you().Role != protocol.Host || anna.you().Role != protocol.Host {
			t.Errorf("Ben is %+v, Anna %+v", ben.you(), anna.you())
		}
	})
}

// criterion 3: an unknown, a closed and a private room answer alike; who asks too often has to wait.
func TestCriterion3UniformAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := keep.NewMemory()
		h, _ := house(t, func(c *Config) { c.Rooms = memory })
		anna := account("Anna", true)
		past := time.Now().Add(-time.Hour).UnixMilli()
		for _, r := range []protocol.NamedRoom{
			{Name: "sleeping", Title: "t"},
			{Name: "private", Title: "t", Private: true},
			{Name: "over", Title: "t", EarlyEntry: true, Lobby: protocol.LobbyOff, EndsAt: past},
		} {
			if r.Lobby == "" {
				r.Lobby = protocol.LobbyGuests
			}
			r.Preset = protocol.Conversation
			must(t, h.SaveRoom(t.Context(), anna, r))
		}
		host := come(t, h, Entry{Room: "private", Name: "Anna", Caller: anna})
		must(t, memory.SaveRoom(t.Context(), keep.Room{Key: "secret", Account: "other", Settings: protocol.NamedRoom{
			Name: "secret", Title: "t", Private: true, Lobby: protocol.LobbyGuests, Preset: protocol.Conversation,
		}}))
		for i, room := range []string{"unknown", "sleeping", "private", "over", "secret"} {
			guest := stranger(fmt.Sprint(i))
			peeked, err := h.Peek(t.Context(), guest, protocol.Peek{Room: room})
			if want := (protocol.Peeked{Entry: protocol.EntryKnock}); err != nil || peeked != want {
				t.Errorf("%s: peeked %+v, %v", room, peeked, err)
			}
			w := wait(t, h, Entry{Room: room, Name: "Ben", Caller: guest})
			if lobby := w.lobby(); lobby.HostPresent || lobby.Title != "" {
				t.Errorf("%s: the lobby tells %+v", room, lobby)
			}
			_, err = try(t, h, Entry{Room: room, Name: "Ben", Caller: guest, Invite: "guessed"})
			if err == nil || err.Error() != "invite_invalid: no such invitation" {
				t.Errorf("%s: %v", room, err)
			}
		}
		if knocks := host.knocks(); len(knocks) != 0 {
			t.Errorf("a private room is knocked at by %+v", knocks)
		}
		for range lookupBurst {
			_, _ = h.Peek(t.Context(), stranger("Mallory"), protocol.Peek{Room: "guess"})
		}
		_, err := h.Peek(t.Context(), stranger("Mallory"), protocol.Peek{Room: "private"})
		refused(t, err, protocol.ErrTryLater)
		_, err = try(t, h, Entry{Room: "guess", Name: "M", Caller: stranger("Mallory")})
		refused(t, err, protocol.ErrTryLater)
		_, err = h.Peek(t.Context(), stranger("Ben"), protocol.Peek{Room: "private"})
		must(t, err)
	})
}

// criterion 5: who waits gets nothing but how the lobby stands; no transport is made in the media core.
func TestCriterion5LobbyLeaksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, media := house(t, nil)
		before := wait(t, h, Entry{Room: "r", Name: "Early", Caller: stranger("Early")})
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		anna.produce(protocol.Camera)
		_, err := anna.session.SendChat(protocol.SendChat{Text: "among us"})
		must(t, err)
		title := "The board"
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Title: &title}))
		time.Sleep(time.Second)
		synctest.Wait()
		for _, w := range []*page{before, ben} {
			for _, n := range w.told {
				if n.method != protocol.MethodLobby {
					t.Errorf("%s was sent %s", w.entry.Name, n.method)
				}
			}
			if lobby := w.lobby(); !lobby.HostPresent || lobby.Title != title || lobby.State != protocol.LobbyWaiting {
				t.Errorf("%s was told %+v", w.entry.Name, lobby)
			}
		}
		router := media.children[0]
		if len(router.children) != 2 {
			t.Errorf("the media core has %d transports, want the two of the host", len(router.children))
		}
		knocks := anna.knocks()
		if len(knocks) != 2 || knocks[0].Name != "Early" || knocks[1].Identity.Kind != protocol.Guest ||
			knocks[1].RemovedBefore {
			t.Fatalf("the host sees %+v", knocks)
		}
		must(t, anna.session.Admit(protocol.Admit{KnockIDs: []string{knocks[1].ID, "gone"}}))
		if lobby := ben.lobby(); lobby.State != protocol.LobbyAdmitted {
			t.Errorf("Ben was told %+v", lobby)
		}
		inside, err := ben.again()
		must(t, err)
		if inside.you().Role != protocol.Attendee || len(inside.joined.Snapshot.Participants) != 2 {
			t.Errorf("Ben came in as %+v", inside.joined)
		}
		if knocks = anna.knocks(); len(knocks) != 1 || h.Stats().Waiting != 1 {
			t.Errorf("the host sees %+v", knocks)
		}
		must(t, anna.session.Refuse(t.Context(), protocol.Refuse{Everyone: true}))
		if lobby := before.lobby(); lobby.State != protocol.LobbyRefused {
			t.Errorf("Early was told %+v", lobby)
		}
		if knocks = anna.knocks(); len(knocks) != 0 {
			t.Errorf("the host sees %+v", knocks)
		}
	})
}

// criterion 5: a reload keeps the place, a minute without connection loses it, and so does not coming in.
func TestCriterion5PlaceOutlivesReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		first := anna.knocks()
		ben.place.Drop()
		if now := anna.knocks(); now[0].Connection != protocol.Reconnecting {
			t.Errorf("the host sees %+v", now)
		}
		time.Sleep(lobbyTimeout / 2)
		again := ben.entry
		again.Knock = ben.lobby().Ticket
		back := wait(t, h, again)
		ben.place.Drop() // of no effect: another connection has the place
		time.Sleep(lobbyTimeout)
		if now := anna.knocks(); len(now) != 1 || now[0].ID != first[0].ID || now[0].Connection != protocol.Connected {
			t.Errorf("the host sees %+v", now)
		}
		back.place.Drop()
		time.Sleep(lobbyTimeout)
		if now := anna.knocks(); len(now) != 0 || h.Stats().Waiting != 0 {
			t.Errorf("the host sees %+v", now)
		}
		late := wait(t, h, Entry{Room: "r", Name: "Late", Caller: stranger("Late")})
		anna.admit()
		time.Sleep(lobbyTimeout + time.Second)
		if _, err := late.again(); err == nil {
			t.Error("an admission holds for ever")
		}
		gone := wait(t, h, Entry{Room: "r", Name: "Gone", Caller: stranger("Gone")})
		gone.place.Withdraw()
		gone.place.Withdraw()
		wait(t, h, Entry{Room: "q", Name: "Alone", Caller: stranger("Alone")}).place.Withdraw()
		synctest.Wait()
		if h.find("q") != nil {
			t.Error("an empty lobby is still there")
		}
	})
}

// criterion 7: a locked room admits nobody, also not who was admitted before; its hosts come back.
func TestCriterion7Locked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		waiting := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		anna.admit()
		yes, no := true, false
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Locked: &yes}))
		link, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Carl", Role: protocol.Moderator,
		})
		must(t, err)
		for name, e := range map[string]Entry{
			"guest": {}, "account": {Caller: account("Dora", true)}, "link": {Invite: link.Secret},
		} {
			e.Room, e.Name = "r", name
			_, err := try(t, h, e)
			refused(t, err, protocol.ErrLocked)
		}
		if p, err := waiting.again(); p.session != nil {
			t.Errorf("who was admitted came in: %v", err)
		}
		come(t, h, Entry{Room: "r", Name: "Anna on her phone", Caller: account("Anna", true)})
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Locked: &no}))
		come(t, h, Entry{Room: "r", Name: "Carl", Invite: link.Secret})
	})
}

// criterion 8: tickets of participants and of who waits are good for one room.
func TestCriterion8TicketsAreForOneRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		other := come(t, h, Entry{Room: "q", Name: "Olga", Caller: account("Olga", true)})
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		anna.admit()
		_, _, err := h.Resume(t.Context(), Return{Room: "q", Ticket: anna.joined.Ticket, Outbox: anna})
		refused(t, err, protocol.ErrResumeExpired)
		wait(t, h, Entry{Room: "q", Name: "Ben", Caller: stranger("Ben"), Knock: ben.lobby().Ticket})
		if len(other.knocks()) != 1 || other.knocks()[0].Name != "Ben" {
			t.Errorf("in the other room knock %+v", other.knocks())
		}
	})
}

// criterion 16 and the lobby: who was only waiting for a host need not be admitted by hand.
func TestCriterion5WaitingForHostOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		anna := account("Anna", true)
		must(t, h.SaveRoom(t.Context(), anna, protocol.NamedRoom{
			Name: "class", Title: "Class", Lobby: protocol.LobbyGuests, Preset: protocol.Class,
		}))
		link, err := h.Invite(t.Context(), anna, protocol.Invite{
			Room: "class", Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Attendee,
		})
		must(t, err)
		peeked, err := h.Peek(t.Context(), Caller{}, protocol.Peek{Room: "class", Invite: link.Secret})
		want := protocol.Peeked{
			Entry: protocol.EntryKnock, Title: "Class",
			Inviter: &protocol.Person{Name: "Anna", Identity: protocol.Identity{
				Kind: protocol.Account, Provider: "Google", Name: "Anna",
			}},
			Invitation: &protocol.InvitationFor{Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Attendee},
		}
		if err != nil || !reflect.DeepEqual(peeked, want) {
			t.Errorf("peeked %+v, %v", peeked, err)
		}
		ben := wait(t, h, Entry{Room: "class", Name: "Ben", Caller: stranger("Ben"), Invite: link.Secret})
		host := come(t, h, Entry{Room: "class", Name: "Anna", Caller: anna})
		if lobby := ben.lobby(); lobby.State != protocol.LobbyAdmitted {
			t.Errorf("Ben was told %+v", lobby)
		}
		p, err := ben.again()
		must(t, err)
		if p.you().Role != protocol.Attendee || host.of(p).Identity.Kind != protocol.InvitedPerson {
			t.Errorf("Ben came in as %+v", host.of(p))
		}
	})
}

func TestCriterion5NobodyEntersBeforeTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		anna, now := account("Anna", true), time.Now()
		must(t, h.SaveRoom(t.Context(), anna, protocol.NamedRoom{
			Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Conversation, EarlyEntry: true,
			StartsAt: now.Add(time.Hour).UnixMilli(), EndsAt: now.Add(2 * time.Hour).UnixMilli(),
		}))
		come(t, h, Entry{Room: "r", Name: "Anna", Caller: anna})
		peeked, err := h.Peek(t.Context(), stranger("Ben"), protocol.Peek{Room: "r"})
		if err != nil || peeked.StartsAt != now.Add(time.Hour).UnixMilli() || peeked.Entry != protocol.EntryKnock {
			t.Errorf("before the start Ben peeked %+v, %v", peeked, err)
		}
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		time.Sleep(time.Hour)
		if lobby := ben.lobby(); lobby.State != protocol.LobbyAdmitted {
			t.Errorf("Ben was told %+v", lobby)
		}
		come(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		time.Sleep(time.Hour)
		late := wait(t, h, Entry{Room: "r", Name: "Dora", Caller: stranger("Dora")})
		if lobby := late.lobby(); lobby.HostPresent {
			t.Errorf("Dora was told %+v", lobby)
		}
	})
}

// Who waited before the meeting began has not shown its password yet.
func TestPasswordAfterWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		anna := account("Anna", true)
		must(t, h.SaveRoom(t.Context(), anna, protocol.NamedRoom{
			Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Conversation, Password: new("open sesame"),
		}))
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		come(t, h, Entry{Room: "r", Name: "Anna", Caller: anna})
		if lobby := ben.lobby(); lobby.State != protocol.LobbyAdmitted {
			t.Errorf("Ben was told %+v", lobby)
		}
		_, err := ben.again()
		refused(t, err, protocol.ErrPasswordRequired)
		ben.entry.Password = "open sesame"
		_, err = ben.again()
		must(t, err)
	})
}

// criterion 30: nobody fills a lobby alone.
func TestCriterion30LobbyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		for i := range protocol.MaxWaiting {
			caller := Caller{AddressKey: fmt.Sprint("net ", i/maxWaitingNear)}
			wait(t, h, Entry{Room: "r", Name: "x", Caller: caller})
			if i == maxWaitingNear-1 {
				_, err := try(t, h, Entry{Room: "r", Name: "x", Caller: caller})
				refused(t, err, protocol.ErrTryLater)
			}
		}
		_, err := try(t, h, Entry{Room: "r", Name: "x", Caller: stranger("x")})
		refused(t, err, protocol.ErrRoomFull)
		if knocks := anna.knocks(); len(knocks) != protocol.MaxWaiting {
			t.Errorf("the host sees %d", len(knocks))
		}
		held, err := h.Inventory(t.Context())
		if err != nil || len(held) != len(Kinds()) || held[1].Count != 1 || held[2].Count != protocol.MaxWaiting {
			t.Errorf("the house holds %+v, %v", held, err)
		}
	})
}

func TestPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		secret := "open sesame"
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Password: &secret}))
		ben := Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")}
		peeked, err := h.Peek(t.Context(), ben.Caller, protocol.Peek{Room: "r"})
		if err != nil || !peeked.Password || !peeked.HostPresent || peeked.Inviter.Name != "Anna" {
			t.Errorf("peeked %+v, %v", peeked, err)
		}
		_, err = try(t, h, ben)
		refused(t, err, protocol.ErrPasswordRequired)
		right := ben
		right.Password = secret
		wait(t, h, right).place.Withdraw()
		for range guessBurst {
			ben.Password = "guess"
			_, err = try(t, h, ben)
			refused(t, err, protocol.ErrWrongPassword)
		}
		_, err = try(t, h, right)
		refused(t, err, protocol.ErrTryLater)
		time.Sleep(guessPause)
		wait(t, h, right)
		come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		for _, bad := range []string{"abc", string(make([]byte, protocol.MaxPassword+1))} {
			refused(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Password: &bad}),
				protocol.ErrInvalidParams)
		}
		none := ""
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Password: &none}))
		wait(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
	})
}

// An admission is void when the host has gone; who waits with a connection goes on waiting.
func TestAdmissionEndsWithTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		ben := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		anna.admit()
		must(t, anna.session.Leave())
		time.Sleep(10 * lobbyTimeout)
		if lobby := ben.lobby(); lobby.State != protocol.LobbyWaiting || lobby.HostPresent || h.Stats().Waiting != 1 {
			t.Errorf("Ben was told %+v", lobby)
		}
		carl := come(t, h, Entry{Room: "r", Name: "Carl", Caller: account("Carl", true)})
		if knocks := carl.knocks(); len(knocks) != 1 || knocks[0].Name != "Ben" {
			t.Errorf("the new host sees %+v", knocks)
		}
	})
}

// Whom another system sends waits where everybody waits, unless that system says otherwise.
func TestTokensAndTheLobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, func(c *Config) {
			c.Tokens = tokens{"plain": {Room: "*", Name: "Ben"}, "bypass": {Room: "*", Name: "Carl", Bypass: true}}
		})
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		come(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben"), Token: "plain"})
		everyone := protocol.LobbyEveryone
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Lobby: &everyone}))
		wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben, elsewhere"), Token: "plain"})
		come(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl"), Token: "bypass"})
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Locked: new(true)}))
		_, err := try(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl, too"), Token: "bypass"})
		refused(t, err, protocol.ErrLocked)
	})
}
