package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func connect(_ context.Context, c *connection, p protocol.Connect) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Connect(p.TransportID, p.DTLSParameters)
}

func restartICE(_ context.Context, c *connection, p protocol.RestartICE) (protocol.ICERestarted, error) {
	return c.session.RestartICE(p.TransportID)
}
