package signal

import (
	"context"
	"time"

	"stube/internal/signal/protocol"
)

func peek(ctx context.Context, c *connection, p protocol.Peek) (protocol.Peeked, error) {
	defer evenly(ctx, time.Now())
	if p == c.peeked {
		return c.server.house.PeekAgain(ctx, c.caller, p)
	}
	told, err := c.server.house.Peek(ctx, c.caller, p)
	if err == nil {
		c.peeked = p
	}
	return told, err
}

func withdraw(_ context.Context, c *connection, _ protocol.Empty) (protocol.Empty, error) {
	if c.place != nil {
		c.place.Withdraw()
		c.place = nil
	}
	return protocol.Empty{}, nil
}

func admit(_ context.Context, c *connection, p protocol.Admit) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Admit(p)
}

func refuse(ctx context.Context, c *connection, p protocol.Refuse) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Refuse(ctx, p)
}
