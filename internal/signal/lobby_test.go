package signal

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// guarded is a house as a default install has it, with Anna's account at a header that only this test knows.
func guarded(t *testing.T) *house {
	return startHouse(t, room.Config{}, func(s *Server) {
		s.callers = newCallers(Config{Identify: func(r *http.Request) (room.Caller, bool) {
			name := r.Header.Get("X-Test-Account")
			return room.Caller{Account: name, Name: name, ProviderName: "Google", MayCreate: true}, name != ""
		}})
	})
}

func (h *house) dialAs(t *testing.T, account string) *client {
	return h.dialWith(t, http.Header{"X-Test-Account": {account}})
}

// knock asks to be let in and must have to wait.
func (c *client) knock(p protocol.Join) protocol.Lobby {
	c.t.Helper()
	p.RTPCapabilities = ortc.RouterCapabilities()
	c.refused(protocol.MethodJoin, p, protocol.ErrWaiting)
	return await[protocol.Lobby](c, protocol.MethodLobby)
}

// criteria 1 and 5, over real sockets: a guest waits for a host, survives a reload, is admitted and enters.
func TestCriterion5Lobby(t *testing.T) {
	h := guarded(t)
	guest := h.dial(t)
	lobby := guest.knock(protocol.Join{Room: "r", Name: "Ben"})
	if lobby.State != protocol.LobbyWaiting || lobby.HostPresent {
		t.Errorf("the lobby is %+v", lobby)
	}
	guest.refused(protocol.MethodSendChat, protocol.SendChat{Text: "x"}, protocol.ErrNotJoined)
	host := h.dialAs(t, "Anna")
	peeked := ask[protocol.Peeked](host, protocol.MethodPeek, protocol.Peek{Room: "r"})
	if peeked.Entry != protocol.EntryStart {
		t.Errorf("the host peeked %+v", peeked)
	}
	joined := host.join("r", "Anna")
	if joined.You.Role != protocol.Host || joined.Snapshot.Settings.Lobby != protocol.LobbyGuests {
		t.Errorf("the host joined %+v", joined)
	}
	if lobby = await[protocol.Lobby](guest, protocol.MethodLobby); !lobby.HostPresent {
		t.Errorf("the lobby is %+v", lobby)
	}
	knocks := await[protocol.Knocks](host, protocol.MethodKnocks)
	if !knocks.Complete || len(knocks.Knocks) != 1 {
		t.Errorf("the host was told %+v", knocks)
	}

	if err := guest.socket.CloseNow(); err != nil {
		t.Fatal(err)
	}
	guest = h.dial(t)
	again := guest.knock(protocol.Join{Room: "r", Name: "Ben", Knock: lobby.Ticket})
	if again.Ticket != lobby.Ticket {
		t.Errorf("a reload gave another place: %+v", again)
	}
	ask[protocol.Empty](host, protocol.MethodAdmit, protocol.Admit{Everyone: true})
	if lobby = await[protocol.Lobby](guest, protocol.MethodLobby); lobby.State != protocol.LobbyAdmitted {
		t.Errorf("the lobby is %+v", lobby)
	}
	in := ask[protocol.Joined](guest, protocol.MethodJoin, protocol.Join{
		Room: "r", Name: "Mallory", Knock: lobby.Ticket, RTPCapabilities: ortc.RouterCapabilities(),
	})
	if who := in.Snapshot.Participants[1]; who.Name != "Ben" || who.Identity.Kind != protocol.Guest {
		t.Errorf("the guest came in as %+v", who)
	}
	ask[protocol.Empty](host, protocol.MethodRemove, protocol.Remove{ParticipantID: in.ParticipantID})
	guest.ended(protocol.ErrRemoved, websocket.StatusPolicyViolation)

	other := h.dial(t)
	other.knock(protocol.Join{Room: "r", Name: "Carl"})
	ask[protocol.Empty](other, protocol.MethodWithdraw, protocol.Empty{})
	ask[protocol.Empty](other, protocol.MethodWithdraw, protocol.Empty{})
}

