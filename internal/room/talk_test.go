package room

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// tokens stands for other systems.
type tokens map[string]Pass

func (s tokens) Pass(_ context.Context, token string) (Pass, error) {
	pass, found := s[token]
	if !found {
		return Pass{}, errForged
	}
	return pass, nil
}

// criterion 13: the server sets the sender; a private message reaches two.
func TestCriterion13Chat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		open, err := ben.session.SendChat(protocol.SendChat{Text: " hello\n"})
		must(t, err)
		private, err := ben.session.SendChat(protocol.SendChat{Text: "psst", To: anna.id(), ReplyTo: open.Number})
		must(t, err)
		synctest.Wait()
		for p, want := range map[*page]int{anna: 2, ben: 2, carl: 1} {
			got := told[protocol.Chat](p)
			if len(got) != want || got[0].Messages[0].From != ben.id() || got[0].Messages[0].Name != "Ben" ||
				got[0].Messages[0].Text != "hello" {
				t.Errorf("%s was told %+v", p.entry.Name, got)
			}
		}
		for _, bad := range []protocol.SendChat{
			{Text: "x", To: "nobody"},
			{Text: "x", To: carl.id()},
			{Text: "x", ReplyTo: 99},
			{Text: "x", ReplyTo: private.Number},
		} {
			_, err := carl.session.SendChat(bad)
			refused(t, err, protocol.ErrNotFound)
		}
		_, err = carl.session.SendChat(protocol.SendChat{Text: "\u202e"})
		refused(t, err, protocol.ErrInvalidText)
		refused(t, carl.session.RetractChat(private.Number), protocol.ErrNotFound)
		refused(t, carl.session.RetractChat(open.Number), protocol.ErrForbidden)
		must(t, ben.session.RetractChat(private.Number))
		must(t, anna.session.RetractChat(open.Number))
		must(t, anna.session.RetractChat(open.Number))
		synctest.Wait()
		if got := told[protocol.ChatRetracted](carl); len(got) != 1 || got[0].Numbers[0] != open.Number {
			t.Errorf("Carl was told %+v", got)
		}
		if m := told[protocol.Moderated](ben); len(m) != 1 || m[0].Action != protocol.ActionRetract {
			t.Errorf("Ben was told %+v", m)
		}
		page, err := anna.session.ReadChat(0)
		if err != nil || len(page.Messages) != 2 || page.Messages[0].Text != "" || !page.Messages[0].Retracted {
			t.Errorf("the history is %+v, %v", page, err)
		}
	})
}

func TestCriterion30ChatLimitsAndLateComers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		for range chatBurst {
			_, err := anna.session.SendChat(protocol.SendChat{Text: "x"})
			must(t, err)
		}
		_, err := anna.session.SendChat(protocol.SendChat{Text: "x"})
		refused(t, err, protocol.ErrTryLater)
		time.Sleep(time.Second)
		_, err = anna.session.SendChat(protocol.SendChat{Text: "x"})
		must(t, err)
		early := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		if page, _ := early.session.ReadChat(0); len(page.Messages) != chatBurst+1 {
			t.Errorf("Ben reads %d messages", len(page.Messages))
		}
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{ChatHistory: new(false)}))
		late := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		if page, _ := late.session.ReadChat(0); len(page.Messages) != 0 {
			t.Errorf("Carl reads %+v", page)
		}
		_, err = late.session.SendChat(protocol.SendChat{Text: "x", ReplyTo: 1})
		refused(t, err, protocol.ErrNotFound)
	})
}

func TestCriterion13HandsAndReactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		must(t, carl.session.RaiseHand(true))
		must(t, ben.session.RaiseHand(true))
		must(t, carl.session.RaiseHand(true))
		if first, second := anna.of(carl).Hand, anna.of(ben).Hand; first == 0 || first >= second {
			t.Errorf("the hands have numbers %d and %d", first, second)
		}
		must(t, carl.session.RaiseHand(false))
		must(t, anna.session.LowerHands(protocol.People{Everyone: true}))
		if anna.of(ben).Hand != 0 || anna.of(carl).Hand != 0 {
			t.Error("hands are still up")
		}
		if m := told[protocol.Moderated](ben); len(m) != 1 || m[0].Action != protocol.ActionHand {
			t.Errorf("Ben was told %+v", m)
		}
		must(t, ben.session.React(protocol.Applause))
		refused(t, ben.session.React("💣"), protocol.ErrInvalidParams)
		for range reactionBurst - 1 {
			must(t, ben.session.React(protocol.Heart))
		}
		refused(t, ben.session.React(protocol.Heart), protocol.ErrTryLater)
		time.Sleep(publishInterval)
		synctest.Wait()
		count := 0
		for _, r := range told[protocol.Reactions](carl) {
			for _, reaction := range r.Reactions {
				count++
				if reaction.ParticipantID != ben.id() {
					t.Errorf("Carl was told %+v", reaction)
				}
			}
		}
		if count != reactionBurst {
			t.Errorf("Carl saw %d reactions", count)
		}
	})
}
