package signal

import (
	"context"

	"stube/internal/signal/protocol"
)

// Invitations are for the room that the connection is in, or for a named room of its caller, who needs to be in none.

func invite(ctx context.Context, c *connection, p protocol.Invite) (protocol.Invited, error) {
	switch {
	case p.Room != "":
		return c.server.house.Invite(ctx, c.caller, p)
	case c.session == nil:
		return protocol.Invited{}, refusal(protocol.ErrNotJoined)
	}
	return c.session.Invite(ctx, p)
}

func listInvitations(ctx context.Context, c *connection, p protocol.RoomRef) (protocol.Invitations, error) {
	switch {
	case p.Room != "":
		return c.server.house.Invitations(ctx, c.caller, p.Room)
	case c.session == nil:
		return protocol.Invitations{}, refusal(protocol.ErrNotJoined)
	}
	return c.session.Invitations(ctx)
}

func revokeInvitation(ctx context.Context, c *connection, p protocol.RevokeInvitation) (protocol.Empty, error) {
	switch {
	case p.Room != "":
		return protocol.Empty{}, c.server.house.RevokeInvitation(ctx, c.caller, p.Room, p.InvitationID)
	case c.session == nil:
		return protocol.Empty{}, refusal(protocol.ErrNotJoined)
	}
	return protocol.Empty{}, c.session.RevokeInvitation(ctx, p.InvitationID)
}

func listRooms(ctx context.Context, c *connection, _ protocol.Empty) (protocol.Rooms, error) {
	return c.server.house.Rooms(ctx, c.caller)
}

func saveRoom(ctx context.Context, c *connection, p protocol.NamedRoom) (protocol.Empty, error) {
	return protocol.Empty{}, c.server.house.SaveRoom(ctx, c.caller, p)
}

func deleteRoom(ctx context.Context, c *connection, p protocol.RoomRef) (protocol.Empty, error) {
	return protocol.Empty{}, c.server.house.DeleteRoom(ctx, c.caller, p.Room)
}
