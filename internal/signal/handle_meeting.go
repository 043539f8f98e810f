package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func updateSettings(ctx context.Context, c *connection, p protocol.SettingsChange) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.UpdateSettings(ctx, p)
}

func panicButton(_ context.Context, c *connection, _ protocol.Empty) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Panic()
}

func restore(_ context.Context, c *connection, p protocol.People) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Restore(p)
}

func endMeeting(_ context.Context, c *connection, _ protocol.Empty) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.End()
}

func readLog(_ context.Context, c *connection, _ protocol.Empty) (protocol.Log, error) {
	return c.session.Log()
}