// criterion 6: the cookie is what a browser is known by. It holds nothing but random bits.
func TestCriterion6Cookie(t *testing.T) {
	h := guarded(t)
	host := h.dialAs(t, "Anna")
	host.join("r", "Anna")
	guest := h.dial(t)
	if len(guest.cookies) != 1 || !guest.cookies[0].HttpOnly || guest.cookies[0].MaxAge != 0 ||
		guest.cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("the cookies are %v", guest.cookies)
	}
	guest.knock(protocol.Join{Room: "r", Name: "Ben"})
	ask[protocol.Empty](host, protocol.MethodRefuse, protocol.Refuse{Everyone: true, Block: true})
	if lobby := await[protocol.Lobby](guest, protocol.MethodLobby); lobby.State != protocol.LobbyRefused {
		t.Errorf("the lobby is %+v", lobby)
	}
	cookie := guest.cookies[0].Name + "=" + guest.cookies[0].Value
	back := h.dialWith(t, http.Header{"Cookie": {cookie}})
	if len(back.cookies) != 0 {
		t.Errorf("a known browser got %v", back.cookies)
	}
	back.refused(protocol.MethodJoin, protocol.Join{
		Room: "r", Name: "Innocent", RTPCapabilities: ortc.RouterCapabilities(),
	}, protocol.ErrRefused)
	forged := h.dialWith(t, http.Header{"Cookie": {guest.cookies[0].Name + "=short"}})
	if len(forged.cookies) != 1 {
		t.Error("a forged cookie was taken")
	}
}

// Every kind of request is served over a real socket.
func TestRequests(t *testing.T) {
	h := guarded(t)
	host, guest := h.dialAs(t, "Anna"), h.dial(t)
	annas := host.join("r", "Anna")
	link := ask[protocol.Invited](host, protocol.MethodInvite, protocol.Invite{
		Kind: protocol.PersonalLink, Name: "Ben", Role: protocol.Attendee,
	})
	bens := ask[protocol.Joined](guest, protocol.MethodJoin, protocol.Join{
		Room: "r", Name: "x", Invite: link.Secret, RTPCapabilities: ortc.RouterCapabilities(),
	})
	list := ask[protocol.Invitations](host, protocol.MethodListInvitations, protocol.RoomRef{})
	if len(list.Invitations) != 1 || !list.Invitations[0].InUse {
		t.Errorf("the links are %+v", list)
	}
	ben := []string{bens.ParticipantID}
	done := func(method protocol.Method, params any) {
		t.Helper()
		ask[protocol.Empty](host, method, params)
	}
	done(protocol.MethodAskForMedia, protocol.AskForMedia{ParticipantIDs: ben, Source: protocol.Microphone})
	if asked := await[protocol.Asked](guest, protocol.MethodAsked); asked.By != annas.ParticipantID {
		t.Errorf("the guest was told %+v", asked)
	}
	done(protocol.MethodSetRights, protocol.SetRights{
		ParticipantID: ben[0], Allowed: []protocol.Right{}, Denied: []protocol.Right{protocol.MayScreen},
	})
	await[protocol.You](guest, protocol.MethodYou)
	done(protocol.MethodRenameParticipant, protocol.RenameParticipant{ParticipantID: ben[0], Name: "Bernd"})
	done(protocol.MethodSetRole, protocol.SetRole{ParticipantID: ben[0], Role: protocol.Moderator})
	await[protocol.Moderated](guest, protocol.MethodModerated)
	done(protocol.MethodStopMedia, protocol.StopMedia{ParticipantIDs: ben, Sources: []protocol.Source{protocol.Camera}})
	sent := ask[protocol.ChatSent](guest, protocol.MethodSendChat, protocol.SendChat{Text: "hello"})
	if chat := await[protocol.Chat](host, protocol.MethodChat); chat.Messages[0].From != ben[0] {
		t.Errorf("the host was told %+v", chat)
	}
	done(protocol.MethodRetractChat, protocol.ChatRef(sent))
	await[protocol.ChatRetracted](guest, protocol.MethodChatRetracted)
	ask[protocol.ChatPage](guest, protocol.MethodReadChat, protocol.ReadChat{})
	ask[protocol.Empty](guest, protocol.MethodRaiseHand, protocol.RaiseHand{Raised: true})
	done(protocol.MethodLowerHands, protocol.People{Everyone: true})
	ask[protocol.Empty](guest, protocol.MethodReact, protocol.React{Reaction: protocol.Heart})
	await[protocol.Reactions](host, protocol.MethodReactions)
	done(protocol.MethodPanic, protocol.Empty{})
	done(protocol.MethodRestore, protocol.People{Everyone: true})
	done(protocol.MethodUpdateSettings, protocol.SettingsChange{Locked: new(false)})
	ask[protocol.Bans](host, protocol.MethodListBans, protocol.Empty{})
	done(protocol.MethodLiftBan, protocol.BanRef{BanID: "none"})
	if log := ask[protocol.Log](host, protocol.MethodReadLog, protocol.Empty{}); len(log.Entries) < 5 {
		t.Errorf("the log is %+v", log)
	}
	done(protocol.MethodRevokeInvitation, protocol.RevokeInvitation{InvitationID: link.Invitation.ID})
	done(protocol.MethodSaveRoom, protocol.NamedRoom{
		Name: "named", Lobby: protocol.LobbyGuests, Preset: protocol.Class,
	})
	if rooms := ask[protocol.Rooms](host, protocol.MethodListRooms, protocol.Empty{}); len(rooms.Rooms) != 1 {
		t.Errorf("the rooms are %+v", rooms)
	}
	named := ask[protocol.Invited](host, protocol.MethodInvite, protocol.Invite{
		Room: "named", Kind: protocol.GroupLink, Role: protocol.Attendee,
	})
	ask[protocol.Invitations](host, protocol.MethodListInvitations, protocol.RoomRef{Room: "named"})
	done(protocol.MethodRevokeInvitation, protocol.RevokeInvitation{
		Room: "named", InvitationID: named.Invitation.ID,
	})
	done(protocol.MethodDeleteRoom, protocol.RoomRef{Room: "named"})
	stranger := h.dial(t)
	stranger.refused(protocol.MethodListRooms, protocol.Empty{}, protocol.ErrLogInRequired)
	stranger.refused(protocol.MethodInvite, protocol.Invite{Kind: protocol.GroupLink}, protocol.ErrNotJoined)
	stranger.refused(protocol.MethodListInvitations, protocol.RoomRef{}, protocol.ErrNotJoined)
	stranger.refused(protocol.MethodRevokeInvitation, protocol.RevokeInvitation{}, protocol.ErrNotJoined)
	done(protocol.MethodEnd, protocol.Empty{})
	guest.ended(protocol.ErrEnded, websocket.StatusPolicyViolation)
}

