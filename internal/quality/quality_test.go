package quality_test

import (
	"context"
	"testing"
	"time"

	"stube/internal/quality"
	"stube/internal/relay/schedule"
)

// These tests count packets and ask for nothing in time: how fast things are `make quality` measures.

const playTime = 3 * time.Second

// clean fails when media isn't what was sent, or more than one of a hundred packets never came.
func clean(t *testing.T, what string, m quality.Media) {
	t.Helper()
	if m.Packets == 0 || m.Broken != 0 {
		t.Errorf("%s: %d packets, %d broken", what, m.Packets, m.Broken)
	}
	if m.Lost*100 >= int64(m.Packets) {
		t.Errorf("%s: %d packets are missing after repair, %d came", what, m.Lost, m.Packets)
	}
}

func TestFivePercentLossAreRepaired(t *testing.T) {
	ctx, n := open(t)
	c, err := quality.Loss(ctx, n, schedule.Profile{Delay: 20 * time.Millisecond, Loss: 0.05}, playTime)
	if err != nil {
		t.Fatal(err)
	}
	if c.Up.Lost < 10 || c.Down.Lost < 10 {
		t.Errorf("%d packets were lost up and %d down: the test tests nothing", c.Up.Lost, c.Down.Lost)
	}
	clean(t, "sound to the bad network", c.Bad.Sound)
	clean(t, "sound from there", c.Good.Sound)
	clean(t, "the picture to the bad network", c.Bad.Picture)
	clean(t, "the picture from there", c.Good.Picture)
}

func TestABadNeighbourIsNotNoticed(t *testing.T) {
	ctx, n := open(t)
	bad := schedule.Profile{Delay: 100 * time.Millisecond, Loss: 0.1, Rate: 400_000}
	c, err := quality.Neighbours(ctx, n, bad, 0, playTime)
	if err != nil {
		t.Fatal(err)
	}
	if c.Down.Lost+c.Down.Dropped < 10 {
		t.Errorf("the bad network lost %d packets: the test tests nothing", c.Down.Lost+c.Down.Dropped)
	}
	for what, m := range map[string]quality.Media{"sound": c.Good.Sound, "the picture": c.Good.Picture} {
		if m.Packets == 0 || m.Lost != 0 || m.Broken != 0 {
			t.Errorf("with the good network %s has %+v", what, m)
		}
	}
	if h := c.Good.Picture.Heights; len(h) != 1 || h[0] != 720 {
		t.Errorf("with the good network the picture is %v high", h)
	}
}

func TestANarrowWayUpIsFollowed(t *testing.T) {
	ctx, n := open(t)
	up := schedule.Profile{Delay: 20 * time.Millisecond, Rate: 300_000, Queue: 300 * time.Millisecond}
	c, err := quality.Uplink(ctx, n, up, playTime, playTime)
	if err != nil {
		t.Fatal(err)
	}
	if c.Layers != 1 || c.Of != 3 {
		t.Errorf("%d of %d layers are sent in the end, want 1 of 3", c.Layers, c.Of)
	}
	if c.Back == 0 {
		t.Error("not all layers came back")
	}
	clean(t, "sound from there", c.Received.Sound)
	if h := c.Received.Picture.Heights; len(h) != 2 || h[0] != 180 || h[1] != 180 {
		t.Errorf("the others see a picture %v high, want 180 twice", h)
	}
	for what, m := range map[string]quality.Media{"sound": c.Others.Sound, "the picture": c.Others.Picture} {
		if m.Packets == 0 || m.Lost != 0 || m.Broken != 0 {
			t.Errorf("between the others %s has %+v", what, m)
		}
	}
}

func TestMediaSurvivesChangesOfTheNetwork(t *testing.T) {
	const away = 500 * time.Millisecond
	lasting := func(
		play func(context.Context, *quality.Network, time.Duration) (quality.Moved, error),
	) func(context.Context, *quality.Network) (quality.Moved, error) {
		return func(ctx context.Context, n *quality.Network) (quality.Moved, error) { return play(ctx, n, away) }
	}
	for name, play := range map[string]func(context.Context, *quality.Network) (quality.Moved, error){
		"another address":         quality.NewAddress,
		"another session":         quality.NewSession,
		"another port, unnoticed": quality.Forgotten,
		"no media for a while":    lasting(quality.MediaLost),
		"no socket for a while":   lasting(quality.SocketLost),
		"asleep, and woken again": lasting(quality.Sleep),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, n := open(t)
			m, err := play(ctx, n)
			if err != nil {
				t.Fatal(err) // media didn't come back
			}
			if m.Joined != 0 {
				t.Errorf("a decoder would have stumbled %d times", m.Joined)
			}
		})
	}
}
