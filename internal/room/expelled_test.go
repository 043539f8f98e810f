package room

import (
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// criterion 6: who was removed does not come back by reload, cookie, account or link, and knocks marked.
func TestCriterion6RemovedComesBackMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		link, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Moderator,
		})
		must(t, err)
		other, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Bert", Role: protocol.Attendee,
		})
		must(t, err)
		ben := come(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben"), Invite: link.Secret})
		must(t, anna.session.Remove(t.Context(), protocol.Remove{ParticipantID: ben.id()}))
		if reason := ben.endedBy(); reason != protocol.ErrRemoved {
			t.Errorf("Ben's connection ended by %q", reason)
		}
		anna.of(anna)
		if left := told[protocol.Delta](anna); left[len(left)-1].Left[0].Reason != protocol.LeftByRemoval {
			t.Errorf("Anna was told %+v", left[len(left)-1])
		}
		refused(t, ben.session.Leave(), protocol.ErrNotJoined)
		_, _, err = h.Resume(t.Context(), Return{Room: "r", Ticket: ben.joined.Ticket, Outbox: ben})
		refused(t, err, protocol.ErrResumeExpired)
		strange := Caller{Browser: "new", AddressKey: "elsewhere"}
		sameNetwork := Caller{Browser: "newer", AddressKey: stranger("Ben").AddressKey}
		nextDay := Caller{Browser: "newest", AddressKey: "of today", AddressKeyBefore: stranger("Ben").AddressKey}
		for name, test := range map[string]struct {
			e            Entry
			marked, near bool
		}{
			"same network, next day":     {Entry{Name: "B", Caller: nextDay}, false, true},
			"same browser, new name":     {Entry{Name: "Innocent", Caller: stranger("Ben")}, true, false},
			"same link, new browser":     {Entry{Name: "Ben", Caller: strange, Invite: link.Secret}, true, false},
			"same browser, another link": {Entry{Name: "B", Caller: stranger("Ben"), Invite: other.Secret}, true, false},
			"same network, another link": {Entry{Name: "B", Caller: sameNetwork, Invite: other.Secret}, false, true},
		} {
			test.e.Room = "r"
			w := wait(t, h, test.e)
			knocks := anna.knocks()
			if len(knocks) != 1 || knocks[0].RemovedBefore != test.marked || knocks[0].NearRemoved != test.near {
				t.Errorf("%s: the host sees %+v", name, knocks)
			}
			w.place.Withdraw()
			synctest.Wait()
		}
	})
}

// criterion 6: who was banned is refused, with a new name, by another link, and with an account on another device.
func TestCriterion6Banned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		group, err := anna.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
		must(t, err)
		guest := let(t, anna, Entry{Room: "r", Name: "Guest", Caller: stranger("Guest")})
		carl := come(t, h, Entry{Room: "r", Name: "Carl", Caller: account("Carl", true), Invite: group.Secret})
		for _, p := range []*page{guest, carl} {
			must(t, anna.session.Remove(t.Context(), protocol.Remove{ParticipantID: p.id(), Ban: true}))
			if reason := p.endedBy(); reason != protocol.ErrBanned {
				t.Errorf("the connection of %s ended by %q", p.joined.ParticipantID, reason)
			}
		}
		for name, e := range map[string]Entry{
			"guest, new name":         {Name: "Innocent", Caller: stranger("Guest")},
			"guest, link":             {Name: "Guest", Caller: stranger("Guest"), Invite: group.Secret},
			"account, another device": {Name: "Carl", Caller: Caller{Account: account("Carl", true).Account, Browser: "phone"}},
		} {
			e.Room = "r"
			_, err := try(t, h, e)
			refused(t, err, protocol.ErrRefused)
			_ = name
		}
		bans, err := anna.session.Bans(t.Context())
		if err != nil || len(bans.Bans) != 2 || bans.Bans[0].Name != "Guest" || bans.Bans[0].Lasting {
			t.Fatalf("the bans are %+v, %v", bans, err)
		}
		must(t, anna.session.LiftBan(t.Context(), bans.Bans[0].ID))
		wait(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger("Guest")})
		if knocks := anna.knocks(); len(knocks) != 1 || !knocks[0].RemovedBefore {
			t.Errorf("the host sees %+v", knocks)
		}
		other := wait(t, h, Entry{Room: "r", Name: "Another window", Caller: stranger("Guest")})
		must(t, anna.session.Refuse(t.Context(), protocol.Refuse{
			KnockIDs: []string{anna.knocks()[0].ID}, Block: true,
		}))
		if lobby := other.lobby(); lobby.State != protocol.LobbyRefused {
			t.Errorf("the other window was told %+v", lobby)
		}
		_, err = try(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger("Guest")})
		refused(t, err, protocol.ErrRefused)
		must(t, anna.session.Leave())
		synctest.Wait()
		wait(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger("Guest")}) // a ban of a guest ends with the meeting
	})
}

