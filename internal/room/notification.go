package room

import (
	"sync"

	"stube/internal/signal/protocol"
)

// Outbox is the way to a participant's page. Its methods return at once; an outbox that overflows ends its
// connection by itself.
type Outbox interface {
	// Send tells the page something, in the order of the calls.
	Send(*Notification)
	// End closes the connection after what was sent, with a reason that the page is told.
	End(protocol.ErrorCode)
}

// Notification is one message, often to many. It is not changed once it is sent, and is encoded once.
type Notification struct {
	method protocol.Method
	params any
	once   sync.Once
	bytes  []byte
}

func notify(method protocol.Method, params any) *Notification {
	return &Notification{method: method, params: params}
}

// Encoded gives the message as encode makes it; encode runs once for all who ask.
func (n *Notification) Encoded(encode func(protocol.Method, any) []byte) []byte {
	n.once.Do(func() { n.bytes = encode(n.method, n.params) })
	return n.bytes
}
