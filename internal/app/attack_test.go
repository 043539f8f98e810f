package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// The size of the attack, and what memory may differ by afterwards, in bytes: the garbage collector is no scale.
const (
	attackMessages = 10_000
	attackers      = 4
	attackSlack    = 2 << 20
)

// TestCriterion30Attack lets guests without rights send forged, oversized, repeated and out-of-order messages to a
// running meeting. None takes effect, its media loses no packet, and memory returns to where it was.
func TestCriterion30Attack(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data, c.Create = "127.0.0.1:0", t.TempDir(), "anyone"
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithTimeout(t.Context(), 4*testTimeout)
	defer cancel()
	url := address(a)
	anna := join(ctx, t, testpeer.Options{URL: url, Name: "Anna", AutoSubscribe: true})
	ben := join(ctx, t, testpeer.Options{URL: url, Name: "Ben", AutoSubscribe: true})
	_, sound := microphone(ctx, t, anna, ben, testpeer.AudioOptions{})
	_, picture := camera(ctx, t, anna, ben, testpeer.VideoOptions{})
	frames(ctx, t, ben, picture, 30)
	call(ctx, t, anna, protocol.MethodSetRole, protocol.SetRole{ParticipantID: ben.ID(), Role: protocol.Moderator})
	call(ctx, t, anna, protocol.MethodUpdateSettings, protocol.SettingsChange{Rights: &protocol.RoleRights{
		Moderator: []protocol.Right{protocol.MayModerate}, Participant: []protocol.Right{}, Viewer: []protocol.Right{},
	}})
	observe(ctx, t, url)
	before, held, memory := look(ctx, t, anna), holds(ctx, t, a), heap()

	m := mob{url: url, forgeries: forgeries(anna.ID(), ben.ID(), sound.ProducerID(), picture.ProducerID())}
	var all sync.WaitGroup
	for i := range attackers {
		all.Go(func() { m.run(ctx, t, rand.New(rand.NewPCG(uint64(i), 0))) })
	}
	all.Wait()
	t.Logf("%d messages on %d connections: %d refused, %d ended the connection, %d took effect",
		m.sent.Load(), m.connections.Load(), m.refused.Load(), m.ended.Load(), m.worked.Load())
	if m.worked.Load() != 0 || m.sent.Load() < attackMessages {
		t.Errorf("%d of %d messages were obeyed", m.worked.Load(), m.sent.Load())
	}

	emptyRoom(ctx, t, anna, ben.ID())
	frames(ctx, t, ben, picture, 10)
	for _, c := range []*testpeer.Consumer{sound, picture} {
		seamless(t, c.Stats())
		t.Logf("%s: %d packets received, %d lost", c.Kind(), c.Stats().Packets, c.Stats().Lost)
		if lost := c.Stats().Lost; lost != 0 {
			t.Errorf("%s: %d packets were lost", c.Kind(), lost)
		}
	}
	if after := look(ctx, t, anna); !reflect.DeepEqual(after, before) {
		t.Errorf("the meeting was\n%+v\nand is\n%+v", before, after)
	}
	if after := holds(ctx, t, a); !maps.Equal(after, held) {
		t.Errorf("the server held %v and holds %v", held, after)
	}
	now := heap()
	t.Logf("heap before: %d KiB, after: %d KiB", memory>>10, now>>10)
	if now > memory+attackSlack {
		t.Errorf("the heap had %d KiB and has %d KiB", memory>>10, now>>10)
	}
}

// sight is all that a host sees of a meeting that an attack could change.
type sight struct {
	participants []protocol.Participant
	settings     protocol.Settings
	condition    protocol.Condition
	chat         []protocol.ChatMessage
	invitations  []protocol.Invitation
	bans         []protocol.Ban
}

func look(ctx context.Context, t *testing.T, host *testpeer.Peer) sight {
	t.Helper()
	var chat protocol.ChatPage
	var links protocol.Invitations
	var bans protocol.Bans
	for method, answer := range map[protocol.Method]any{
		protocol.MethodReadChat: &chat, protocol.MethodListInvitations: &links, protocol.MethodListBans: &bans,
	} {
		if err := host.Call(ctx, method, protocol.Empty{}, answer); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
	var log protocol.Log
	if err := host.Call(ctx, protocol.MethodReadLog, protocol.Empty{}, &log); err != nil {
		t.Fatal(err)
	}
	for _, e := range log.Entries {
		if e.By != "" && e.By != "Anna" {
			t.Errorf("the log says that it was not the host who acted: %+v", e)
		}
	}
	room := host.Room()
	return sight{
		room.Participants, room.Settings, room.Condition, chat.Messages, links.Invitations, bans.Bans,
	}
}

// holds counts what the server holds about people, but for connections, which open and close by themselves, and what it
// notes on purpose about those whom the host removed and who asked in vain.
func holds(ctx context.Context, t *testing.T, a *app.App) map[string]int {
	t.Helper()
	counts, err := a.Inventory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]int{}
	for _, c := range counts {
		switch c.Kind {
		case "connections", "callers", "meeting-keys", "meeting-log", "attempts":
		default:
			held[c.Kind] = c.Count
		}
	}
	return held
}

