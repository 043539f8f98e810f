package quality

import (
	"context"
	"fmt"
	"time"

	"stube/internal/relay/schedule"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// Moved is what became of a call in which somebody's network changed.
type Moved struct {
	Received, Sent time.Duration // the longest pause between packets of sound that they received and that they sent
	Picture        time.Duration // and of the picture that they received
	Back           time.Duration // from when the network or the socket was there again until both ways carried packets
	Joined         uint64        // what a decoder would have stumbled over
}

// pair is two people who see and hear each other.
type pair struct {
	network *Network
	alice   person
	bob     person // whose network changes
}

func meet(ctx context.Context, n *Network) (pair, error) {
	p := pair{network: n}
	var err error
	if p.alice, err = n.join(ctx, "Alice", near(), near()); err != nil {
		return p, err
	}
	if p.bob, err = n.join(ctx, "Bob", near(), near()); err != nil {
		return p, err
	}
	for _, one := range []person{p.alice, p.bob} {
		if err := one.publish(ctx, testpeer.VideoOptions{}); err != nil {
			return p, err
		}
	}
	for _, one := range []person{p.alice, p.bob} {
		if err := one.sees(ctx, 1); err != nil {
			return p, err
		}
	}
	if err := pause(ctx, time.Second); err != nil {
		return p, err
	}
	p.alice.resetPauses()
	p.bob.resetPauses()
	return p, nil
}

// flows waits until both have received so many more packets of sound and of the picture.
func (p pair) flows(ctx context.Context, packets uint64) error {
	for _, one := range []person{p.alice, p.bob} {
		before := one.received()
		err := one.Until(ctx, func() bool {
			now := one.received()
			return now.Sound.Packets >= before.Sound.Packets+packets &&
				now.Picture.Packets >= before.Picture.Packets+packets
		})
		if err != nil {
			return fmt.Errorf("wait for media: %w", err)
		}
	}
	return nil
}

// judge counts when media flows again, since a moment.
func (p pair) judge(ctx context.Context, since time.Time) (Moved, error) {
	if err := p.flows(ctx, 1); err != nil {
		return Moved{}, err
	}
	back := time.Since(since)
	if err := p.flows(ctx, 50); err != nil {
		return Moved{}, err
	}
	bob, alice := p.bob.received(), p.alice.received()
	return Moved{
		Received: bob.Sound.Pause, Picture: bob.Picture.Pause, Sent: alice.Sound.Pause, Back: back,
		Joined: bob.Sound.Broken + bob.Picture.Broken + alice.Sound.Broken + alice.Picture.Broken,
	}, nil
}

// leaveNetwork has all that Bob's old network carries get lost, and gives him another one for what begins now.
func (p pair) leaveNetwork() {
	lost := schedule.Profile{Loss: 1}
	p.bob.shape(lost, lost)
	mobile := p.network.relay.Client("mobile")
	p.network.relay.Assign(p.bob.address, mobile)
	person{network: mobile}.shape(near(), near())
}

// NewAddress plays a change from one network to another at which the client keeps its ICE session: the old way is gone
// at once, checks begin on the new one.
func NewAddress(ctx context.Context, n *Network) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	p.leaveNetwork()
	start := time.Now()
	if err := p.bob.MovePath(ctx); err != nil {
		return Moved{}, err
	}
	return p.judge(ctx, start)
}

// NewSession plays the same with a restart of ICE, which asks the server over the socket first.
func NewSession(ctx context.Context, n *Network) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	p.leaveNetwork()
	start := time.Now()
	if err := p.bob.RestartICE(ctx); err != nil {
		return Moved{}, err
	}
	return p.judge(ctx, start)
}

// Forgotten plays a router that forgets the flows, so that the server sees other addresses, without anybody's knowing.
func Forgotten(ctx context.Context, n *Network) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	start := time.Now()
	if err := p.bob.network.Move(); err != nil {
		return Moved{}, fmt.Errorf("move: %w", err)
	}
	return p.judge(ctx, start)
}

// MediaLost plays a while without media under a living socket, and then a restart of ICE.
func MediaLost(ctx context.Context, n *Network, lasts time.Duration) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	lost := schedule.Profile{Loss: 1}
	p.bob.shape(lost, lost)
	if err := pause(ctx, lasts); err != nil {
		return Moved{}, err
	}
	p.bob.shape(near(), near())
	start := time.Now()
	if err := p.bob.RestartICE(ctx); err != nil {
		return Moved{}, err
	}
	return p.judge(ctx, start)
}

// SocketLost plays a while without a socket under living media, and then its resuming.
func SocketLost(ctx context.Context, n *Network, lasts time.Duration) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	p.bob.DropSocket()
	err = p.alice.Until(ctx, func() bool {
		bob, _ := p.alice.Room().Participant("Bob")
		return bob.Connection == protocol.Reconnecting
	})
	if err != nil {
		return Moved{}, fmt.Errorf("wait until the socket is missed: %w", err)
	}
	if err := pause(ctx, lasts); err != nil {
		return Moved{}, err
	}
	start := time.Now()
	if err := p.bob.Resume(ctx); err != nil {
		return Moved{}, err
	}
	return p.judge(ctx, start)
}

// Sleep plays a laptop that sleeps for a while: neither socket nor media; when it wakes both are taken up anew.
func Sleep(ctx context.Context, n *Network, lasts time.Duration) (Moved, error) {
	p, err := meet(ctx, n)
	if err != nil {
		return Moved{}, err
	}
	p.bob.DropSocket()
	lost := schedule.Profile{Loss: 1}
	p.bob.shape(lost, lost)
	if err := pause(ctx, lasts); err != nil {
		return Moved{}, err
	}
	p.leaveNetwork()
	start := time.Now()
	if err := p.bob.Resume(ctx); err != nil {
		return Moved{}, err
	}
	if err := p.bob.RestartICE(ctx); err != nil {
		return Moved{}, err
	}
	return p.judge(ctx, start)
}
