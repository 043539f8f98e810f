package room

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// attempts are calls of all methods that need a right, each with that need. They must be harmless when they succeed.
func attempts(p, victim *page) map[protocol.Method]func() error {
	one := []string{victim.id()}
	return map[protocol.Method]func() error{
		protocol.MethodRename:    func() error { return p.session.Rename("x") },
		protocol.MethodAdmit:     func() error { return p.session.Admit(protocol.Admit{Everyone: true}) },
		protocol.MethodRefuse:    func() error { return p.session.Refuse(p.t.Context(), protocol.Refuse{Everyone: true}) },
		protocol.MethodRaiseHand: func() error { return p.session.RaiseHand(true) },
		protocol.MethodReact: func() error {
			p.session.participant.tongue = newTongue()
			return p.session.React(protocol.Applause)
		},
		protocol.MethodStopMedia: func() error {
			return p.session.StopMedia(protocol.StopMedia{Everyone: true, Sources: []protocol.Source{protocol.Camera}})
		},
		protocol.MethodAskForMedia: func() error {
			return p.session.AskForMedia(protocol.AskForMedia{ParticipantIDs: one, Source: protocol.Camera})
		},
		protocol.MethodLowerHands: func() error {
			return p.session.LowerHands(protocol.People{ParticipantIDs: one})
		},
		protocol.MethodRenameParticipant: func() error { return p.session.RenameParticipant(victim.id(), "y") },
		protocol.MethodSetRole:           func() error { return p.session.SetRole(victim.id(), protocol.Viewer) },
		protocol.MethodSetRights: func() error {
			return p.session.SetRights(protocol.SetRights{ParticipantID: victim.id()})
		},
		protocol.MethodRestore: func() error {
			return p.session.Restore(protocol.People{ParticipantIDs: one})
		},
		protocol.MethodReadLog: func() error { _, err := p.session.Log(); return err },
		protocol.MethodListBans: func() error {
			_, err := p.session.Bans(p.t.Context())
			return err
		},
		protocol.MethodLiftBan: func() error { return p.session.LiftBan(p.t.Context(), "none") },
		protocol.MethodListInvitations: func() error {
			_, err := p.session.Invitations(p.t.Context())
			return err
		},
		protocol.MethodRevokeInvitation: func() error { return p.session.RevokeInvitation(p.t.Context(), "none") },
		protocol.MethodUpdateSettings: func() error {
			return p.session.UpdateSettings(p.t.Context(), protocol.SettingsChange{})
		},
	}
}

// criterion 11: with real sessions, every role × right × state: what a method, a track and a message need is what the
// table says, and what is missing is forbidden.
func TestCriterion11Enforced(t *testing.T) {
	cases := 0
	for _, role := range []protocol.Role{protocol.Host, protocol.Moderator, protocol.Attendee, protocol.Viewer} {
		for _, state := range []string{"open", "halted", "held"} {
			if state != "open" && role == protocol.Host {
				continue // hosts never are halted, and with one there the room isn't held
			}
			synctest.Test(t, func(t *testing.T) {
				h, anna := hosted(t)
				ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
				victim := let(t, anna, Entry{Room: "r", Name: "Victim", Caller: stranger("Victim")})
				must(t, anna.session.SetRole(victim.id(), protocol.Viewer))
				if role != protocol.Attendee {
					must(t, anna.session.SetRole(ben.id(), role))
				}
				needs := rights.Needs()
				for i, right := range rights.All() {
					for _, has := range []bool{true, false} {
						arrange(t, ben, state, has, 1<<i)
						mine := ben.you().Rights
						set, _ := rights.Of(mine)
						want := role == protocol.Host || has && state == "open"
						if set.Has(1<<i) != want {
							t.Errorf("%s %s with %s %t has %v", state, role, right, has, mine)
						}
						cases += enforced(t, h, ben, victim, set, role, needs)
					}
				}
			})
		}
	}
	t.Logf("%d calls of the server: role × right × state × method", cases)
}

