package soak

import (
	"context"
	"fmt"
	"time"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// act is something that a visitor does.
type act struct {
	name   string
	weight int
	do     func(*guest, context.Context) error
}

// acts are all that a visitor may do. Vanishing is left out where nobody may.
func acts() []act {
	return []act{
		{"mutes or unmutes", 10, (*guest).mute},
		{"covers or uncovers the camera", 6, (*guest).cover},
		{"switches the camera off or on", 8, (*guest).switchCamera},
		{"shares a screen or stops", 5, (*guest).shareScreen},
		{"looks at something else", 12, (*guest).look},
		{"sends other layers", 8, (*guest).sendLayers},
		{"stops receiving something", 6, (*guest).stopReceiving},
		{"restarts ICE", 6, (*guest).restartICE},
		{"moves to another address", 4, (*guest).move},
		{"loses the socket and resumes", 6, (*guest).loseSocket},
		{"resumes beside a living socket", 2, (*guest).resume},
		{"has another network", 8, (*guest).changeNetwork},
		{"becomes louder or quieter", 4, (*guest).changeLevel},
		{"takes another name", 3, (*guest).rename},
		{"raises or lowers a hand", 3, (*guest).raiseHand},
		{"writes", 3, (*guest).write},
		{"reacts", 3, (*guest).react},
		{"leaves and comes again", 6, (*guest).comeAgain},
		{vanishing, 3, (*guest).vanish},
	}
}

const vanishing = "vanishes, and somebody else comes"

// pick throws the dice for an act.
func (g *guest) pick() act {
	all, sum := acts(), 0
	for i, a := range all {
		if a.name == vanishing && !g.room.run.options.Vanish {
			all = append(all[:i], all[i+1:]...)
			break
		}
	}
	for _, a := range all {
		sum += a.weight
	}
	at := g.dice.IntN(sum)
	for _, a := range all {
		if at -= a.weight; at < 0 {
			return a
		}
	}
	return all[0]
}

func (g *guest) mute(ctx context.Context) error { return g.toggle(ctx, protocol.Microphone) }

func (g *guest) cover(ctx context.Context) error { return g.toggle(ctx, protocol.Camera) }

// toggle pauses or resumes what is sent, if it is.
func (g *guest) toggle(ctx context.Context, source protocol.Source) error {
	t := g.tracks[source]
	if t == nil {
		return nil
	}
	t.paused = !t.paused
	if t.paused {
		return t.Pause(ctx)
	}
	return t.Resume(ctx)
}

func (g *guest) switchCamera(ctx context.Context) error {
	if g.tracks[protocol.Camera] == nil {
		return g.film(ctx)
	}
	return g.stop(ctx, protocol.Camera)
}

func (g *guest) shareScreen(ctx context.Context) error {
	if g.tracks[protocol.Screen] != nil {
		return g.stop(ctx, protocol.Screen)
	}
	video, err := g.peer.PublishScreen(ctx, testpeer.VideoOptions{
		FPS: framesPerSecond / 2, Seed: g.dice.Uint64(),
		Layers: []testpeer.Layer{{Width: 1920, Height: 1080, Bitrate: 60_000}},
	})
	if err != nil {
		return err
	}
	g.tracks[protocol.Screen] = &track{Track: video.Track, video: video}
	return nil
}

func (g *guest) stop(ctx context.Context, source protocol.Source) error {
	t := g.tracks[source]
	delete(g.tracks, source)
	return t.Close(ctx)
}

// look shows some of the videos, in any sizes.
func (g *guest) look(ctx context.Context) error {
	var items []protocol.ViewItem
	for _, c := range g.peer.Consumers() {
		if c.Kind() == "video" && g.dice.IntN(3) > 0 {
			height := uint16(90 << g.dice.IntN(4))
			items = append(items, protocol.ViewItem{
				ConsumerID: c.ID(), Size: protocol.Size{Width: height * 16 / 9, Height: height},
				Priority: protocol.PriorityTile,
			})
		}
	}
	return g.peer.View(ctx, items...)
}

// sendLayers switches a camera's layers off and on, as browsers do. The lowest stays: a browser sends something.
func (g *guest) sendLayers(context.Context) error {
	if t := g.tracks[protocol.Camera]; t != nil {
		for _, rid := range []string{"r1", "r2"} {
			t.video.SetActive(rid, g.dice.IntN(2) == 0)
		}
	}
	return nil
}

// stopReceiving closes one of what is received. It is asked for again with the next change in the room.
func (g *guest) stopReceiving(ctx context.Context) error {
	for _, c := range g.peer.Consumers() {
		return g.peer.CloseConsumers(ctx, c)
	}
	return nil
}

func (g *guest) restartICE(ctx context.Context) error { return g.peer.RestartICE(ctx) }

func (g *guest) move(ctx context.Context) error { return g.peer.MovePath(ctx) }

// loseSocket is without a socket for a moment.
func (g *guest) loseSocket(ctx context.Context) error {
	g.peer.DropSocket()
	away := time.NewTimer(time.Duration(g.dice.Int64N(int64(g.room.run.options.Pause))))
	defer away.Stop()
	select {
	case <-away.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return g.peer.Resume(ctx)
}

func (g *guest) resume(ctx context.Context) error { return g.peer.Resume(ctx) }

// changeNetwork loses up to a fifth of the packets in either direction, or none.
func (g *guest) changeNetwork(context.Context) error {
	loss := func() testpeer.Loss { return testpeer.Loss{Rate: float64(g.dice.IntN(3)) / 10, Seed: g.dice.Uint64()} }
	g.peer.SetUplink(loss())
	g.peer.SetDownlink(loss())
	if g.remb {
		g.peer.SetBandwidth(uint64(generous >> g.dice.IntN(8)))
	}
	return nil
}

func (g *guest) changeLevel(context.Context) error {
	level := uint8(g.dice.IntN(128))
	g.voice.SetLevel(level, level < 100)
	return nil
}

func (g *guest) rename(ctx context.Context) error {
	g.name = fmt.Sprintf("%s.%d %x", g.seat, g.visits, g.dice.Uint32())
	return g.peer.Rename(ctx, g.name)
}

func (g *guest) raiseHand(ctx context.Context) error {
	request := protocol.RaiseHand{Raised: g.dice.IntN(2) == 0}
	return g.peer.Call(ctx, protocol.MethodRaiseHand, request, &protocol.Empty{})
}

func (g *guest) write(ctx context.Context) error {
	request := protocol.SendChat{Text: fmt.Sprintf("It is %d o'clock.", g.dice.IntN(24))}
	return g.peer.Call(ctx, protocol.MethodSendChat, request, &protocol.ChatSent{})
}

func (g *guest) react(ctx context.Context) error {
	return g.peer.Call(ctx, protocol.MethodReact, protocol.React{Reaction: protocol.Applause}, &protocol.Empty{})
}

func (g *guest) comeAgain(ctx context.Context) error {
	g.leave(ctx)
	return g.come(ctx)
}

// vanish goes without a word.
func (g *guest) vanish(ctx context.Context) error {
	g.peer.Close()
	return g.come(ctx)
}
