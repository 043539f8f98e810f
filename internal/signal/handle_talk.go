package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func sendChat(_ context.Context, c *connection, p protocol.SendChat) (protocol.ChatSent, error) {
	return c.session.SendChat(p)
}

func retractChat(_ context.Context, c *connection, p protocol.ChatRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.RetractChat(p.Number)
}

func readChat(_ context.Context, c *connection, p protocol.ReadChat) (protocol.ChatPage, error) {
	return c.session.ReadChat(p.After)
}

func raiseHand(_ context.Context, c *connection, p protocol.RaiseHand) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.RaiseHand(p.Raised)
}

func lowerHands(_ context.Context, c *connection, p protocol.People) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.LowerHands(p)
}

func react(_ context.Context, c *connection, p protocol.React) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.React(p.Reaction)
}
