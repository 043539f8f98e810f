// Package quality plays calls over bad networks and measures how good they stay: participants of internal/testpeer meet
// in a running server, through an internal/relay that loses, delays and limits.
//
// A Network is where one scenario plays; each function that plays one returns what was counted, and tells an error only
// when the call didn't come about. How good is good enough is for the caller to say: a test, or the command that writes
// docs/quality.md. A Network owns its relay and its participants; Close waits for their goroutines.
//
// The package must not know the server's insides.
package quality

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
)

// Behind is the address of this machine at which a server listens that is reached through a Network only.
func Behind() netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 2}) }

// Announced is the address that the server is to announce: that of the Network. The participants have others, each
// one's own.
func Announced() netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 3}) }

// Network is a server behind a relay, and those who meet there.
type Network struct {
	url         string
	relay       *relay.Relay
	certificate *dtls.Certificate
	peers       []*testpeer.Peer
}

// Open puts a relay before a server that listens at a port of Behind and announces Announced.
func Open(port uint16, seed uint64) (*Network, error) {
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	r, err := relay.Start(relay.Options{
		Listen: netip.AddrPortFrom(Announced(), port), Server: netip.AddrPortFrom(Behind(), port), Seed: seed,
	})
	if err != nil {
		return nil, err
	}
	url := "http://" + netip.AddrPortFrom(Behind(), port).String()
	return &Network{url: url, relay: r, certificate: certificate}, nil
}

// Close ends the participants and the relay.
func (n *Network) Close() {
	for _, p := range n.peers {
		p.Close()
	}
	n.relay.Close()
}

// person is a participant and the network that is theirs.
type person struct {
	*testpeer.Peer
	address netip.Addr
	network *relay.Client
}

// join brings somebody in, who receives everything unless told otherwise.
func (n *Network) join(ctx context.Context, name string, up, down schedule.Profile) (person, error) {
	return n.enter(ctx, testpeer.Options{Name: name}, up, down)
}

// enter is join for somebody of whom more is to be said than the name.
func (n *Network) enter(ctx context.Context, o testpeer.Options, up, down schedule.Profile) (person, error) {
	p := n.person(o.Name, up, down)
	var err error
	o.URL, o.Room, o.AutoSubscribe, o.Local, o.Certificate = n.url, "quality", true, p.address, n.certificate
	p.Peer, err = testpeer.Join(ctx, o)
	if err != nil {
		return p, fmt.Errorf("%s joins: %w", o.Name, err)
	}
	n.peers = append(n.peers, p.Peer)
	return p, nil
}

// person gives somebody an address and a network.
func (n *Network) person(name string, up, down schedule.Profile) person {
	p := person{
		address: netip.AddrFrom4([4]byte{127, 1, 0, byte(len(n.peers) + 1)}),
		network: n.relay.Client(name),
	}
	n.relay.Assign(p.address, p.network)
	p.shape(up, down)
	return p
}

// shape changes both directions for good.
func (p person) shape(up, down schedule.Profile) {
	p.network.Shape(relay.Up, schedule.Steady(up))
	p.network.Shape(relay.Down, schedule.Steady(down))
}

// publish starts a microphone and a camera.
func (p person) publish(ctx context.Context, video testpeer.VideoOptions) error {
	if _, err := p.PublishMicrophone(ctx, testpeer.AudioOptions{}); err != nil {
		return err
	}
	_, err := p.PublishCamera(ctx, video)
	return err
}

// near is the network of somebody with nothing to complain of: 20 ms to the server.
func near() schedule.Profile { return schedule.Profile{Delay: 20 * time.Millisecond} }

// pause lets time pass.
func pause(ctx context.Context, d time.Duration) error {
	end := time.NewTimer(d)
	defer end.Stop()
	select {
	case <-end.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("play a scenario: %w", ctx.Err())
	}
}

// sees waits until somebody receives so many pictures, and sound, if it is sent.
func (p person) sees(ctx context.Context, pictures int) error {
	err := p.Until(ctx, func() bool {
		sound, seen := false, 0
		for _, c := range p.Consumers() {
			switch s := c.Stats(); {
			case s.FirstPacket.IsZero():
			case video(c):
				seen++
			default:
				sound = true
			}
		}
		return sound && seen >= pictures
	})
	if err != nil {
		return errors.Join(errors.New("wait for sound and picture"), err)
	}
	return nil
}
