package room

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// track finds the media core's end of a producer.
func (f *fake) track(id string) *fake {
	if f.id == id {
		return f
	}
	for _, c := range f.children {
		if found := c.track(id); found != nil {
			return found
		}
	}
	return nil
}

// criterion 12: to mute somebody stops the packets in the media core; nobody unmutes somebody else.
func TestCriterion12MuteIsHard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, media := house(t, nil)
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		ids := map[protocol.Source]string{}
		sources := []protocol.Source{protocol.Microphone, protocol.Camera, protocol.Screen, protocol.ScreenAudio}
		for _, source := range sources {
			ids[source] = ben.produce(source)
		}
		must(t, anna.session.StopMedia(protocol.StopMedia{ParticipantIDs: []string{ben.id()}, Sources: sources[:3]}))
		seen := anna.of(ben)
		if len(seen.Producers) != 2 || !seen.Producers[0].Paused || !seen.Producers[1].Paused {
			t.Errorf("Anna sees %+v", seen.Producers)
		}
		for source, want := range map[protocol.Source]string{
			protocol.Microphone: "pause", protocol.Camera: "pause", protocol.Screen: "close", protocol.ScreenAudio: "close",
		} {
			if calls := media.track(ids[source]).calls; !slices.Equal(calls, []string{want}) {
				t.Errorf("the media core was told %v of the %s", calls, source)
			}
		}
		var actions []protocol.Action
		for _, m := range told[protocol.Moderated](ben) {
			actions = append(actions, m.Action)
		}
		if !slices.Equal(actions, []protocol.Action{"microphone", "camera", "screen"}) {
			t.Errorf("Ben was told %v", actions)
		}
		refused(t, anna.session.PauseProducer(ids[protocol.Microphone], false), protocol.ErrNotFound)
		must(t, ben.session.PauseProducer(ids[protocol.Microphone], false))
		must(t, anna.session.StopMedia(protocol.StopMedia{
			Everyone: true, Sources: []protocol.Source{protocol.Microphone}, Revoke: true,
		}))
		refused(t, ben.session.PauseProducer(ids[protocol.Microphone], false), protocol.ErrForbidden)
		must(t, ben.session.CloseProducer(ids[protocol.Microphone]))
		_, err := ben.session.Produce(protocol.Produce{
			TransportID: ben.joined.Send.ID, Kind: "audio", Source: protocol.Microphone,
		})
		refused(t, err, protocol.ErrForbidden)
		for name, bad := range map[string]protocol.StopMedia{
			"nobody":            {Sources: sources[:1]},
			"some and all":      {Everyone: true, ParticipantIDs: []string{ben.id()}, Sources: sources[:1]},
			"nothing":           {Everyone: true},
			"an odd source":     {Everyone: true, Sources: []protocol.Source{"smell"}},
			"a sound by itself": {Everyone: true, Sources: sources[3:]},
		} {
			if err := anna.session.StopMedia(bad); err == nil {
				t.Errorf("%s could be stopped", name)
			}
		}
	})
}

