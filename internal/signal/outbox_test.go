package signal

import (
	"strings"
	"testing"
	"time"

	"stube/internal/signal/protocol"
)

func text(s string) func() []byte { return func() []byte { return []byte(s) } }

// taken is what the outbox holds, in one line.
func taken(o *outbox) string {
	messages, reason := o.take()
	var all []string
	for _, encode := range messages {
		all = append(all, string(encode()))
	}
	return strings.TrimSpace(strings.Join(all, " ") + " " + string(reason))
}

// Notifications wait behind the answer of the request that is being handled.
func TestOutboxOrder(t *testing.T) {
	o := newOutbox(time.Minute, func() {})
	defer o.close()
	o.push(text("a"))
	o.hold()
	o.push(text("b"))
	o.push(text("c"))
	if got := taken(o); got != "a" {
		t.Errorf("got %q", got)
	}
	o.answer(text("answer"))
	o.push(text("d"))
	if got := taken(o); got != "answer b c d" {
		t.Errorf("got %q", got)
	}
}

func TestOutboxEnd(t *testing.T) {
	closed := `{"jsonrpc":"2.0","method":"closed","params":{"reason":"replaced"}}`
	o := newOutbox(time.Minute, func() {})
	defer o.close()
	o.hold()
	o.push(text("a"))
	o.End(protocol.ErrReplaced)
	o.End(protocol.ErrShuttingDown)
	if got := taken(o); got != "" || !o.ending() {
		t.Errorf("got %q before the answer", got)
	}
	o.answer(text("answer"))
	o.answer(text("too late"))
	o.push(text("too late"))
	if got := taken(o); got != "answer a "+closed+" replaced" {
		t.Errorf("got %q", got)
	}
}

func TestOutboxOverflow(t *testing.T) {
	closed := `{"jsonrpc":"2.0","method":"closed","params":{"reason":"slow_reader"}}`
	o := newOutbox(time.Minute, func() {})
	defer o.close()
	for range maxQueued / 2 {
		o.push(text("a"))
	}
	o.hold()
	for range maxQueued / 2 {
		o.push(text("a"))
	}
	if o.ending() {
		t.Error("the outbox ended before it was full")
	}
	o.push(text("a"))
	if got := taken(o); got != closed+" slow_reader" {
		t.Errorf("got %q", got)
	}
}
