package quality

import (
	"context"
	"time"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
	"stube/internal/testpeer"
)

const (
	settleTime = 2 * time.Second        // until layers are chosen and nothing starts any more
	repairTime = 700 * time.Millisecond // in which what was lost may still come
)

// Call is what became of a call.
type Call struct {
	Adapting  Received       // what came over the bad network in the time that it was given to adapt
	Good, Bad Received       // what those with a good and with a bad network received
	Down      relay.Counters // of the bad network, to its owner
	Up        relay.Counters // and from there
	Lasted    time.Duration
}

// Loss plays a call between somebody with a good network, who sends, and somebody whose network does this in both
// directions, who sends too.
func Loss(ctx context.Context, n *Network, bad schedule.Profile, lasts time.Duration) (Call, error) {
	alice, err := n.join(ctx, "Alice", near(), near())
	if err != nil {
		return Call{}, err
	}
	far := schedule.Profile{Delay: bad.Delay} // from the start: a way doesn't become longer within a call
	bob, err := n.join(ctx, "Bob", far, far)
	if err != nil {
		return Call{}, err
	}
	for _, p := range []person{alice, bob} {
		if err := p.publish(ctx, testpeer.VideoOptions{Layers: testpeer.Simulcast()}); err != nil {
			return Call{}, err
		}
	}
	for _, p := range []person{alice, bob} {
		if err := p.sees(ctx, 1); err != nil {
			return Call{}, err
		}
	}
	return play(ctx, alice, bob, plan{up: bad, down: bad, calm: far, lasts: lasts})
}

// Neighbours plays a webinar of one sender and two receivers, the one with a good network, the other with this one. For
// a while, while it may adapt, it is counted apart.
func Neighbours(ctx context.Context, n *Network, bad schedule.Profile, adapts, lasts time.Duration) (Call, error) {
	speaker, err := n.join(ctx, "Speaker", near(), near())
	if err != nil {
		return Call{}, err
	}
	if err := speaker.publish(ctx, testpeer.VideoOptions{Layers: testpeer.Simulcast()}); err != nil {
		return Call{}, err
	}
	var both [2]person
	for i, name := range []string{"Good", "Bad"} {
		if both[i], err = n.join(ctx, name, near(), near()); err != nil {
			return Call{}, err
		}
		if err := both[i].sees(ctx, 1); err != nil {
			return Call{}, err
		}
	}
	return play(ctx, both[0], both[1], plan{up: near(), down: bad, calm: near(), adapts: adapts, lasts: lasts})
}

// plan is how a bad network is, and for how long.
type plan struct {
	up, down      schedule.Profile
	calm          schedule.Profile // before and after
	adapts, lasts time.Duration
}

// play lets the bad network be bad for a while and counts. Then it is good again until what can be repaired is.
func play(ctx context.Context, good, bad person, p plan) (Call, error) {
	if err := pause(ctx, settleTime); err != nil {
		return Call{}, err
	}
	goodBefore, badBefore := good.received(), bad.received()
	bad.shape(p.up, p.down)
	if err := pause(ctx, p.adapts); err != nil {
		return Call{}, err
	}
	c := Call{Adapting: bad.received().since(badBefore), Lasted: p.lasts}
	badBefore = bad.received()
	upBefore, downBefore := bad.network.Counters(relay.Up), bad.network.Counters(relay.Down)
	good.resetPauses()
	bad.resetPauses()
	if err := pause(ctx, p.lasts); err != nil {
		return Call{}, err
	}
	c.Up = bad.network.Counters(relay.Up).Since(upBefore)
	c.Down = bad.network.Counters(relay.Down).Since(downBefore)
	heights := bad.received().Picture.Heights
	bad.shape(p.calm, p.calm)
	if err := pause(ctx, repairTime); err != nil {
		return Call{}, err
	}
	c.Good, c.Bad = good.received().since(goodBefore), bad.received().since(badBefore)
	c.Bad.Picture.Heights = heights
	return c, nil
}