// mob is many messages from few who pretend to be many.
type mob struct {
	url       string
	forgeries []string

	sent, connections, refused, ended, worked atomic.Int64
}

// run attacks until enough was sent, on a new connection whenever the server has ended the last.
func (m *mob) run(ctx context.Context, t *testing.T, random *rand.Rand) {
	for m.sent.Load() < attackMessages {
		socket, err := m.connect(ctx)
		if err != nil {
			t.Errorf("attacker: %v", err)
			return
		}
		m.connections.Add(1)
		if random.IntN(3) > 0 { // the others try it from outside
			if err := m.enter(ctx, socket); err != nil {
				t.Errorf("attacker: %v", err)
				return
			}
		}
		for m.sent.Load() < attackMessages && m.try(ctx, socket, random) {
		}
		_ = socket.CloseNow()
	}
}

func (m *mob) connect(ctx context.Context) (*websocket.Conn, error) {
	socket, answer, err := websocket.Dial(ctx, m.url+"/-/ws", &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: http.Header{"Origin": {strings.TrimSuffix(m.url, "/")}},
	})
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	socket.SetReadLimit(1 << 20)
	return socket, nil
}

// enter joins the meeting, as any guest can.
func (m *mob) enter(ctx context.Context, socket *websocket.Conn) error {
	message, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0", "id": 0, "method": protocol.MethodJoin, "params": protocol.Join{
			Room: "stube", Name: "Mallory", RTPCapabilities: ortc.RouterCapabilities(),
		},
	})
	if err != nil {
		return fmt.Errorf("encode join: %w", err)
	}
	if err := socket.Write(ctx, websocket.MessageText, message); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	if answer := m.answer(ctx, socket); answer == nil || answer.Error != nil {
		return fmt.Errorf("join: answered with %+v", answer)
	}
	return nil
}

// try sends one bad message, and tells whether the connection is still there.
func (m *mob) try(ctx context.Context, socket *websocket.Conn, random *rand.Rand) bool {
	kind, message := websocket.MessageText, m.forge(random)
	if random.IntN(50) == 0 {
		kind = websocket.MessageBinary
	}
	m.sent.Add(1)
	if err := socket.Write(ctx, kind, []byte(message)); err != nil {
		m.ended.Add(1)
		return false
	}
	answer := m.answer(ctx, socket)
	switch {
	case answer == nil:
		m.ended.Add(1)
		return false
	case answer.Error == nil:
		m.worked.Add(1)
	default:
		m.refused.Add(1)
	}
	return true
}

type attackAnswer struct {
	Method string          `json:"method"`
	Error  *protocol.Error `json:"error"`
}

// answer waits for the next answer; nil when the server has ended the connection.
func (m *mob) answer(ctx context.Context, socket *websocket.Conn) *attackAnswer {
	for {
		_, data, err := socket.Read(ctx)
		if err != nil {
			return nil
		}
		var answer attackAnswer
		if json.Unmarshal(data, &answer) == nil && answer.Method == "" {
			return &answer
		}
	}
}