// criterion 15: one act stops all media and chat and locks the room; a host brings people back one by one.
func TestCriterion15Panic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		waiting := wait(t, h, Entry{Room: "r", Name: "Dora", Caller: stranger("Dora")})
		must(t, anna.session.SetRole(carl.id(), protocol.Moderator))
		microphone, own := ben.produce(protocol.Microphone), anna.produce(protocol.Camera)
		carl.produce(protocol.Screen)
		must(t, carl.session.Panic())
		for _, p := range []*page{ben, carl} {
			seen := anna.of(p)
			if len(p.you().Rights) != 0 || !seen.Halted {
				t.Errorf("%s has %v", p.entry.Name, p.you().Rights)
			}
			for _, producer := range seen.Producers {
				if !producer.Paused {
					t.Errorf("%s sends %+v", p.entry.Name, producer)
				}
			}
		}
		if seen := anna.of(anna); !seen.Producers[0].Paused || seen.Halted {
			t.Errorf("the host is seen as %+v", seen)
		}
		deltas := told[protocol.Delta](ben)
		last := deltas[len(deltas)-1]
		if last.Condition == nil || !last.Condition.Panic || last.Condition.PanicBy != carl.id() || !last.Settings.Locked {
			t.Errorf("Ben was told %+v", last)
		}
		_, err := ben.session.SendChat(protocol.SendChat{Text: "x"})
		refused(t, err, protocol.ErrForbidden)
		refused(t, ben.session.PauseProducer(microphone, false), protocol.ErrForbidden)
		refused(t, carl.session.Restore(protocol.People{Everyone: true}), protocol.ErrForbidden)
		_, err = try(t, h, Entry{Room: "r", Name: "Emil", Caller: stranger("Emil")})
		refused(t, err, protocol.ErrLocked)
		if lobby := waiting.lobby(); lobby.State != protocol.LobbyWaiting {
			t.Errorf("who waits was told %+v", lobby)
		}
		must(t, anna.session.PauseProducer(own, false))

		must(t, anna.session.Restore(protocol.People{ParticipantIDs: []string{ben.id()}}))
		if seen := anna.of(ben); seen.Halted || !seen.Producers[0].Paused {
			t.Errorf("Ben came back as %+v", seen)
		}
		must(t, ben.session.PauseProducer(microphone, false))
		if s := anna.session.room; !mustAsk(t, s, func(s *state) bool { return s.meeting.condition.Panic }) {
			t.Error("the panic ended with the first who came back")
		}
		must(t, anna.session.Restore(protocol.People{Everyone: true}))
		if s := anna.session.room; mustAsk(t, s, func(s *state) bool { return s.meeting.condition.Panic }) {
			t.Error("the panic goes on without anybody halted")
		}
		if len(carl.you().Rights) == 0 {
			t.Error("Carl has no rights")
		}
		_, err = try(t, h, Entry{Room: "r", Name: "Emil", Caller: stranger("Emil")})
		refused(t, err, protocol.ErrLocked)
	})
}

func mustAsk(t *testing.T, r *Room, f func(*state) bool) bool {
	t.Helper()
	answer, err := ask(r, func(s *state) (bool, error) { return f(s), nil })
	must(t, err)
	return answer
}

// criterion 16: when the last host leaves, the room is held: nobody becomes host, media of guests stops, the lobby
// closes. A host who comes back goes on; without one the meeting ends.
func TestCriterion16HostLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		must(t, anna.session.SetRole(ben.id(), protocol.Moderator))
		camera := ben.produce(protocol.Camera)
		waiting := wait(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		must(t, anna.session.Leave())
		if you := ben.you(); you.Role != protocol.Moderator || len(you.Rights) != 0 {
			t.Errorf("Ben is %+v in a held room", you)
		}
		if seen := ben.of(ben); !seen.Producers[0].Paused {
			t.Errorf("Ben sends %+v", seen.Producers)
		}
		refused(t, ben.session.PauseProducer(camera, false), protocol.ErrForbidden)
		refused(t, ben.session.Admit(protocol.Admit{Everyone: true}), protocol.ErrForbidden)
		if lobby := waiting.lobby(); lobby.HostPresent {
			t.Errorf("who waits was told %+v", lobby)
		}
		if knocks := ben.knocks(); len(knocks) != 0 {
			t.Errorf("Ben sees %+v", knocks)
		}
		held := told[protocol.Delta](ben)
		if c := held[len(held)-1].Condition; c == nil || c.HeldUntil <= time.Now().UnixMilli() {
			t.Errorf("Ben was told %+v", held[len(held)-1])
		}
		time.Sleep(DefaultHoldTime / 2)
		back := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		if back.you().Role != protocol.Host || back.joined.Snapshot.Condition.HeldUntil != 0 {
			t.Errorf("Anna came back as %+v, to %+v", back.you(), back.joined.Snapshot.Condition)
		}
		if knocks := back.knocks(); len(knocks) != 1 {
			t.Errorf("Anna sees %+v", knocks)
		}
		must(t, ben.session.PauseProducer(camera, false))
		time.Sleep(DefaultHoldTime)
		synctest.Wait()
		if reason := ben.endedBy(); reason != "" {
			t.Fatalf("the meeting ended by %q", reason)
		}
		back.session.Drop() // a lost connection, for good
		time.Sleep(resumeTimeout + DefaultHoldTime)
		synctest.Wait()
		if reason := ben.endedBy(); reason != protocol.ErrEnded {
			t.Errorf("Ben's connection ended by %q", reason)
		}
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("the house holds %+v", stats)
		}
		if lobby := waiting.lobby(); lobby.State != protocol.LobbyGone {
			t.Errorf("who waits was told %+v", lobby)
		}
	})
}

