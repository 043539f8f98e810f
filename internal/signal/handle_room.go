package signal

import (
	"context"
	"errors"
	"time"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

func join(ctx context.Context, c *connection, p protocol.Join) (protocol.Joined, error) {
	asked := time.Now()
	session, joined, err := c.server.house.Join(ctx, room.Entry{
		Caller: c.caller, Room: p.Room, Name: p.Name, Capabilities: p.RTPCapabilities, Invite: p.Invite,
		Password: p.Password, Token: p.Token, Knock: p.Knock, Outbox: c.outbox,
	})
	c.server.joined(asked, err)
	var waiting *room.Waiting
	switch {
	case err == nil:
		c.leaveLobby(nil)
		c.enter(session)
	case errors.As(err, &waiting):
		c.leaveLobby(waiting.Place)
	}
	if err != nil {
		evenly(ctx, asked)
	}
	return joined, err
}

func check(ctx context.Context, c *connection, p protocol.Check) (protocol.Checking, error) {
	session, checking, err := c.server.house.Check(ctx, room.Checker{
		Caller: c.caller, Capabilities: p.RTPCapabilities, Outbox: c.outbox,
	})
	if err == nil {
		c.enter(session)
	}
	return checking, err
}

// leaveLobby gives up the place in a lobby for another or none. One that was taken up again is not lost by that.
func (c *connection) leaveLobby(next *room.Place) {
	if c.place != nil {
		c.place.Withdraw()
	}
	c.place = next
}

func resume(ctx context.Context, c *connection, p protocol.Resume) (protocol.Resumed, error) {
	asked := time.Now()
	session, resumed, err := c.server.house.Resume(ctx, room.Return{
		Caller: c.caller, Room: p.Room, Ticket: p.Ticket, Outbox: c.outbox,
	})
	if err == nil {
		c.enter(session)
	} else {
		evenly(ctx, asked)
	}
	return resumed, err
}

// enter notes that the connection is a participant's now.
func (c *connection) enter(session *room.Session) {
	c.session = session
	c.log.Info("connection entered", "participant_id", session.ParticipantID())
}

func leave(_ context.Context, c *connection, _ protocol.Empty) (protocol.Empty, error) {
	err := c.session.Leave()
	if err == nil {
		c.session = nil
	}
	return protocol.Empty{}, err
}

func rename(_ context.Context, c *connection, p protocol.Rename) (protocol.Empty, error) {
	return protocol.Empty{}, c.session.Rename(p.Name)
}

func ping(context.Context, *connection, protocol.Empty) (protocol.Empty, error) {
	return protocol.Empty{}, nil
}
