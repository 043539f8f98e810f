package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

func stopMedia(_ context.Context, c *connection, p protocol.StopMedia) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.StopMedia(p)
}

func askForMedia(_ context.Context, c *connection, p protocol.AskForMedia) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.AskForMedia(p)
}

func renameParticipant(_ context.Context, c *connection, p protocol.RenameParticipant) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.RenameParticipant(p.ParticipantID, p.Name)
}

func setRole(_ context.Context, c *connection, p protocol.SetRole) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.SetRole(p.ParticipantID, p.Role)
}

func setRights(_ context.Context, c *connection, p protocol.SetRights) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.SetRights(p)
}

func remove(ctx context.Context, c *connection, p protocol.Remove) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Remove(ctx, p)
}

func listBans(ctx context.Context, c *connection, _ protocol.Empty) (protocol.Bans, error) {
	return c.session.Bans(ctx)
}

func liftBan(ctx context.Context, c *connection, p protocol.BanRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.LiftBan(ctx, p.BanID)
}
