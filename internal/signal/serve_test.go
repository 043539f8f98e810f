package signal

import (
	"bytes"
	"context"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// guest is a connection without a socket.
func (h *house) guest(t *testing.T, browser string) *connection {
	_, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	c := newConnection(h.server, cancel)
	c.caller = room.Caller{Browser: browser, AddressKey: browser}
	t.Cleanup(c.outbox.close)
	return c
}

// criterion 31: whatever a guest sends to a meeting, one line a message, nothing breaks, and the host stays host.
func FuzzCriterion31Serve(f *testing.F) {
	for _, lines := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"chat.send","params":{"text":"hello"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"hand.raise","params":{"raised":true}}` + "\n" +
			`{"jsonrpc":"2.0","id":2,"method":"leave"}` + "\n" +
			`{"jsonrpc":"2.0","id":3,"method":"join","params":{"room":"r","name":"x","invite":"y","rtpCapabilities":{}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"settings.update",` +
			`"params":{"rights":{"moderator":[],"participant":[],"viewer":[]}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"peek","params":{"room":"q"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"rooms.save","params":{"name":"n","lobby":"off","preset":"class"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"participant.role","params":{"participantId":"x","role":"host"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"view","params":{"items":[{"consumerId":"c","size":{"width":1,"height":1},` +
			`"priority":"tile"}]}}`,
	} {
		f.Add([]byte(lines))
	}
	join := []byte(`{"jsonrpc":"2.0","id":0,"method":"join","params":{"room":"r","name":"x","rtpCapabilities":` +
		`{"codecs":[],"headerExtensions":[]}}}`)
	f.Fuzz(func(t *testing.T, data []byte) {
		h := newHouse(t, nil)
		host, guest := h.guest(t, "host"), h.guest(t, "guest")
		host.serve(t.Context(), websocket.MessageText, join)
		guest.serve(t.Context(), websocket.MessageText, join)
		for line := range bytes.Lines(data) {
			if !guest.serve(t.Context(), websocket.MessageText, bytes.TrimSpace(line)) {
				break
			}
		}
		if err := host.session.UpdateSettings(t.Context(), protocol.SettingsChange{Locked: new(true)}); err != nil {
			t.Errorf("the host can no longer lock the room: %v", err)
		}
	})
}