// arrange brings a participant and the room into a state, with an exception for one right.
func arrange(t *testing.T, p *page, mode string, has bool, right rights.Set) {
	t.Helper()
	who := p.session.participant
	_, err := ask(p.session.room, func(s *state) (none struct{}, err error) {
		who.allowed, who.denied = rights.None, right
		if has {
			who.allowed, who.denied = right, rights.None
		}
		who.halted, s.meeting.held = mode == "halted", mode == "held"
		s.refreshAll()
		return none, nil
	})
	must(t, err)
}

// enforced tries everything, and fails where the server doesn't do what the rights say.
func enforced(
	t *testing.T, h *House, p, victim *page, set rights.Set, role protocol.Role, needs map[protocol.Method]rights.Need,
) (cases int) {
	check := func(what string, allowed bool, err error) {
		t.Helper()
		cases++
		var refused *Error
		forbidden := errors.As(err, &refused) && refused.Code == protocol.ErrForbidden
		if allowed && err != nil || !allowed && !forbidden {
			t.Errorf("%s with %v, %s: %v", role, set.Words(), what, err)
		}
	}
	tried := attempts(p, victim)
	for method, call := range tried {
		need := needs[method]
		check(string(method), set.Has(need.Right) && (!need.Host || role == protocol.Host), call())
	}
	for source, right := range map[protocol.Source]rights.Set{
		protocol.Microphone: rights.Microphone, protocol.Camera: rights.Camera, protocol.Screen: rights.Screen,
		protocol.ScreenAudio: rights.Screen,
	} {
		rule, _ := ruleFor(source)
		made, err := p.session.Produce(protocol.Produce{
			TransportID: p.joined.Send.ID, Kind: rule.kind, Source: source, Paused: true,
		})
		check("produce "+string(source), set.Has(right), err)
		if err == nil {
			check("resume "+string(source), true, p.session.PauseProducer(made.ProducerID, false))
			must(t, p.session.CloseProducer(made.ProducerID))
		}
	}
	for to, right := range map[string]rights.Set{"": rights.GroupChat, victim.id(): rights.PrivateChat} {
		p.session.participant.tongue = newTongue()
		_, err := p.session.SendChat(protocol.SendChat{Text: "hello", To: to})
		check(fmt.Sprint("chat to ", to), set.Has(right), err)
	}
	for invited, host := range map[protocol.Role]bool{protocol.Attendee: false, protocol.Moderator: true} {
		made, err := p.session.Invite(t.Context(), protocol.Invite{Kind: protocol.PersonalLink, Name: "x", Role: invited})
		check("invite "+string(invited), set.Has(rights.Invite) && (!host || role == protocol.Host), err)
		if err == nil {
			must(t, h.links(false).DeleteInvitation(t.Context(), "r", made.Invitation.ID))
		}
	}
	title := ""
	err := p.session.UpdateSettings(t.Context(), protocol.SettingsChange{Title: &title})
	check("title", role == protocol.Host, err)
	return cases
}

// Whoever adds a method says what it needs; all that need something are tried above, but for those that would end it.
func TestCriterion11AllMethodsAreInTheTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		tried := attempts(anna, anna)
		for method, need := range rights.Needs() {
			if need == (rights.Need{}) || tried[method] != nil {
				continue
			}
			switch method {
			case protocol.MethodRemove, protocol.MethodPanic, protocol.MethodEnd, protocol.MethodInvite:
			default:
				t.Errorf("%s is never tried without its right", method)
			}
		}
		refused(t, anna.session.do("fly", nil), protocol.ErrForbidden)
	})
}