// forge makes a message that must not take effect.
func (m *mob) forge(random *rand.Rand) string {
	message := m.forgeries[random.IntN(len(m.forgeries))]
	switch random.IntN(12) {
	case 0: // broken off
		return message[:random.IntN(len(message))]
	case 1: // a few bytes changed
		changed := []byte(message)
		for range 1 + random.IntN(4) {
			changed[random.IntN(len(changed))] = byte(random.Uint32())
		}
		return string(changed)
	case 2: // a member twice
		return strings.Replace(message, `"params":`, `"params":{},"params":`, 1)
	case 3: // many at once
		return "[" + message + "," + message + "]"
	case 4: // nested too deep
		return strings.Replace(message, `"params":{`, `"params":{"x":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`,`, 1)
	case 5: // somebody else's name on it
		return strings.Replace(message, `"params":{`, `"params":{"from":"b","by":"b","participant":"b",`, 1)
	case 6:
		if random.IntN(40) == 0 { // larger than any message
			return message + strings.Repeat(" ", protocol.MaxMessage)
		}
	}
	return message
}

// forgeries are requests that somebody without rights sends about others.
func forgeries(anna, ben, sound, picture string) []string {
	var all []string
	add := func(method protocol.Method, params any) {
		message, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": "x", "method": method, "params": params})
		if err == nil {
			all = append(all, string(message))
		}
	}
	both := []string{anna, ben}
	for _, id := range both {
		add(protocol.MethodRemove, protocol.Remove{ParticipantID: id, Ban: true})
		add(protocol.MethodRenameParticipant, protocol.RenameParticipant{ParticipantID: id, Name: "x"})
		add(protocol.MethodSetRole, protocol.SetRole{ParticipantID: id, Role: protocol.Viewer})
		add(protocol.MethodSetRights, protocol.SetRights{
			ParticipantID: id, Allowed: []protocol.Right{}, Denied: []protocol.Right{protocol.MayCamera},
		})
		add(protocol.MethodSendChat, protocol.SendChat{Text: "psst", To: id})
		add(protocol.MethodResume, protocol.Resume{Room: "stube", Ticket: id + ".AAAAAAAAAAAAAAAAAAAAAAAAAA"})
		add(protocol.MethodConnect, protocol.Connect{TransportID: id})
		add(protocol.MethodRestartICE, protocol.RestartICE{TransportID: id})
		add(protocol.MethodProduce, protocol.Produce{TransportID: id, Kind: ortc.Audio, Source: protocol.Microphone})
		add(protocol.MethodJoin, protocol.Join{Room: "/", Name: "x", Knock: id})
	}
	for _, id := range []string{sound, picture} {
		ref := protocol.ProducerRef{ProducerID: id}
		add(protocol.MethodPauseProducer, ref)
		add(protocol.MethodResumeProducer, ref)
		add(protocol.MethodCloseProducer, ref)
		add(protocol.MethodUpdateProducer, protocol.UpdateProducer{ProducerID: id})
	}
	add(protocol.MethodStopMedia, protocol.StopMedia{Everyone: true, Sources: []protocol.Source{protocol.Camera}})
	add(protocol.MethodAskForMedia, protocol.AskForMedia{ParticipantIDs: both, Source: protocol.Camera})
	add(protocol.MethodLowerHands, protocol.People{Everyone: true})
	add(protocol.MethodRestore, protocol.People{Everyone: true})
	add(protocol.MethodPanic, protocol.Empty{})
	add(protocol.MethodEnd, protocol.Empty{})
	add(protocol.MethodUpdateSettings, protocol.SettingsChange{Locked: new(true)})
	add(protocol.MethodAdmit, protocol.Admit{Everyone: true})
	add(protocol.MethodRefuse, protocol.Refuse{Everyone: true, Block: true})
	add(protocol.MethodReadLog, protocol.Empty{})
	add(protocol.MethodListBans, protocol.Empty{})
	add(protocol.MethodLiftBan, protocol.BanRef{BanID: "x"})
	add(protocol.MethodInvite, protocol.Invite{Kind: protocol.GroupLink, Role: protocol.Attendee})
	add(protocol.MethodListInvitations, protocol.RoomRef{})
	add(protocol.MethodRevokeInvitation, protocol.RevokeInvitation{InvitationID: "x"})
	add(protocol.MethodSendChat, protocol.SendChat{Text: "hello"})
	add(protocol.MethodRetractChat, protocol.ChatRef{Number: 1})
	add(protocol.MethodRaiseHand, protocol.RaiseHand{Raised: true})
	add(protocol.MethodReact, protocol.React{Reaction: protocol.Party})
	add(protocol.MethodRename, protocol.Rename{Name: "Anna"})
	add(protocol.MethodListRooms, protocol.Empty{})
	add(protocol.MethodSaveRoom, protocol.NamedRoom{Name: "stube"})
	add(protocol.MethodDeleteRoom, protocol.RoomRef{Room: "stube"})
	add("delta", protocol.Delta{Left: []protocol.Left{{ParticipantID: anna, Reason: protocol.LeftByChoice}}})
	return all
}

func call(ctx context.Context, t *testing.T, p *testpeer.Peer, method protocol.Method, params any) {
	t.Helper()
	if err := p.Call(ctx, method, params, &protocol.Empty{}); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
}

// emptyRoom lets a host remove everybody but one, until the roster shows it.
func emptyRoom(ctx context.Context, t *testing.T, host *testpeer.Peer, stays string) {
	t.Helper()
	pace := rate.NewLimiter(20, 50) // the host has a limit as well
	removed := map[string]bool{host.ID(): true, stays: true}
	for len(host.Room().Participants) > 2 {
		for _, p := range host.Room().Participants {
			if removed[p.ID] {
				continue
			}
			if err := pace.Wait(ctx); err != nil {
				t.Fatal(err)
			}
			removed[p.ID] = true
			call(ctx, t, host, protocol.MethodRemove, protocol.Remove{ParticipantID: p.ID})
		}
		until(ctx, t, host, "those who were removed are gone", func() bool {
			return !slices.ContainsFunc(host.Room().Participants, func(p protocol.Participant) bool {
				return removed[p.ID] && p.ID != host.ID() && p.ID != stays
			})
		})
	}
}

// observe waits until a newcomer sees the meeting as it was arranged.
func observe(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	p := join(ctx, t, testpeer.Options{URL: url, Name: "Observer"})
	until(ctx, t, p, "the roles are told", func() bool {
		room := p.Room()
		return len(room.Participants) == 3 && room.Participants[1].Role == protocol.Moderator
	})
	if err := p.Leave(ctx); err != nil {
		t.Fatal(err)
	}
}

// heap is how much memory is in use.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
