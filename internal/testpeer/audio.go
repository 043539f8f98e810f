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

// AudioOptions says what an audio track is like. The zero value is speech at 32 kbit/s.
type AudioOptions struct {
	Bitrate       int    // bit/s; 0 means 32000
	Level         uint8  // how loud at the start, in -dBov: 0 is the loudest; 0 here means 30
	DTX           bool   // send next to nothing while silent (level 127)
	Paused        bool   // at the start
	Seed          uint64 // of noise and sizes
	FirstSequence uint16 // 0 picks one at random
}

const (
	defaultAudioBitrate = 32_000
	defaultLevel        = 30
	silence             = 127 // RFC 6464 section 3

	packetTime     = 20 * time.Millisecond
	packetSamples  = audioClock / 50
	silencePackets = 20 // of 20 ms from one packet to the next with DTX: 400 ms, as libopus does
)

// Audio is a published microphone.
type Audio struct {
	*Track
	options AudioOptions
	packets *synth.Opus
	level   atomic.Uint32 // as RFC 6464 has it: the level, and V above it
	buffer  []byte
}

func (o AudioOptions) complete() (AudioOptions, error) {
	o.Bitrate = cmp.Or(o.Bitrate, defaultAudioBitrate)
	o.Level = cmp.Or(o.Level, defaultLevel)
	if o.Bitrate < 6000 || o.Bitrate > 510_000 {
		return o, fmt.Errorf("bitrate of %d bit/s: Opus has 6 to 510 kbit/s", o.Bitrate)
	}
	return o, nil
}

// PublishMicrophone starts to send a microphone.
func (p *Peer) PublishMicrophone(ctx context.Context, o AudioOptions) (*Audio, error) {
	o, err := o.complete()
	if err != nil {
		return nil, fmt.Errorf("publish a microphone: %w", err)
	}
	mid := p.nextMid()
	a := newAudio(newTrack(p), &p.send.sender, mid, o)
	err = a.publish(ctx, protocol.Produce{
		Kind: ortc.Audio, Source: protocol.Microphone, Paused: o.Paused,
		RTPParameters: audioParameters(mid, a.streams[0], o.DTX),
	}, a.run)
	if err != nil {
		return nil, fmt.Errorf("publish a microphone: %w", err)
	}
	return a, nil
}

// newAudio makes the stream of a track; o is complete.
func newAudio(t *Track, s *sender, mid string, o AudioOptions) *Audio {
	a := &Audio{
		Track: t, options: o, packets: synth.NewOpus(o.Bitrate, o.Seed), buffer: make([]byte, 0, maxDatagram),
	}
	a.SetLevel(o.Level, o.Level < silence)
	a.streams = []*outgoing{newOutgoing(s, outgoingConfig{
		ssrc: newSSRC(), payloadType: typeOpus, clockRate: audioClock, mid: mid,
		sequence: sequenceOr(o.FirstSequence),
	})}
	return a
}

// SetLevel makes the track louder or quieter: the level in -dBov, from 0, the loudest, to 127, silence; and whether
// it is a voice.
func (a *Audio) SetLevel(level uint8, voice bool) {
	value := uint32(min(level, silence))
	if voice {
		value |= 0x80
	}
	a.level.Store(value)
}

// run sends a packet each 20 ms. Timestamps follow the clock: what a busy machine didn't manage to send is missing.
func (a *Audio) run() {
	pace := time.NewTicker(packetTime)
	defer pace.Stop()
	start, clock := time.Now(), rand.Uint32()
	quiet, before := 0, -1
	for {
		now := time.Now()
		if tick := int((now.Sub(start) + packetTime/2) / packetTime); tick > before {
			level := uint8(a.level.Load())
			silent := a.options.DTX && level&^0x80 == silence
			if !silent {
				quiet = 0
			}
			if quiet%silencePackets == 0 {
				a.packet(clock+uint32(tick*packetSamples), level, silent, quiet == 0 && before < tick-1, now)
			}
			if silent {
				quiet++
			}
			before = tick
		}
		select {
		case <-pace.C:
		case <-a.stop:
			return
		}
	}
}

// packet sends one packet. The marker says that speech begins (RFC 3551 section 4.1).
func (a *Audio) packet(timestamp uint32, level uint8, silent, marker bool, now time.Time) {
	if silent {
		a.buffer = a.packets.AppendSilence(a.buffer[:0])
	} else {
		a.buffer = a.packets.Append(a.buffer[:0], now.UnixNano())
	}
	data := [1]byte{level}
	a.streams[0].send(sentPacket{payload: a.buffer, timestamp: timestamp, marker: marker, level: data[:]}, now)
}
