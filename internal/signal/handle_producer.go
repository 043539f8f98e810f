package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func produce(_ context.Context, c *connection, p protocol.Produce) (protocol.Produced, error) {
	return c.session.Produce(p)
}

func updateProducer(_ context.Context, c *connection, p protocol.UpdateProducer) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.UpdateProducer(p.ProducerID, p.Size)
}

func pauseProducer(_ context.Context, c *connection, p protocol.ProducerRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.PauseProducer(p.ProducerID, true)
}

func resumeProducer(_ context.Context, c *connection, p protocol.ProducerRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.PauseProducer(p.ProducerID, false)
}

func closeProducer(_ context.Context, c *connection, p protocol.ProducerRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.CloseProducer(p.ProducerID)
}
