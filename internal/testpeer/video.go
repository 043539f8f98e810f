package testpeer

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer/synth"
)

// Layer is one encoding of a video track.
type Layer struct {
	Rid           string // empty for a track of one layer, which is then told by its SSRC
	Width, Height int    // pixels
	Bitrate       int    // bit/s
}

// Simulcast are the three layers that a browser sends of a 720p camera, the smallest first.
func Simulcast() []Layer {
	return []Layer{
		{Rid: "r0", Width: 320, Height: 180, Bitrate: 150_000},
		{Rid: "r1", Width: 640, Height: 360, Bitrate: 500_000},
		{Rid: "r2", Width: 1280, Height: 720, Bitrate: 1_500_000},
	}
}

// VideoOptions says what a video track is like. The zero value is one layer of 1280×720 at 1.5 Mbit/s and 30 frames a
// second.
type VideoOptions struct {
	Layers        []Layer // the smallest first
	FPS           int     // frames a second
	MaxPayload    int     // bytes of payload in a packet; 0 means 1150
	Paused        bool    // at the start
	Group         string
	Seed          uint64 // of noise and sizes
	FirstSequence uint16 // of each layer; 0 picks one at random
}

const (
	defaultBitrate    = 1_500_000
	defaultFPS        = 30
	defaultMaxPayload = 1150
)

func (o VideoOptions) complete() (VideoOptions, error) {
	if len(o.Layers) == 0 {
		o.Layers = []Layer{{Width: defaultViewWidth, Height: defaultViewHeight, Bitrate: defaultBitrate}}
	}
	o.FPS = cmp.Or(o.FPS, defaultFPS)
	o.MaxPayload = cmp.Or(o.MaxPayload, defaultMaxPayload)
	for _, l := range o.Layers {
		const maxSide = 1<<14 - 1 // what a key frame's header can say
		if l.Width < 1 || l.Height < 1 || l.Width > maxSide || l.Height > maxSide || l.Bitrate < 1 {
			return o, fmt.Errorf("layer of %d×%d at %d bit/s", l.Width, l.Height, l.Bitrate)
		}
	}
	if o.FPS < 1 || o.FPS > 240 || o.MaxPayload < 100 || o.MaxPayload > 1400 {
		return o, fmt.Errorf("%d frames a second in packets of %d bytes", o.FPS, o.MaxPayload)
	}
	return o, nil
}

// Video is a published camera or screen.
type Video struct {
	*Track
	options VideoOptions
	layers  []*layer
	due     int // of allFrames, of the smallest layer's next frame; the sending goroutine's
}

// layer makes the frames of one stream of a Video.
type layer struct {
	stream *outgoing
	frames *synth.VP8
	off    atomic.Bool
	clock  uint32 // timestamp of the first frame
	buffer []byte
}

// PublishCamera starts to send a camera.
func (p *Peer) PublishCamera(ctx context.Context, o VideoOptions) (*Video, error) {
	return p.publishVideo(ctx, protocol.Camera, o)
}

// PublishScreen starts to share a screen.
func (p *Peer) PublishScreen(ctx context.Context, o VideoOptions) (*Video, error) {
	return p.publishVideo(ctx, protocol.Screen, o)
}

func (p *Peer) publishVideo(ctx context.Context, source protocol.Source, o VideoOptions) (*Video, error) {
	o, err := o.complete()
	if err != nil {
		return nil, fmt.Errorf("publish a %s: %w", source, err)
	}
	mid := p.nextMid()
	v := newVideo(newTrack(p), &p.send.sender, mid, o)
	p.send.sender.uplink.add(v.Track)
	err = v.publish(ctx, protocol.Produce{
		Kind: ortc.Video, Source: source, Paused: o.Paused, Group: o.Group, Size: size(o.Layers),
		RTPParameters: videoParameters(mid, v.streams, o.Layers),
	}, v.run)
	if err != nil {
		return nil, fmt.Errorf("publish a %s: %w", source, err)
	}
	return v, nil
}

// newVideo makes the layers of a track; o is complete.
func newVideo(t *Track, s *sender, mid string, o VideoOptions) *Video {
	v := &Video{Track: t, options: o}
	for i, l := range o.Layers {
		made := newLayer(s, mid, l, o, uint64(i))
		v.layers = append(v.layers, made)
		v.streams = append(v.streams, made.stream)
		v.costs = append(v.costs, l.cost(o))
	}
	return v
}

// cost is what a layer takes of a link, in bit/s.
func (l Layer) cost(o VideoOptions) uint64 {
	packets := (l.Bitrate/8/o.FPS + o.MaxPayload - 1) / o.MaxPayload
	return uint64(l.Bitrate + o.FPS*max(packets, 1)*overhead*8)
}

func newLayer(s *sender, mid string, l Layer, o VideoOptions, number uint64) *layer {
	made := &layer{
		stream: newOutgoing(s, outgoingConfig{
			ssrc: newSSRC(), rtxSSRC: newSSRC(), payloadType: typeVP8, rtxType: typeRTX, clockRate: videoClock,
			mid: mid, rid: l.Rid, sequence: sequenceOr(o.FirstSequence),
		}),
		frames: synth.NewVP8(synth.VP8Config{
			Width: l.Width, Height: l.Height, Bitrate: l.Bitrate, FPS: o.FPS, MaxPayload: o.MaxPayload,
			Seed: o.Seed + number,
		}),
		clock:  rand.Uint32(),
		buffer: make([]byte, 0, maxDatagram),
	}
	made.stream.wanted.Store(true)
	return made
}

// SetActive switches a layer on or off, as a browser does when bandwidth or the picture's size changes.
func (v *Video) SetActive(rid string, on bool) {
	for _, l := range v.layers {
		if l.stream.config.rid == rid {
			l.stream.wanted.Store(on)
			l.off.Store(!on)
		}
	}
}

// run sends a frame of each layer at the track's pace. All packets of a frame go out at once.
func (v *Video) run() {
	pace := time.NewTicker(time.Second / time.Duration(v.options.FPS))
	defer pace.Stop()
	start := time.Now()
	for {
		for i, l := range v.layers {
			if !l.off.Load() && v.sends(i) && (i > 0 || v.hasTurn()) {
				l.frame(start)
			}
		}
		select {
		case <-pace.C:
		case <-v.stop:
			return
		}
	}
}

// hasTurn tells whether the way up carries this frame of the smallest layer. As in a browser, those that are too many
// are left out before they are encoded.
func (v *Video) hasTurn() bool {
	if v.due += int(v.frames.Load()); v.due < allFrames {
		return false
	}
	v.due -= allFrames
	return true
}

// frame sends the frame of this moment, so long after the start. Its first packet is marked with the same moment, so
// that a receiver may compare timestamps with marks however busy this machine is.
func (l *layer) frame(start time.Time) {
	now := time.Now()
	timestamp := l.clock + uint32(int64(now.Sub(start))*(videoClock/1000)/int64(time.Millisecond))
	packets := l.frames.Next(l.stream.wanted.Swap(false))
	for i := range packets {
		if i > 0 {
			now = time.Now()
		}
		l.buffer = l.frames.Append(l.buffer[:0], i, now.UnixNano())
		l.stream.send(sentPacket{payload: l.buffer, timestamp: timestamp, marker: i == packets-1}, now)
	}
}
