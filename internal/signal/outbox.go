package signal

import (
	"context"
	"sync"
	"time"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// maxQueued is how many messages may wait for a client. One who has more is a slow reader.
const maxQueued = 512

// outbox holds what a connection is to send. Messages are encoded when they are written, off the room's loop. While
// a request is handled, notifications wait behind its answer, so that a client never learns of a change to
// something that it has not been told of.
type outbox struct {
	// Set once.
	filled  chan struct{} // holds a token while there is something to take
	goodbye time.Duration // how long the rest may take once the connection ends
	cut     context.CancelFunc

	// Guarded by mu.
	mu      sync.Mutex
	queue   []func() []byte
	held    []func() []byte // notifications behind an answer that is awaited
	holding bool
	pending protocol.ErrorCode // why the connection ends behind an answer that is awaited
	reason  protocol.ErrorCode // why the connection ends; "" while it doesn't
	timer   *time.Timer        // calls cut
}

func newOutbox(goodbye time.Duration, cut context.CancelFunc) *outbox {
	return &outbox{filled: make(chan struct{}, 1), goodbye: goodbye, cut: cut}
}

// Send puts a notification into the outbox.
func (o *outbox) Send(n *room.Notification) {
	o.push(func() []byte { return n.Encoded(encodeNotification) })
}

// push puts a notification into the outbox. One too many ends the connection.
func (o *outbox) push(encode func() []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.reason != "":
	case len(o.queue)+len(o.held) >= maxQueued:
		o.queue, o.held = nil, nil
		o.end(protocol.ErrSlowReader)
	case o.holding:
		o.held = append(o.held, encode)
	default:
		o.queue = append(o.queue, encode)
		o.wake()
	}
}

// hold keeps notifications back until answer.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holding = true
}

// answer sends the answer to a request, and what was held back.
func (o *outbox) answer(encode func() []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holding = false
	if o.reason != "" {
		return
	}
	o.queue = append(append(o.queue, encode), o.held...)
	o.held = nil
	if o.pending != "" {
		o.end(o.pending)
	}
	o.wake()
}

// End ends the connection after what has been sent and an answer that is awaited, and tells the client why. Only the
// first reason counts.
func (o *outbox) End(reason protocol.ErrorCode) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.reason != "" || o.pending != "":
	case o.holding:
		o.pending = reason
	default:
		o.end(reason)
	}
}

// end is called with mu held.
func (o *outbox) end(reason protocol.ErrorCode) {
	o.reason = reason
	o.queue = append(append(o.queue, o.held...), func() []byte {
		return encodeNotification(protocol.MethodClosed, protocol.Closed{Reason: reason})
	})
	o.held = nil
	o.timer = time.AfterFunc(o.goodbye, o.cut)
	o.wake()
}

// take gives all that is to be written, and why the connection ends after it, if it does.
func (o *outbox) take() (messages []func() []byte, reason protocol.ErrorCode) {
	o.mu.Lock()
	defer o.mu.Unlock()
	messages, o.queue = o.queue, nil
	return messages, o.reason
}

// ending tells whether the connection ends.
func (o *outbox) ending() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reason != "" || o.pending != ""
}

// close lets go of the timer; nothing is sent any more.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.reason == "" {
		o.reason = protocol.ErrInternal
	}
	if o.timer != nil {
		o.timer.Stop()
	}
}

func (o *outbox) wake() {
	select {
	case o.filled <- struct{}{}:
	default:
	}
}
