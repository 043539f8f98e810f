package app_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"sync"
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// transcript is all that somebody was told.
type transcript struct {
	mu    sync.Mutex
	told  [][]byte
	bytes int
}

func (r *transcript) note(part []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, bytes.Clone(part))
	r.bytes += len(part)
}

// holds tells whether an address was told: in words, as it is, or as STUN covers it (RFC 8489 section 14.2).
func (r *transcript) holds(address netip.Addr) bool {
	const cookie = 0x2112a442
	plain := address.As4()
	covered := binary.BigEndian.AppendUint32(nil, binary.BigEndian.Uint32(plain[:])^cookie)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, part := range r.told {
		for _, form := range [][]byte{plain[:], covered, []byte(address.String())} {
			if bytes.Contains(part, form) {
				return true
			}
		}
	}
	return false
}

// criterion 21: a host is told the most of all, and no address of anybody else is in it.
func TestCriterion21AddressesStayApart(t *testing.T) {
	ctx, url := bounded(t), server(t)
	at := func(last byte) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 21, last}) }
	var told transcript
	host := join(ctx, t, testpeer.Options{URL: url, Name: "Host", Local: at(1), Heard: told.note, AutoSubscribe: true})
	anna := join(ctx, t, testpeer.Options{URL: url, Name: "Anna", Local: at(2), AutoSubscribe: true})
	ben := join(ctx, t, testpeer.Options{URL: url, Name: "Ben", Local: at(3), TCP: true, AutoSubscribe: true})
	_, sound := microphone(ctx, t, anna, host, testpeer.AudioOptions{})
	_, picture := camera(ctx, t, ben, host, testpeer.VideoOptions{})
	_, own := camera(ctx, t, host, anna, testpeer.VideoOptions{})
	frames(ctx, t, host, picture, 20)
	frames(ctx, t, anna, own, 20)
	until(ctx, t, host, "reports of the sound come", func() bool { return sound.Stats().SenderReports > 0 })
	if err := anna.RestartICE(ctx); err != nil {
		t.Fatal(err)
	}
	ben.DropSocket()
	if err := ben.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	call(ctx, t, anna, protocol.MethodRaiseHand, protocol.RaiseHand{Raised: true})
	call(ctx, t, anna, protocol.MethodReact, protocol.React{Reaction: protocol.Heart})
	for _, to := range []string{"", host.ID()} {
		said := protocol.SendChat{Text: "x", To: to}
		if err := anna.Call(ctx, protocol.MethodSendChat, said, &protocol.ChatSent{}); err != nil {
			t.Fatal(err)
		}
	}
	call(ctx, t, host, protocol.MethodUpdateSettings, protocol.SettingsChange{Lobby: new(protocol.LobbyEveryone)})
	if _, err := testpeer.Join(ctx, testpeer.Options{URL: url, Room: "stube", Name: "Carl", Local: at(4)}); err == nil {
		t.Error("Carl did not have to wait")
	}
	call(ctx, t, host, protocol.MethodRemove, protocol.Remove{ParticipantID: ben.ID(), Ban: true})
	until(ctx, t, host, "Ben is gone", func() bool { return len(host.Room().Participants) == 2 })
	for method, answer := range map[protocol.Method]any{
		protocol.MethodReadLog: &protocol.Log{}, protocol.MethodListBans: &protocol.Bans{},
		protocol.MethodReadChat: &protocol.ChatPage{}, protocol.MethodListInvitations: &protocol.Invitations{},
	} {
		if err := host.Call(ctx, method, protocol.Empty{}, answer); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
	host.Close()
	if !told.holds(at(1)) {
		t.Error("not even the own address is found, so this test would find none")
	}
	for _, other := range []*testpeer.Peer{anna, ben} {
		other.Close()
	}
	for last := byte(2); last <= 4; last++ {
		if told.holds(at(last)) {
			t.Errorf("the host was told %v", at(last))
		}
	}
	t.Logf("%d messages and packets of %d bytes searched", len(told.told), told.bytes)
}