// criterion 6: an account that is banned from a named room stays out of its next meetings.
func TestCriterion6AccountsStayBannedFromNamedRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := keep.NewMemory()
		h, _ := house(t, func(c *Config) { c.Bans = memory })
		anna := account("Anna", true)
		must(t, h.SaveRoom(t.Context(), anna, protocol.NamedRoom{
			Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Conversation,
		}))
		host := come(t, h, Entry{Room: "r", Name: "Anna", Caller: anna})
		carl := come(t, h, Entry{Room: "r", Name: "Carl", Caller: account("Carl", false)})
		must(t, host.session.Remove(t.Context(), protocol.Remove{ParticipantID: carl.id(), Ban: true}))
		everyone := protocol.LobbyEveryone
		must(t, host.session.UpdateSettings(t.Context(), protocol.SettingsChange{Lobby: &everyone}))
		wait(t, h, Entry{Room: "r", Name: "Dora", Caller: account("Dora", false)})
		host.knocks()
		must(t, host.session.Refuse(t.Context(), protocol.Refuse{Everyone: true, Block: true}))
		must(t, host.session.End())
		synctest.Wait()
		host = come(t, h, Entry{Room: "r", Name: "Anna", Caller: anna})
		bans, err := host.session.Bans(t.Context())
		if err != nil || len(bans.Bans) != 2 {
			t.Fatalf("the bans are %+v, %v", bans, err)
		}
		for _, ban := range bans.Bans {
			_, err := try(t, h, Entry{Room: "r", Name: ban.Name, Caller: account(ban.Name, false)})
			refused(t, err, protocol.ErrRefused)
			must(t, host.session.LiftBan(t.Context(), "none"))
			must(t, host.session.LiftBan(t.Context(), ban.ID))
			come(t, h, Entry{Room: "r", Name: ban.Name, Caller: account(ban.Name, false)})
			log, err := host.session.Log()
			last := log.Entries[len(log.Entries)-1]
			if err != nil || last.Action != protocol.ActionLiftBan || last.Whom != ban.Name || !ban.Lasting {
				t.Errorf("of %+v the log says %+v, %v", ban, last, err)
			}
		}
	})
}

// criterion 4: a personal link admits one holder at a time, who may reload; it expires and can be revoked.
func TestCriterion4PersonalLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		invite := protocol.Invite{Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Viewer, Minutes: 60}
		link, err := anna.session.Invite(t.Context(), invite)
		must(t, err)
		if len(link.Secret) < 26 {
			t.Errorf("the secret %q has less than 128 bits", link.Secret)
		}
		ben := Entry{Room: "r", Name: "Whoever", Caller: stranger("Ben"), Invite: link.Secret}
		first := come(t, h, ben)
		if seen := anna.of(first); seen.Name != "Ben" || seen.Role != protocol.Viewer ||
			seen.Identity != (protocol.Identity{Kind: protocol.InvitedPerson, Name: "Ben"}) {
			t.Errorf("Anna sees %+v", seen)
		}
		thief := ben
		thief.Caller = stranger("Thief")
		_, err = try(t, h, thief)
		refused(t, err, protocol.ErrInviteInUse)
		_, err = try(t, h, Entry{Room: "q", Name: "Ben", Invite: link.Secret})
		refused(t, err, protocol.ErrInviteInvalid)
		if list, err := anna.session.Invitations(t.Context()); err != nil || !list.Invitations[0].InUse {
			t.Errorf("the list is %+v, %v", list, err)
		}
		second := come(t, h, ben)
		if reason := first.endedBy(); reason != protocol.ErrReplaced {
			t.Errorf("the first connection ended by %q", reason)
		}
		must(t, second.session.Leave())
		come(t, h, thief) // nobody holds it now
		time.Sleep(time.Hour)
		_, err = try(t, h, ben)
		refused(t, err, protocol.ErrInviteInvalid)
		if list, err := anna.session.Invitations(t.Context()); err != nil || len(list.Invitations) != 0 {
			t.Errorf("the list is %+v, %v", list, err)
		}

		link, err = anna.session.Invite(t.Context(), invite)
		must(t, err)
		must(t, anna.session.RevokeInvitation(t.Context(), link.Invitation.ID))
		ben.Invite = link.Secret
		_, err = try(t, h, ben)
		refused(t, err, protocol.ErrInviteInvalid)
	})
}

// Two who come by one personal link in the same moment: one gets in.
func TestCriterion4Race(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		link, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Attendee,
		})
		must(t, err)
		in := make(chan bool)
		for i := range 8 {
			go func() {
				_, err := try(t, h, Entry{
					Room: "r", Name: "Ben", Invite: link.Secret, Caller: stranger(string(rune('a' + i))),
				})
				in <- err == nil
			}()
		}
		count := 0
		for range 8 {
			if <-in {
				count++
			}
		}
		if count != 1 {
			t.Errorf("%d came in by one personal link", count)
		}
	})
}

func TestGroupLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		link, err := anna.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
		must(t, err)
		wait(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger("Guest"), Invite: link.Secret})
		for _, preset := range rights.Presets() { // an account holder with a link is invited, whatever the preset
			must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Preset: &preset}))
			name := "Carl of the " + string(preset)
			come(t, h, Entry{Room: "r", Name: "Carl", Caller: account(name, false), Invite: link.Secret})
			wait(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger(name), Invite: link.Secret})
		}
		everyone := protocol.LobbyEveryone
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Lobby: &everyone}))
		wait(t, h, Entry{Room: "r", Name: "Dora", Caller: account("Dora", false), Invite: link.Secret})
		for name, bad := range map[string]protocol.Invite{
			"for a person": {Kind: protocol.GroupLink, Role: protocol.Attendee, Name: "Ben"},
			"for hosts":    {Kind: protocol.GroupLink, Role: protocol.Host},
			"no kind":      {Role: protocol.Attendee},
			"no role":      {Kind: protocol.GroupLink},
			"in the past":  {Kind: protocol.GroupLink, Role: protocol.Attendee, Minutes: -1},
			"for ever":     {Kind: protocol.GroupLink, Role: protocol.Attendee, Minutes: maxInviteMinutes + 1},
		} {
			if _, err := anna.session.Invite(t.Context(), bad); err == nil {
				t.Errorf("a link %s was made", name)
			}
		}
		for range protocol.MaxInvitations - 1 {
			_, err := anna.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
			must(t, err)
		}
		_, err = anna.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
		refused(t, err, protocol.ErrTooMany)
	})
}
