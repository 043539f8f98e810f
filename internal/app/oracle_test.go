package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// Rounds in which each room is asked about in turn, how much the times may lie apart of which three in four are longer,
// and what the server takes at least for every such answer: it rounds its time up.
const (
	oracleRounds = 40
	oracleApart  = 2 * time.Millisecond
	oracleLeast  = 4 * time.Millisecond
)

// criterion 3: whoever asks about a room that is not there, one that is closed, over or private, gets the same bytes
// in the same time. Rooms are asked about in turns, so that whatever else the machine does falls on all alike.
func TestCriterion3TimeOfAnswers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*testTimeout)
	defer cancel()
	n := newNest(t, t.TempDir(), slog.New(slog.DiscardHandler))
	n.signUp(ctx, t)
	n.openRooms(ctx, t)
	rooms := []string{"unknown", "closed", "over", "private"}
	questions := map[string]func(room string) any{
		"peek": func(room string) any { return request(protocol.MethodPeek, protocol.Peek{Room: room}) },
		"join": func(room string) any {
			return request(protocol.MethodJoin, protocol.Join{
				Room: room, Name: "x", RTPCapabilities: ortc.RouterCapabilities(),
			})
		},
		"join by a guessed link": func(room string) any {
			return request(protocol.MethodJoin, protocol.Join{
				Room: room, Name: "x", RTPCapabilities: ortc.RouterCapabilities(), Invite: strings.Repeat("a", 26),
			})
		},
		"resume": func(room string) any {
			return request(protocol.MethodResume, protocol.Resume{Room: room, Ticket: "a.b"})
		},
	}
	for what, question := range questions {
		times, answers := map[string][]time.Duration{}, map[string]string{}
		for round := range oracleRounds {
			for i := range rooms {
				room := rooms[(round+i)%len(rooms)]
				text, took := n.askAsGuest(ctx, t, byte(round+1), question(room))
				times[room] = append(times[room], took)
				answers[text] = room
			}
		}
		if len(answers) != 1 {
			t.Errorf("%s: the answers tell rooms apart: %v", what, answers)
		}
		n.alike(t, what, times)
	}
}

// openRooms keeps rooms of which one is held in private now, one is not open yet, and one is over.
func (n *nest) openRooms(ctx context.Context, t *testing.T) {
	t.Helper()
	host := join(ctx, t, testpeer.Options{URL: n.url, Room: "hall", Name: "Host", Cookie: n.cookie})
	past := time.Now().Add(-time.Hour).UnixMilli()
	for _, room := range []protocol.NamedRoom{
		{Name: "closed", Lobby: protocol.LobbyGuests},
		{Name: "private", Private: true, Lobby: protocol.LobbyGuests},
		{Name: "over", EarlyEntry: true, Lobby: protocol.LobbyOff, EndsAt: past},
	} {
		room.Title, room.Preset = "Title", protocol.Conversation
		call(ctx, t, host, protocol.MethodSaveRoom, room)
	}
	join(ctx, t, testpeer.Options{URL: n.url, Room: "private", Name: "Host", Cookie: n.cookie})
}

// askAsGuest asks one question on a new connection from a network of its own, and gives the answer and its time.
func (n *nest) askAsGuest(ctx context.Context, t *testing.T, network byte, question any) (string, time.Duration) {
	t.Helper()
	text, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	guest := dialRaw(ctx, t, n.url, netip.AddrFrom4([4]byte{127, 0, 3, network}))
	defer func() { _ = guest.socket.CloseNow() }()
	began := time.Now()
	if err := guest.socket.Write(ctx, websocket.MessageText, text); err != nil {
		t.Fatal(err)
	}
	answer := guest.read(ctx, t)
	return strings.TrimSpace(answer), time.Since(began)
}

// alike fails when rooms can be told apart by the time of their answers.
func (n *nest) alike(t *testing.T, what string, times map[string][]time.Duration) {
	t.Helper()
	var usual []time.Duration
	for room, took := range times {
		slices.Sort(took)
		quarter := took[len(took)/4]
		usual = append(usual, quarter)
		t.Logf("%s, %s: at least %v, three in four take more than %v", what, room, took[0], quarter)
		if took[0] < oracleLeast {
			t.Errorf("%s, %s: answered after %v, which only depends on the work for it", what, room, took[0])
		}
	}
	if apart := slices.Max(usual) - slices.Min(usual); apart > oracleApart {
		t.Errorf("%s: the times lie %v apart", what, apart)
	}
}
