package rights

import (
	"slices"
	"testing"

	"stube/internal/signal/protocol"
)

func roles() []protocol.Role {
	return []protocol.Role{protocol.Host, protocol.Moderator, protocol.Attendee, protocol.Viewer}
}

func presets() []protocol.Preset {
	return []protocol.Preset{protocol.Conversation, protocol.Class, protocol.Webinar}
}

// what the presets promise, written down a second time so that a slip in the table is found.
func promised() map[protocol.Preset]map[protocol.Role]string {
	const moderator = "microphone camera screen group-chat private-chat file whiteboard poll reaction rename " +
		"invite admit moderate"
	return map[protocol.Preset]map[protocol.Role]string{
		protocol.Conversation: {
			protocol.Moderator: moderator,
			protocol.Attendee:  "microphone camera screen group-chat private-chat file whiteboard poll reaction rename",
			protocol.Viewer:    "group-chat reaction rename",
		},
		protocol.Class: {
			protocol.Moderator: moderator,
			protocol.Attendee:  "camera group-chat reaction", protocol.Viewer: "reaction",
		},
		protocol.Webinar: {
			protocol.Moderator: moderator, protocol.Attendee: "group-chat reaction", protocol.Viewer: "reaction",
		},
	}
}

// criterion 11: every role × right × preset × exception × state.
func TestCriterion11Matrix(t *testing.T) {
	cases := 0
	for _, preset := range presets() {
		table, _ := Preset(preset)
		for _, role := range roles() {
			for i, word := range All() {
				right := Set(1) << i
				for _, exception := range []string{"none", "allowed", "denied", "both"} {
					for _, state := range []string{"open", "held", "halted"} {
						cases++
						p := Person{Role: role, Halted: state == "halted"}
						if exception == "allowed" || exception == "both" {
							p.Allowed = right
						}
						if exception == "denied" || exception == "both" {
							p.Denied = right
						}
						want := role == protocol.Host
						if !want && state == "open" {
							switch exception {
							case "none":
								want = contains(promised()[preset][role], word)
							case "allowed":
								want = true
							}
						}
						if got := (State{Table: table, Held: state == "held"}).Effective(p).Has(right); got != want {
							t.Errorf("%s in a %s, %s, %s %s: %t, want %t", role, preset, state, exception, word, got, want)
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases: role × right × preset × exception × state", cases)
}

func contains(list string, word protocol.Right) bool {
	for len(list) > 0 {
		i := slices.Index([]byte(list), ' ')
		first, rest := list, ""
		if i >= 0 {
			first, rest = list[:i], list[i+1:]
		}
		if first == string(word) {
			return true
		}
		list = rest
	}
	return false
}

// criterion 11: guests never act on a host who is known, nobody on the owner, nobody upwards; over all pairs.
func TestCriterion11WhoActsOnWhom(t *testing.T) {
	table, _ := Preset(protocol.Conversation)
	level := map[protocol.Role]int{protocol.Host: 3, protocol.Moderator: 2, protocol.Attendee: 1, protocol.Viewer: 1}
	cases := 0
	for _, held := range []bool{false, true} {
		s := State{Table: table, Held: held}
		people(func(actor Person) {
			people(func(target Person) {
				cases++
				want := level[actor.Role] >= 2 && level[actor.Role] > level[target.Role]
				if actor.Role == protocol.Host && target.Role == protocol.Host {
					want = actor.Known || !target.Known
				}
				if target.Owner || actor.Role != protocol.Host && (held || actor.Halted) {
					want = false
				}
				if got := s.MayActOn(actor, target); got != want {
					t.Errorf("%+v on %+v, held %t: %t", actor, target, held, got)
				}
			})
		})
	}
	t.Logf("%d cases: who may act on whom", cases)
	helper := Person{Role: protocol.Attendee, Allowed: Moderate}
	s := State{Table: table}
	if !s.MayActOn(helper, Person{Role: protocol.Attendee}) || s.MayActOn(helper, Person{Role: protocol.Moderator}) ||
		s.MayActOn(helper, helper) {
		t.Error("a participant who may moderate does not count as a moderator")
	}
}

func people(do func(Person)) {
	for _, role := range roles() {
		for flags := range 8 {
			do(Person{Role: role, Known: flags&1 != 0, Owner: flags&2 != 0, Halted: flags&4 != 0})
		}
	}
}

func TestWords(t *testing.T) {
	if len(All()) != 14 || Everything != 1<<14-1 {
		t.Errorf("%d rights, everything is %#x", len(All()), Everything)
	}
	set, ok := Of(All())
	if !ok || set != Everything || !slices.Equal(set.Words(), All()) {
		t.Errorf("all words give %#x, %t", set, ok)
	}
	for _, bad := range [][]protocol.Right{{"fly"}, {protocol.MayCamera, protocol.MayCamera}, {""}} {
		if _, ok := Of(bad); ok {
			t.Errorf("%v was taken", bad)
		}
		if _, ok := TableOf(protocol.RoleRights{Viewer: bad}); ok {
			t.Errorf("a table with %v was taken", bad)
		}
	}
	for _, preset := range presets() {
		table, _ := Preset(preset)
		if again, ok := TableOf(table.Words()); !ok || again != table {
			t.Errorf("%s came back as %+v", preset, again)
		}
	}
	if _, ok := Preset(protocol.Custom); ok {
		t.Error("custom is no preset")
	}
}

func TestNeeds(t *testing.T) {
	yes, title := true, "x"
	for _, test := range []struct {
		change protocol.SettingsChange
		host   bool
	}{
		{protocol.SettingsChange{}, false},
		{protocol.SettingsChange{Locked: &yes}, false},
		{protocol.SettingsChange{Title: &title}, true},
		{protocol.SettingsChange{Locked: &yes, Private: &yes}, true},
	} {
		if got := Change(test.change); got.Host != test.host || got.Right != Moderate {
			t.Errorf("%+v needs %+v", test.change, got)
		}
	}
	for source, want := range map[protocol.Source]Set{
		protocol.Microphone: Microphone, protocol.Camera: Camera, protocol.Screen: Screen, protocol.ScreenAudio: Screen,
	} {
		if got, ok := ForSource(source); !ok || got != want {
			t.Errorf("%s needs %#x", source, got)
		}
	}
	if _, ok := ForSource("smell"); ok || KnownRole("king") || !KnownRole(protocol.Viewer) {
		t.Error("what is not known was taken")
	}
	if ForChat(true) != PrivateChat || ForChat(false) != GroupChat {
		t.Error("chat needs the wrong rights")
	}
	if !Inviting(protocol.Moderator).Host || Inviting(protocol.Attendee).Host {
		t.Error("invitations need the wrong role")
	}
}
