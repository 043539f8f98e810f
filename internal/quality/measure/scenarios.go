package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stube/internal/quality"
	"stube/internal/relay/schedule"
)

const (
	wide      = 3_000_000 // bit/s
	narrow    = 500_000
	lossAim   = 0.01                   // of sound, after repair
	downAim   = 2 * time.Second        // to adapt to a link that falls
	backAim   = 8 * time.Second        // to be back when it rises
	shareAim  = 0.85                   // of a link
	waitAim   = 100 * time.Millisecond // added by the queue
	pauseAim  = time.Second            // without media on a change of networks
	sleepTime = 10 * time.Second
	awayTime  = 5 * time.Second
	adaptTime = 3 * time.Second
)

func scenarios(s settings) []scenario {
	const nobody = "delay=20ms "
	return []scenario{
		lossy("1 % loss", nobody+"loss=1%", s.lasts),
		lossy("5 % loss", nobody+"loss=5%", s.lasts),
		lossy("5 % loss in bursts of 5 packets", nobody+"burst=5%x5", s.lasts),
		lossy("100 ms, and up to 30 ms of jitter", "delay=100ms jitter=30ms", s.lasts),
		lossy("2 % of packets overtaken by 15 ms", nobody+"reorder=2%+15ms", s.lasts),
		tooFar(lossy("5 % loss at 150 ms", "delay=150ms loss=5%", s.lasts)),
		{
			fmt.Sprintf("downlink %s → %s → %s Mbit/s", mega(wide), mega(narrow), mega(wide)),
			func(ctx context.Context, n *quality.Network) ([]figure, error) {
				f, err := quality.Fall(ctx, n, wide, narrow, s.phases)
				return falling(f), err
			},
		},
		neighbours("downlink 250 kbit/s", nobody+"rate=250k queue=300ms", s.lasts),
		neighbours("downlink 400 kbit/s with 5 % loss", nobody+"rate=400k queue=300ms loss=5%", s.lasts),
		uplink("uplink 300 kbit/s", nobody+"rate=300k queue=300ms", s.lasts),
		moving("another network, same ICE session", true, quality.NewAddress),
		moving("another network, ICE restarts", true, quality.NewSession),
		moving("a router forgets the way, and nobody knows", true, quality.Forgotten),
		moving("no media for 5 s, then ICE restarts", false, lasting(quality.MediaLost, awayTime)),
		moving("no socket for 5 s", true, lasting(quality.SocketLost, awayTime)),
		moving("a laptop sleeps for 10 s", false, lasting(quality.Sleep, sleepTime)),
	}
}

// profile is what a text says that was written here.
func profile(text string) (schedule.Profile, error) {
	s, err := schedule.Parse(text)
	return s.Profile(0), err
}

// lossy is a call of two, of whom one has this network in both directions.
func lossy(name, network string, lasts time.Duration) scenario {
	return scenario{name, func(ctx context.Context, n *quality.Network) ([]figure, error) {
		p, err := profile(network)
		if err != nil {
			return nil, err
		}
		c, err := quality.Loss(ctx, n, p, lasts)
		return []figure{
			missing("sound missing after repair, on the way to them", c.Bad.Sound.Missing()),
			missing("and on the way from them", c.Good.Sound.Missing()),
			plain("pictures' packets missing after repair, to them and from them",
				percent(c.Bad.Picture.Missing())+" and "+percent(c.Good.Picture.Missing())),
			plain("the picture stood still, there and here", frozen(c.Bad.Picture)+" and "+frozen(c.Good.Picture)),
			plain("sent again by the server in vain, to them and to the other",
				fmt.Sprintf("%d and %d of %d and %d packets", c.Bad.Picture.Redundant, c.Good.Picture.Redundant,
					c.Bad.Picture.Packets, c.Good.Picture.Packets)),
		}, err
	}}
}

// tooFar takes the aims off a scenario in which an answer to a request comes later than anybody waits.
func tooFar(s scenario) scenario {
	return scenario{s.name, func(ctx context.Context, n *quality.Network) ([]figure, error) {
		figures, err := s.play(ctx, n)
		for i := range figures {
			figures[i].aim = ""
		}
		return figures, err
	}}
}

