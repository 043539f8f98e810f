package main

import (
	"context"
	"errors"
	"fmt"

	"stube/internal/load/process"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
)

const (
	idleRoom = 25 // participants of a room: each is told of each
	warmUp   = 20 // participants that come and go before, so that the program's own memory isn't counted
)

// idleMemory is by how much the server's resident memory grows, in bytes, with participants that connect both
// transports and then do nothing.
func idleMemory(ctx context.Context, s settings) (uint64, error) {
	server, err := process.StartServer(ctx, s.server, "")
	if err != nil {
		return 0, err
	}
	grown, err := grow(ctx, s, server)
	return grown, errors.Join(err, server.Stop())
}

func grow(ctx context.Context, s settings, server *process.Server) (uint64, error) {
	meter, err := process.New(server.PID())
	if err != nil {
		return 0, err
	}
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return 0, fmt.Errorf("make a certificate: %w", err)
	}
	crowd := crowd{url: server.URL(), certificate: certificate}
	defer crowd.close()
	if err := crowd.join(ctx, warmUp); err != nil {
		return 0, err
	}
	crowd.close()
	before, err := meter.Resident()
	if err != nil {
		return 0, err
	}
	if err := crowd.join(ctx, s.idle); err != nil {
		return 0, err
	}
	if err := pause(ctx, s.settle); err != nil {
		return 0, err
	}
	after, err := meter.Resident()
	if err != nil {
		return 0, err
	}
	return after - min(before, after), nil
}

// crowd is participants that do nothing.
type crowd struct {
	url         string
	certificate *dtls.Certificate
	peers       []*testpeer.Peer
}

// join brings n in, with both transports connected.
func (c *crowd) join(ctx context.Context, n int) error {
	for i := range n {
		p, err := testpeer.Join(ctx, testpeer.Options{
			URL: c.url, Room: fmt.Sprintf("idle-%d", i/idleRoom), Name: fmt.Sprintf("Idle %d", i+1),
			Certificate: c.certificate,
		})
		if err != nil {
			return err
		}
		c.peers = append(c.peers, p)
		if err := errors.Join(p.ConnectSend(ctx), p.ConnectReceive(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// close lets everybody leave.
func (c *crowd) close() {
	for _, p := range c.peers {
		_ = p.Leave(context.Background()) // the server notices either way
	}
	c.peers = nil
}
