// Package idle measures how much memory a participant takes on a server who does nothing.
package idle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stube/internal/load/gauge"
	"stube/internal/load/process"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
)

const (
	roomSize = 25 // participants of a room: each is told of each
	warmUp   = 20 // participants that come and go before, so that the program's own memory isn't counted
)

// Memory is what a server has without and with people who do nothing.
type Memory struct {
	People int         `json:"people"`
	Before gauge.Level `json:"before"`
	After  gauge.Level `json:"after"`
}

// Resident is how many bytes of memory each of the people takes.
func (m Memory) Resident() float64 {
	return float64(m.After.Resident-min(m.Before.Resident, m.After.Resident)) / float64(max(m.People, 1))
}

// Measure starts a server of its own, lets people come who connect both transports and then do nothing, and looks at it
// so long after the last one came.
func Measure(ctx context.Context, program string, people int, settle time.Duration) (Memory, error) {
	server, err := process.StartServer(ctx, program, "")
	if err != nil {
		return Memory{}, err
	}
	grown, err := grow(ctx, server, people, settle)
	return grown, errors.Join(err, server.Stop())
}

func grow(ctx context.Context, server *process.Server, people int, settle time.Duration) (Memory, error) {
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return Memory{}, fmt.Errorf("make a certificate: %w", err)
	}
	crowd := crowd{url: server.URL(), certificate: certificate}
	defer crowd.close()
	if err := crowd.join(ctx, warmUp); err != nil {
		return Memory{}, err
	}
	crowd.close()
	m := Memory{People: people}
	if m.Before, err = gauge.Read(ctx, server.Metrics); err != nil {
		return Memory{}, err
	}
	if err := crowd.join(ctx, people); err != nil {
		return Memory{}, err
	}
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return Memory{}, ctx.Err()
	}
	m.After, err = gauge.Read(ctx, server.Metrics)
	return m, err
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
			URL: c.url, Room: fmt.Sprintf("idle-%d", i/roomSize), Name: fmt.Sprintf("Idle %d", i+1),
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