// criterion 11: what would end the test above.
func TestCriterion11RemovePanicEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		calls := map[string]func() error{
			"remove": func() error { return ben.session.Remove(t.Context(), protocol.Remove{ParticipantID: carl.id()}) },
			"panic":  ben.session.Panic, "end": ben.session.End,
			"role": func() error { return ben.session.SetRole(ben.id(), protocol.Host) },
		}
		for _, call := range calls {
			refused(t, call(), protocol.ErrForbidden)
		}
		must(t, anna.session.SetRole(ben.id(), protocol.Moderator))
		refused(t, calls["end"](), protocol.ErrForbidden)
		refused(t, calls["role"](), protocol.ErrForbidden)
		must(t, calls["remove"]())
		must(t, calls["panic"]())
	})
}

// criterion 11: guests can never act on a host, whatever role they got.
func TestCriterion11GuestsDontActOnHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		for _, role := range []protocol.Role{protocol.Moderator, protocol.Host} {
			must(t, anna.session.SetRole(ben.id(), role))
			for name, err := range map[string]error{
				"remove": ben.session.Remove(t.Context(), protocol.Remove{ParticipantID: anna.id()}),
				"rename": ben.session.RenameParticipant(anna.id(), "x"),
				"role":   ben.session.SetRole(anna.id(), protocol.Viewer),
				"stop": ben.session.StopMedia(protocol.StopMedia{
					ParticipantIDs: []string{anna.id()}, Sources: []protocol.Source{protocol.Microphone},
				}),
				"ask": ben.session.AskForMedia(protocol.AskForMedia{
					ParticipantIDs: []string{anna.id()}, Source: protocol.Camera,
				}),
			} {
				if err == nil {
					t.Errorf("a guest who is %s may %s the host", role, name)
				}
			}
		}
		must(t, anna.session.SetRole(ben.id(), protocol.Attendee))
	})
}

// The class preset: pupils don't share screens, write to each other alone, or speak without being asked; and what they
// got rid of by a reload comes back.
func TestClass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		pupil := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		microphone := pupil.produce(protocol.Microphone)
		screen := pupil.produce(protocol.Screen)
		class := protocol.Class
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Preset: &class}))
		if you := pupil.you(); fmt.Sprint(you.Rights) != "[camera group-chat reaction]" {
			t.Errorf("a pupil has %v", you.Rights)
		}
		if seen := anna.of(pupil); len(seen.Producers) != 1 || !seen.Producers[0].Paused {
			t.Errorf("a pupil goes on sending %+v", seen.Producers)
		}
		refused(t, pupil.session.PauseProducer(screen, false), protocol.ErrNotFound)
		refused(t, pupil.session.PauseProducer(microphone, false), protocol.ErrForbidden)
		must(t, anna.session.AskForMedia(protocol.AskForMedia{
			ParticipantIDs: []string{pupil.id()}, Source: protocol.Microphone,
		}))
		synctest.Wait()
		if asked := told[protocol.Asked](pupil); len(asked) != 1 || asked[0].By != anna.id() {
			t.Errorf("the pupil was told %+v", asked)
		}
		if seen := anna.of(pupil); !seen.Producers[0].Paused {
			t.Error("asking unmuted somebody")
		}
		must(t, pupil.session.PauseProducer(microphone, false))
		must(t, anna.session.SetRights(protocol.SetRights{
			ParticipantID: pupil.id(), Denied: []protocol.Right{protocol.MayCamera},
		}))
		must(t, pupil.session.Leave())
		again := let(t, anna, Entry{Room: "r", Name: "Bert", Caller: stranger("Ben")})
		if seen := anna.of(again); len(seen.Denied) != 1 || h.Stats().Participants != 2 {
			t.Errorf("the pupil came back as %+v", seen)
		}
		custom, none := protocol.Custom, []protocol.Right{}
		refused(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Preset: &custom}),
			protocol.ErrInvalidParams)
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Rights: &protocol.RoleRights{
			Moderator: none, Participant: none, Viewer: none,
		}}))
		if you := again.you(); len(you.Rights) != 0 {
			t.Errorf("the pupil has %v", you.Rights)
		}
	})
}
