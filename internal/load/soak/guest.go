package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// guest is who sits in one place of a room. One goroutine at a time has it.
type guest struct {
	room     *room
	seat     string
	resident bool
	dice     *rand.Rand
	visits   int

	peer   *testpeer.Peer // nil while the place is empty
	name   string
	slots  bool // receives the audio slots
	remb   bool // tells its bandwidth by REMB
	voice  *testpeer.Audio
	tracks map[protocol.Source]*track
	last   string // act
}

// track is something that a guest sends.
type track struct {
	*testpeer.Track
	video  *testpeer.Video // nil of a microphone
	paused bool
}

func (g *guest) String() string { return fmt.Sprintf("%s (%q, last act %q)", g.seat, g.name, g.last) }

// layers are of so few bits that many guests are no load.
func layers() []testpeer.Layer {
	return []testpeer.Layer{
		{Rid: "r0", Width: 320, Height: 180, Bitrate: 20_000},
		{Rid: "r1", Width: 640, Height: 360, Bitrate: 40_000},
		{Rid: "r2", Width: 1280, Height: 720, Bitrate: 80_000},
	}
}

const framesPerSecond = 8

// come joins, and sends a microphone and a camera.
func (g *guest) come(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	g.visits++
	g.name = fmt.Sprintf("%s.%d", g.seat, g.visits)
	o := testpeer.Options{
		URL: g.room.run.options.URL, Room: g.room.name, Name: g.name, Certificate: g.room.run.certificate,
		AutoSubscribe: true,
	}
	g.remb = false
	if !g.resident {
		o.TCP, o.AudioSlots = g.dice.IntN(5) == 0, g.dice.IntN(3) == 0
		switch g.dice.IntN(4) {
		case 0:
			o.Bandwidth, g.remb = generous, true
		case 1:
			o.Unanswering = true
		}
	}
	g.slots = o.AudioSlots
	peer, err := testpeer.Join(ctx, o)
	if err != nil {
		return err
	}
	g.peer, g.tracks = peer, make(map[protocol.Source]*track)
	return errors.Join(g.speak(ctx), g.film(ctx))
}

// generous is a bandwidth that carries everything, in bit/s.
const generous = 5_000_000

// speak sends a microphone.
func (g *guest) speak(ctx context.Context) error {
	audio, err := g.peer.PublishMicrophone(ctx, testpeer.AudioOptions{Seed: g.dice.Uint64(), Bitrate: 8000})
	if err != nil {
		return err
	}
	g.voice = audio
	g.tracks[protocol.Microphone] = &track{Track: audio.Track}
	return nil
}

// film sends a camera.
func (g *guest) film(ctx context.Context) error {
	o := testpeer.VideoOptions{FPS: framesPerSecond, Seed: g.dice.Uint64(), Layers: layers()}
	if g.dice.IntN(4) == 0 {
		o.Layers = []testpeer.Layer{{Width: 640, Height: 360, Bitrate: 40_000}}
	}
	video, err := g.peer.PublishCamera(ctx, o)
	if err != nil {
		return err
	}
	g.tracks[protocol.Camera] = &track{Track: video.Track, video: video}
	return nil
}

// leave leaves in good order, if anybody sits here.
func (g *guest) leave(ctx context.Context) {
	if g.peer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	if err := g.peer.Leave(ctx); err != nil {
		g.room.run.log.fault("%s cannot leave: %v", g, err)
	}
	g.peer, g.voice, g.tracks = nil, nil, nil
}

// live does so many things, one after the other.
func (g *guest) live(ctx context.Context, acts int) error {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for range acts {
		select {
		case <-pause.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		one := g.pick()
		g.last = one.name
		if err := g.do(ctx, one); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		g.room.run.log.did(one.name)
		pause.Reset(time.Duration(g.dice.Int64N(int64(g.room.run.options.Pause))))
	}
	return nil
}

func (g *guest) do(ctx context.Context, one act) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	return one.do(g, ctx)
}