// neighbours is a call with two receivers, of whom one has this network on the way down.
func neighbours(name, network string, lasts time.Duration) scenario {
	return scenario{name, func(ctx context.Context, n *quality.Network) ([]figure, error) {
		p, err := profile(network)
		if err != nil {
			return nil, err
		}
		c, err := quality.Neighbours(ctx, n, p, adaptTime, lasts)
		return []figure{
			missing("sound missing after repair", c.Bad.Sound.Missing()),
			plain("and in the 3 s in which it adapts", percent(c.Adapting.Sound.Missing())),
			plain("height of the picture at the end", heights(c.Bad.Picture)),
			plain("the picture stood still", frozen(c.Bad.Picture)),
			plain("share of the link that was used", percent(float64(c.Down.Bytes)*8/c.Lasted.Seconds()/float64(p.Rate))),
			within("waited in the queue, 90 of 100 packets", c.Down.Queued.Quantile(0.9), waitAim),
			plain("dropped by the queue", fmt.Sprintf("%d of %d packets", c.Down.Dropped, c.Down.Packets)),
			{
				what: "the other receiver, with a good network, misses", value: fmt.Sprintf("%d packets; picture stood still %s",
					c.Good.Sound.Lost+c.Good.Picture.Lost, frozen(c.Good.Picture)),
				aim: "nothing", met: c.Good.Sound.Lost+c.Good.Picture.Lost+int64(c.Good.Picture.Freezes) == 0,
			},
		}, err
	}}
}

// uplink is a meeting of three, of whom one has this network on the way up and sends what it carries.
func uplink(name, network string, lasts time.Duration) scenario {
	return scenario{name, func(ctx context.Context, n *quality.Network) ([]figure, error) {
		p, err := profile(network)
		if err != nil {
			return nil, err
		}
		c, err := quality.Uplink(ctx, n, p, adaptTime, lasts)
		lost := c.Others.Sound.Lost + c.Others.Picture.Lost
		return []figure{
			missing("sound of them missing after repair, at the others", c.Received.Sound.Missing()),
			plain("and in the 3 s in which it adapts", percent(c.Adapting.Sound.Missing())),
			plain("layers sent at the end, and the height of the picture at the others",
				fmt.Sprintf("%d of %d; %s", c.Layers, c.Of, heights(c.Received.Picture))),
			plain("their picture stood still at the two others, in these 3 s and afterwards",
				frozen(c.Adapting.Picture)+" and "+frozen(c.Received.Picture)),
			plain("share of the link that was used", percent(float64(c.Up.Bytes)*8/c.Lasted.Seconds()/float64(p.Rate))),
			within("waited in the queue, 90 of 100 packets", c.Up.Queued.Quantile(0.9), waitAim),
			plain("dropped by the queue", fmt.Sprintf("%d of %d packets", c.Up.Dropped, c.Up.Packets)),
			within("all layers are sent again, once there is no limit, after", c.Back, backAim),
			{
				what: "the others, of each other, miss", value: fmt.Sprintf("%d packets; pictures stood still %s",
					lost, frozen(c.Others.Picture)),
				aim: "nothing", met: lost+int64(c.Others.Picture.Freezes) == 0,
			},
		}, err
	}}
}

func falling(f quality.Falling) []figure {
	return []figure{
		within("adapts down", f.Down, downAim),
		within("is back", f.Back, backAim),
		above("share of the link that was used before, within and after", shareAim, f.Before, f.Within, f.After),
		within("waited in the queue, 90 of 100 packets", f.Queue90, waitAim),
		plain("and 99 of 100", f.Queue99.Round(time.Millisecond).String()),
		plain("dropped by the queue", fmt.Sprintf("%d of %d packets", f.Dropped,
			f.Received.Sound.Packets+f.Received.Picture.Packets+f.Dropped)),
		plain("sound missing after repair, all the while", percent(f.Received.Sound.Missing())),
		plain("pictures stood still, of ten", frozen(f.Received.Picture)),
	}
}

// move plays a call in which somebody's network changes.
type move func(context.Context, *quality.Network) (quality.Moved, error)

// lasting is a move that takes so long.
func lasting(play func(context.Context, *quality.Network, time.Duration) (quality.Moved, error), d time.Duration) move {
	return func(ctx context.Context, n *quality.Network) (quality.Moved, error) { return play(ctx, n, d) }
}

// moving is a call of two, of whom one loses the network or the socket. quick says that it need not be noticed.
func moving(name string, quick bool, play move) scenario {
	return scenario{name, func(ctx context.Context, n *quality.Network) ([]figure, error) {
		m, err := play(ctx, n)
		longest := max(m.Received, m.Sent, m.Picture)
		pause := plain("longest pause of sound and picture, either way", longest.Round(time.Millisecond).String())
		if quick {
			pause = within(pause.what, longest, pauseAim)
		}
		return []figure{
			pause,
			within("both ways flow again after", m.Back, pauseAim),
			plain("a decoder would stumble", fmt.Sprintf("%d times", m.Joined)),
		}, err
	}}
}

func heights(m quality.Media) string {
	var all []string
	for _, h := range m.Heights {
		all = append(all, fmt.Sprint(h))
	}
	return strings.Join(all, ", ")
}
