package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func consume(_ context.Context, c *connection, p protocol.Consume) (protocol.Consumed, error) {
	return c.session.Consume(p)
}

func resumeConsumers(_ context.Context, c *connection, p protocol.ConsumerRefs) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.ResumeConsumers(p.ConsumerIDs)
}

func closeConsumers(_ context.Context, c *connection, p protocol.ConsumerRefs) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.CloseConsumers(p.ConsumerIDs)
}

func view(_ context.Context, c *connection, p protocol.View) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.View(p.Items)
}

func downlink(_ context.Context, c *connection, _ protocol.Empty) (protocol.Downlink, error) {
	return c.session.Downlink()
}