// criterion 18: nothing that people say, or show to be let in, stands in the log.
func TestCriterion18LogHasNoTalk(t *testing.T) {
	h := guarded(t)
	host, guest := h.dialAs(t, "canary account"), h.dial(t)
	host.join("canary room", "canary host")
	link := ask[protocol.Invited](host, protocol.MethodInvite, protocol.Invite{
		Kind: protocol.PersonalLink, Name: "canary link", Role: protocol.Attendee,
	})
	ask[protocol.Empty](host, protocol.MethodUpdateSettings, protocol.SettingsChange{
		Title: new("canary title"), Password: new("canary password"),
	})
	guest.refused(protocol.MethodJoin, protocol.Join{
		Room: "canary room", Name: "canary guest", Password: "canary guess", RTPCapabilities: ortc.RouterCapabilities(),
	}, protocol.ErrWrongPassword)
	guest.refused(protocol.MethodJoin, protocol.Join{
		Room: "canary room", Name: "canary guest", Token: "canary token", RTPCapabilities: ortc.RouterCapabilities(),
	}, protocol.ErrTokenInvalid)
	lobby := guest.knock(protocol.Join{Room: "canary room", Name: "canary guest", Password: "canary password"})
	ask[protocol.ChatSent](host, protocol.MethodSendChat, protocol.SendChat{Text: "canary chat"})
	ask[protocol.Empty](host, protocol.MethodRefuse, protocol.Refuse{Everyone: true, Block: true})
	log := h.log.String()
	_, ticket, _ := strings.Cut(lobby.Ticket, ".")
	for _, bad := range []string{"canary", link.Secret, ticket, guest.cookies[0].Value, "127.0.0.1"} {
		if strings.Contains(log, bad) {
			t.Errorf("%q stands in the log:\n%s", bad, log)
		}
	}
}

// criterion 30: one network doesn't take all connections.
func TestCriterion30ConnectionsFromOneNetwork(t *testing.T) {
	h := newHouse(t, func(s *Server) { s.near = 2 })
	first := h.dial(t)
	h.dial(t)
	_, answer, err := websocket.Dial(t.Context(), h.web.URL, &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol}, HTTPHeader: http.Header{"Origin": {h.web.URL}},
	})
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a third connection got %v, %v", answer, err)
	}
	if err := first.socket.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	for h.server.connections() > 1 {
		_, _ = first.read()
	}
	h.dial(t)
}
