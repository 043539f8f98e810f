package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// The meetings that an account keeps rest while it is disabled, whatever links to them are about, and go with it.
func TestMeetingsOfADisabledAndARemovedAccount(t *testing.T) {
	ctx := bounded(t)
	a, people, id, anna, guest := startWithAnna(ctx, t)
	socket := anna.meet(ctx)
	requested(ctx, t, socket, protocol.MethodSaveRoom, protocol.NamedRoom{
		Name: "choir", Lobby: protocol.LobbyGuests, Preset: protocol.Conversation,
	})
	text := requested(ctx, t, socket, protocol.MethodInvite, protocol.Invite{
		Room: "choir", Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Host,
	})
	var link protocol.Invited
	if err := json.Unmarshal([]byte(text), &link); err != nil {
		t.Fatal(err)
	}
	door := guest.connect(ctx)
	entering := protocol.Join{
		Room: "choir", Name: "Ben", Invite: link.Secret, RTPCapabilities: ortc.RouterCapabilities(),
	}
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return people.SetDisabled(ctx, id, true) }, "invite_invalid"},
		{func() error { return people.SetDisabled(ctx, id, false) }, `"role":"host"`},
		{func() error { return people.Remove(ctx, id) }, "invite_invalid"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		got := requested(ctx, t, door, protocol.MethodJoin, entering)
		if !strings.Contains(got, step.want) {
			t.Errorf("joining gave %s, not %s", got, step.want)
		}
		if strings.Contains(got, "participantId") {
			requested(ctx, t, door, protocol.MethodLeave, struct{}{})
		}
	}
	counts, err := a.Inventory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, count := range counts {
		switch count.Kind {
		case "account", "named-rooms", "invitations", "log-in-session":
			if count.Count != 0 {
				t.Errorf("%d of %s are kept of a removed account", count.Count, count.Kind)
			}
		}
	}
}

// requested asks for something, and gives the answer, or the error, as it is written.
func requested(
	ctx context.Context, t *testing.T, socket *websocket.Conn, method protocol.Method, params any,
) string {
	t.Helper()
	question, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
	if err == nil {
		err = socket.Write(ctx, websocket.MessageText, question)
	}
	if err != nil {
		t.Fatal(err)
	}
	answer := next(ctx, t, socket, func(m message) bool { return m.ID == 7 })
	return string(answer.Result) + string(answer.Error)
}
