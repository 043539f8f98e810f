package app_test

import (
	"log/slog"
	"strings"
	"testing"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// criterion 5: with a real media server, who waits in the lobby of a meeting in full swing is told nothing of it, gets
// nothing by asking, and the media server has no transport for them.
func TestCriterion5NothingReachesWhoWaits(t *testing.T) {
	ctx := bounded(t)
	n := newNest(t, t.TempDir(), slog.New(slog.DiscardHandler))
	n.signUp(ctx, t)
	host := join(ctx, t, testpeer.Options{URL: n.url, Name: "Wirtin", Cookie: n.cookie})
	waiting := dialRaw(ctx, t, n.url, at(7))
	knock := protocol.Join{Room: "stube", Name: "Gast", RTPCapabilities: ortc.RouterCapabilities()}
	if got := waiting.say(ctx, t, protocol.MethodJoin, knock); got != protocol.ErrWaiting {
		t.Fatalf("joining gave %q", got)
	}
	sound, err := host.PublishMicrophone(ctx, testpeer.AudioOptions{})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := host.PublishCamera(ctx, testpeer.VideoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	said := protocol.SendChat{Text: "unter uns"}
	if err := host.Call(ctx, protocol.MethodSendChat, said, &protocol.ChatSent{}); err != nil {
		t.Fatal(err)
	}
	call(ctx, t, host, protocol.MethodRaiseHand, protocol.RaiseHand{Raised: true})
	call(ctx, t, host, protocol.MethodReact, protocol.React{Reaction: protocol.Heart})
	call(ctx, t, host, protocol.MethodRename, protocol.Rename{Name: "Wirtin vom Dienst"})
	until(ctx, t, host, "the host is renamed", func() bool {
		_, ok := host.Room().Participant("Wirtin vom Dienst")
		return ok
	})
	for method, params := range map[protocol.Method]any{
		protocol.MethodConsume:        protocol.Consume{ProducerIDs: []string{sound.ProducerID(), picture.ProducerID()}},
		protocol.MethodReadChat:       protocol.ReadChat{},
		protocol.MethodProduce:        protocol.Empty{},
		protocol.MethodReadLog:        protocol.Empty{},
		protocol.MethodView:           protocol.Empty{},
		protocol.MethodRestartICE:     protocol.RestartICE{},
		protocol.MethodSendChat:       protocol.SendChat{Text: "x"},
		protocol.MethodUpdateSettings: protocol.SettingsChange{Lobby: new(protocol.LobbyOff)},
	} {
		if got := waiting.say(ctx, t, method, params); got != protocol.ErrNotJoined {
			t.Errorf("%s gave %q", method, got)
		}
	}
	told := strings.Join(waiting.told, "\n")
	for _, secret := range []string{
		"Wirtin", "unter uns", host.ID(), sound.ProducerID(), picture.ProducerID(), `"delta"`, `"chat"`, `"speakers"`,
		"iceParameters", "fingerprint",
	} {
		if strings.Contains(told, secret) {
			t.Errorf("%s was told:\n%s", secret, told)
		}
	}
	counts := holds(ctx, t, n.App)
	if counts["lobby"] != 1 || counts["participants"] != 1 || counts["media-paths"] != 2 {
		t.Errorf("the server holds %v", counts)
	}
}

// criterion 13: who writes somebody else's name on a message or a reaction is refused, whatever the name is called.
func TestCriterion13ForgedSender(t *testing.T) {
	ctx, url := bounded(t), server(t)
	anna := join(ctx, t, testpeer.Options{URL: url, Name: "Anna"})
	var mallory *raw
	for _, member := range []string{"from", "name", "by", "participantId", "sender", "number", "at"} {
		mallory = dialRaw(ctx, t, url, at(8)) // who is refused too often is cut off
		if got := mallory.say(ctx, t, protocol.MethodJoin, protocol.Join{
			Room: "stube", Name: "Mallory", RTPCapabilities: ortc.RouterCapabilities(),
		}); got != "" {
			t.Fatalf("joining gave %q", got)
		}
		for method, params := range map[protocol.Method]map[string]any{
			protocol.MethodSendChat:  {"text": "x", member: anna.ID()},
			protocol.MethodReact:     {"reaction": protocol.Heart, member: anna.ID()},
			protocol.MethodRaiseHand: {"raised": true, member: anna.ID()},
		} {
			if got := mallory.say(ctx, t, method, params); got != protocol.ErrInvalidParams {
				t.Errorf("%s with %s gave %q", method, member, got)
			}
		}
	}
	if got := mallory.say(ctx, t, protocol.MethodSendChat, protocol.SendChat{Text: "me"}); got != "" {
		t.Errorf("an honest message gave %q", got)
	}
	var page protocol.ChatPage
	if err := anna.Call(ctx, protocol.MethodReadChat, protocol.ReadChat{}, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Messages) != 1 || page.Messages[0].Name != "Mallory" || page.Messages[0].From == anna.ID() {
		t.Errorf("written is %+v", page.Messages)
	}
}
