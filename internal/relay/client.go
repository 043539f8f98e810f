package relay

import (
	"stube/internal/relay/schedule"
)

// Direction tells the two ways of a network apart.
type Direction uint8

// The directions, as clients see them.
const (
	Up   Direction = iota // to the server
	Down                  // from the server
)

// Client is whose network it is: all flows of a client share a link in each direction. It is safe for concurrent use.
type Client struct {
	relay *Relay
	pipes [2]pipe // by direction
	flows []*flow // guarded by the relay's mu
}

// Shape has a direction follow a schedule, which begins now.
func (c *Client) Shape(d Direction, s schedule.Schedule) {
	c.pipes[d].shape(s, c.relay.now())
	c.relay.wake()
}

// Counters are those of a direction.
func (c *Client) Counters(d Direction) Counters { return c.pipes[d].count() }

// Move gives the client's flows other addresses towards the server, as when a router between them forgot the flows.
// What the server sends to the old addresses gets lost.
func (c *Client) Move() error {
	c.relay.mu.Lock()
	defer c.relay.mu.Unlock()
	for _, f := range c.flows {
		if err := c.relay.connect(f); err != nil {
			return err
		}
	}
	return nil
}
