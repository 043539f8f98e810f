package quality

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
	"stube/internal/testpeer"
)

const (
	sentTime = time.Second      // in which a layer that is sent sends something
	backTime = 20 * time.Second // in which all layers must be sent again
)

// Narrowed is what became of a call in which somebody's way up doesn't carry all layers of their picture.
type Narrowed struct {
	Adapting Received       // what the others received from there in the time that it was given to adapt
	Received Received       // and afterwards
	Others   Received       // what the others received of each other, all the while
	Up       relay.Counters // of the way up, afterwards
	Lasted   time.Duration  // it
	Layers   int            // that were sent at the end
	Of       int            // layers
	Back     time.Duration  // from when all would be carried again until all were sent; 0: they weren't
}

// Uplink plays a meeting of three, of whom one, who sends what the way up carries, has this network on that way. For a
// while, while it may adapt, it is counted apart.
func Uplink(ctx context.Context, n *Network, up schedule.Profile, adapts, lasts time.Duration) (Narrowed, error) {
	bob, err := n.enter(ctx, testpeer.Options{Name: "Bob", Adaptive: true}, near(), near())
	if err != nil {
		return Narrowed{}, err
	}
	everybody := []person{bob}
	for _, name := range []string{"Alice", "Carol"} {
		p, err := n.join(ctx, name, near(), near())
		if err != nil {
			return Narrowed{}, err
		}
		everybody = append(everybody, p)
	}
	layers := testpeer.Simulcast()
	for _, p := range everybody {
		if err := p.publish(ctx, testpeer.VideoOptions{Layers: layers}); err != nil {
			return Narrowed{}, err
		}
	}
	for _, p := range everybody {
		if err := p.sees(ctx, len(everybody)-1); err != nil {
			return Narrowed{}, err
		}
	}
	narrowed := Narrowed{Of: len(layers)}
	err = narrowed.play(ctx, bob, everybody[1:], plan{up: up, calm: near(), adapts: adapts, lasts: lasts})
	return narrowed, err
}

// play narrows the way up of one for a while, and counts.
func (n *Narrowed) play(ctx context.Context, of person, others []person, p plan) error {
	if err := pause(ctx, settleTime); err != nil {
		return err
	}
	before, betweenBefore := receivedFrom(of.ID(), others)
	of.shape(p.up, p.calm)
	if err := pause(ctx, p.adapts); err != nil {
		return err
	}
	adapted, _ := receivedFrom(of.ID(), others)
	n.Adapting = adapted.since(before)
	upBefore, begun := of.network.Counters(relay.Up), time.Now()
	if err := pause(ctx, max(p.lasts-sentTime, 0)); err != nil {
		return err
	}
	sentBefore := of.sent()
	if err := pause(ctx, sentTime); err != nil {
		return err
	}
	n.Layers = more(of.sent(), sentBefore)
	n.Up, n.Lasted = of.network.Counters(relay.Up).Since(upBefore), time.Since(begun)
	last, _ := receivedFrom(of.ID(), others)
	of.shape(p.calm, p.calm)
	rise := time.Now()
	if err := pause(ctx, repairTime); err != nil {
		return err
	}
	one, rest := receivedFrom(of.ID(), others)
	n.Received, n.Others = one.since(adapted), rest.since(betweenBefore)
	n.Received.Picture.Heights = last.Picture.Heights
	return n.recover(ctx, of, rise)
}

// recover waits until all layers are sent again, but not for ever.
func (n *Narrowed) recover(ctx context.Context, of person, rise time.Time) error {
	within, cancel := context.WithDeadline(ctx, rise.Add(backTime))
	defer cancel()
	before := of.sent()
	err := of.Until(within, func() bool { return more(of.sent(), before) == n.Of })
	switch {
	case err == nil:
		n.Back = time.Since(rise)
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return nil
	}
	return err
}

// sent tells how many packets somebody sent of each layer of their picture, the smallest first.
func (p person) sent() (packets []uint64) {
	streams := slices.DeleteFunc(p.Stats().Sent, func(o testpeer.OutgoingStats) bool { return o.Rid == "" })
	slices.SortFunc(streams, func(a, b testpeer.OutgoingStats) int { return strings.Compare(a.Rid, b.Rid) })
	for _, o := range streams {
		packets = append(packets, o.Packets)
	}
	return packets
}

// more counts the layers of which more was sent than before.
func more(now, before []uint64) (layers int) {
	for i := range now {
		if now[i] > before[i] {
			layers++
		}
	}
	return layers
}