// criterion 16: with another host the meeting goes on.
func TestCriterion16CoHostStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		carl := let(t, anna, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		must(t, anna.session.SetRole(ben.id(), protocol.Host))
		refused(t, ben.session.End(), protocol.ErrForbidden)
		must(t, anna.session.Leave())
		if len(carl.you().Rights) == 0 {
			t.Error("the room is held, though a host is there")
		}
		must(t, ben.session.End())
		if carl.endedBy() != protocol.ErrEnded {
			t.Errorf("Carl's connection ended by %q", carl.endedBy())
		}
	})
}

// criterion 35: the host reads what was done, by name; nobody else does; it ends with the meeting.
func TestCriterion35Log(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		ben := let(t, anna, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		must(t, anna.session.RenameParticipant(ben.id(), "Bernd"))
		must(t, anna.session.SetRole(ben.id(), protocol.Viewer))
		must(t, anna.session.Remove(t.Context(), protocol.Remove{ParticipantID: ben.id(), Ban: true}))
		link, err := anna.session.Invite(t.Context(), protocol.Invite{
			Kind: protocol.PersonalLink, Name: "Cleo", Role: protocol.Attendee,
		})
		must(t, err)
		for range 2 { // the second time there is nothing to revoke
			must(t, anna.session.RevokeInvitation(t.Context(), link.Invitation.ID))
		}
		log, err := anna.session.Log()
		must(t, err)
		var got []protocol.Action
		for _, e := range log.Entries {
			got = append(got, e.Action)
			if e.At == 0 || e.Action != protocol.ActionStart && e.By != "Anna" {
				t.Errorf("entry %+v", e)
			}
		}
		want := []protocol.Action{
			protocol.ActionStart, protocol.ActionAdmit, protocol.ActionRename, protocol.ActionRole, protocol.ActionBan,
			protocol.ActionInvite, protocol.ActionRevoke,
		}
		if !slices.Equal(got, want) || log.Entries[2].Whom != "Ben" || log.Entries[2].Detail != "Bernd" ||
			log.Entries[3].Detail != "viewer" || log.Entries[6].Whom != "Cleo" {
			t.Errorf("the log is %+v", log.Entries)
		}
		for i := range protocol.MaxLog + 5 {
			must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{Locked: new(i%2 == 0)}))
		}
		log, err = anna.session.Log()
		if err != nil || len(log.Entries) != protocol.MaxLog || log.Dropped != 12 {
			t.Errorf("%d entries, %d dropped, %v", len(log.Entries), log.Dropped, err)
		}
		must(t, anna.session.Leave())
		synctest.Wait()
		anna = come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		if log, _ = anna.session.Log(); len(log.Entries) != 1 {
			t.Errorf("the log of a new meeting is %+v", log)
		}
	})
}

func TestSettingsLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, anna := hosted(t)
		for name, bad := range map[string]protocol.SettingsChange{
			"title":    {Title: new("a\u202eb")},
			"language": {Language: new("de_DE; rm")},
			"lobby":    {Lobby: new(protocol.LobbyMode("open"))},
			"none":     {MaxParticipants: new(0)},
			"crowd":    {MaxParticipants: new(DefaultMaxParticipants + 1)},
			"minutes":  {MaxMinutes: new(protocol.MaxMinutes + 1)},
			"two":      {Preset: new(protocol.Class), Rights: &protocol.RoleRights{}},
			"right":    {Rights: &protocol.RoleRights{Viewer: []protocol.Right{"fly"}}},
		} {
			if err := anna.session.UpdateSettings(t.Context(), bad); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
		must(t, anna.session.UpdateSettings(t.Context(), protocol.SettingsChange{
			Title: new("Choir"), Language: new("de"), MaxParticipants: new(2), MaxMinutes: new(90),
			Lobby: new(protocol.LobbyOff),
		}))
		ben := come(t, h, Entry{Room: "r", Name: "Ben", Caller: stranger("Ben")})
		if s := ben.joined.Snapshot; s.Settings.Title != "Choir" || s.Condition.EndsAt == 0 {
			t.Errorf("Ben came to %+v, %+v", s.Settings, s.Condition)
		}
		_, err := try(t, h, Entry{Room: "r", Name: "Carl", Caller: stranger("Carl")})
		refused(t, err, protocol.ErrRoomFull)
		come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		time.Sleep(90 * time.Minute)
		synctest.Wait()
		if ben.endedBy() != protocol.ErrEnded {
			t.Errorf("Ben's connection ended by %q", ben.endedBy())
		}
	})
}

// criterion 14: who signed in is told from a guest who took the name. criterion 9: a viewer stands in the roster.
func TestCriterion9And14Roster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, anna := hosted(t)
		impostor := let(t, anna, Entry{Room: "r", Name: "Anna", Caller: stranger("Mallory")})
		must(t, anna.session.SetRole(impostor.id(), protocol.Viewer))
		camera := anna.produce(protocol.Camera)
		consumed, err := impostor.session.Consume(protocol.Consume{ProducerIDs: []string{camera}})
		if err != nil || len(consumed.Consumers) != 1 {
			t.Fatalf("consumed %+v, %v", consumed, err)
		}
		host, guest := impostor.of(anna), anna.of(impostor)
		if host.Name != guest.Name || host.Identity.Kind != protocol.Account || guest.Identity.Kind != protocol.Guest ||
			guest.Role != protocol.Viewer {
			t.Errorf("seen are %+v and %+v", host, guest)
		}
	})
}

// Tokens of other systems make hosts and guests of the room that they name.
func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, func(c *Config) {
			c.Tokens = tokens{
				"teacher": {Room: "R", Account: "1", Name: "Ms T", Provider: "Moodle", Host: true},
				"pupil":   {Room: "r", Account: "2", Name: "Ben", Provider: "Moodle"}, "any": {Room: "*"},
				"class": {Admits: func(room string) bool { return room == Fold("R") }, Denied: []protocol.Right{"screen"}},
			}
		})
		wait(t, h, Entry{Room: "r", Name: "Ben", Token: "pupil"})
		host := come(t, h, Entry{Room: "r", Name: "Teacher", Token: "teacher"})
		pupil := come(t, h, Entry{Room: "r", Name: "Ben", Token: "pupil", Caller: account("Mallory", true)})
		come(t, h, Entry{Room: "r", Name: "Somebody", Token: "any"})
		if you := come(t, h, Entry{Room: "r", Name: "x", Token: "class"}).you(); slices.Contains(you.Rights, "screen") {
			t.Errorf("a token's holder has %v", you.Rights)
		}
		want := protocol.Identity{Kind: protocol.TokenHolder, Provider: "Moodle", Name: "Ben"}
		if seen := host.of(pupil); seen.Identity != want || host.you().Role != protocol.Host {
			t.Errorf("the host sees %+v", seen)
		}
		for token, room := range map[string]string{"teacher": "q", "forged": "r", "class": "q"} {
			_, err := try(t, h, Entry{Room: room, Name: "x", Token: token, Caller: account("Anna", true)})
			refused(t, err, protocol.ErrTokenInvalid)
		}
		plain, _ := house(t, nil)
		_, err := try(t, plain, Entry{Room: "r", Name: "x", Token: "teacher"})
		refused(t, err, protocol.ErrTokenInvalid)
	})
}

// errForged is what a token gives that nobody made.
var errForged = errors.New("forged")
