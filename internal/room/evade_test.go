package room

import (
	"testing"
	"testing/synctest"

	"stube/internal/signal/protocol"
)

// criterion 6: who was removed does not come in on a ticket that somebody else hands over, neither for a place in the
// lobby nor for a seat in the room.
func TestCriterion6TicketsAreNotHandedToTheRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		dora := wait(t, h, Entry{Room: "r", Name: "Dora", Caller: stranger("Dora")})
		anna.admit()
		for _, ban := range []bool{false, true} {
			name := map[bool]string{false: "Ben", true: "Bert"}[ban]
			ben := account(name, true)
			seated := come(t, h, Entry{Room: "r", Name: name, Caller: ben, Invite: inviteGroup(t, anna)})
			must(t, anna.session.Remove(t.Context(), protocol.Remove{ParticipantID: seated.id(), Ban: ban}))
			_, err := try(t, h, Entry{Room: "r", Name: name, Caller: ben, Knock: dora.lobby().Ticket})
			want := map[bool]protocol.ErrorCode{false: protocol.ErrWaiting, true: protocol.ErrRefused}[ban]
			refused(t, err, want)
			_, _, err = h.Resume(t.Context(), Return{
				Caller: ben, Room: "r", Ticket: carl.joined.Ticket, Outbox: seated,
			})
			refused(t, err, protocol.ErrResumeExpired)
		}
		if _, err := dora.again(); err != nil {
			t.Errorf("Dora herself: %v", err)
		}
		_, _, err := h.Resume(t.Context(), Return{
			Caller: stranger("Carl"), Room: "r", Ticket: carl.joined.Ticket, Outbox: carl,
		})
		must(t, err)
	})
}

// inviteGroup makes a link for everybody.
func inviteGroup(t *testing.T, host *page) string {
	t.Helper()
	link, err := host.session.Invite(t.Context(), protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
	must(t, err)
	return link.Secret
}

// criterion 11: who came by a link for a host and was made something else stays that, also in another browser.
func TestCriterion11NoLinkUndoesARole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		link, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Host,
		})
		must(t, err)
		ben := Entry{Room: "r", Name: "Ben", Caller: stranger("Ben"), Invite: link.Secret}
		seated := come(t, h, ben)
		must(t, anna.session.SetRole(seated.id(), protocol.Viewer))
		must(t, seated.session.Leave())
		for _, browser := range []string{ben.Caller.Browser, "another"} {
			ben.Caller.Browser = browser
			seated = come(t, h, ben)
			if you := seated.you(); you.Role != protocol.Viewer {
				t.Errorf("in the browser %q he is %+v", browser, you)
			}
			must(t, seated.session.Leave())
		}
		seated = come(t, h, ben)
		must(t, anna.session.SetRole(seated.id(), protocol.Host))
		must(t, seated.session.Leave())
		if seated = come(t, h, ben); seated.you().Role != protocol.Host {
			t.Errorf("made a host again he is %+v", seated.you())
		}
	})
}

// criterion 15: who is on the way in when everything is stopped is stopped too.
func TestCriterion15PanicStopsWhoEnters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &entering{Media: &fake{}}
		h, _ := house(t, func(c *Config) { c.Media = media })
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		w := wait(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		anna.knocks()
		anna.admit()
		media.meanwhile = func() { must(t, anna.session.Panic()) }
		ben, err := w.again()
		must(t, err)
		if len(ben.joined.You.Rights) != 0 || !anna.of(ben).Halted {
			t.Errorf("in the panic he is %+v", ben.joined.You)
		}
		must(t, anna.session.Restore(protocol.People{Everyone: true}))
		if len(ben.you().Rights) == 0 || anna.of(ben).Halted {
			t.Errorf("brought back he is %+v", ben.you())
		}
	})
}
