package sfu

import (
	"maps"
	"math"
	"slices"
	"time"

	"stube/internal/ortc"
)

// Survey is what there is in a Server at a moment, without whose it is.
type Survey struct {
	Routers      int
	Connections  int                  // open ICE-TCP connections
	Transports   [TransportClosed]int // by state
	Audio, Video Tracks
	// Estimates are what clients who receive video can take, in bit/s, as far as a limit is known.
	Estimates []float64
	// Unlimited is how many receive video and no limit is known for.
	Unlimited int
	// SoundOnly is how many receive no video because their ways carry too little.
	SoundOnly int
	// Queues are by how many seconds video comes later than it could, for clients that tell when packets came.
	Queues []float64
	// RoundTrips are the times to a client and back, in seconds, of clients that reported.
	RoundTrips []float64
	// LossOut are the shares of packets that clients reported as missing of what they are sent, the largest of each.
	LossOut []float64
	// LossIn are the shares of packets that are missing of what clients send, the largest of each.
	LossIn []float64
}

// Tracks counts the tracks of one kind of media.
type Tracks struct {
	Producers int
	Paused    int            // producers that are
	Live      [maxLayers]int // streams on which packets come, by layer
	Carried   [maxLayers]int // consumers by the layer that they carry
	Idle      int            // consumers that carry nothing
	Limited   int            // consumers that carry less than their view would take, because of the network
}

// Survey looks at all that there is now. It takes each transport's locks once, for a moment.
func (s *Server) Survey() Survey {
	s.mu.Lock()
	routers := slices.Collect(maps.Keys(s.routers))
	v := Survey{Routers: len(routers), Connections: len(s.connections)}
	s.mu.Unlock()
	now := s.now()
	for _, r := range routers {
		r.mu.Lock()
		transports := slices.Collect(maps.Keys(r.transports))
		producers := slices.Collect(maps.Values(r.producers))
		r.mu.Unlock()
		for _, p := range producers {
			v.tracks(p).count(p, now)
		}
		for _, t := range transports {
			v.receiving(t)
			v.sending(t, now)
		}
	}
	return v
}

func (v *Survey) tracks(p *Producer) *Tracks {
	if p.kind == ortc.Audio {
		return &v.Audio
	}
	return &v.Video
}

func (k *Tracks) count(p *Producer, now int64) {
	k.Producers++
	if p.silenced.Load() {
		k.Paused++
	}
	for _, s := range p.streams {
		if s.live(now) {
			k.Live[s.layer]++
		}
	}
}

// receiving looks at what a client sends.
func (v *Survey) receiving(t *Transport) {
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	var loss uint8
	reported := false
	for _, in := range t.inbound {
		if !in.rtx && in.stream.started {
			loss, reported = max(loss, in.stream.recentLoss), true
		}
	}
	if reported {
		v.LossIn = append(v.LossIn, float64(loss)/256)
	}
}

// sending looks at what a client is sent.
func (v *Survey) sending(t *Transport, now int64) {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if int(t.state) < len(v.Transports) {
		v.Transports[t.state]++
	}
	var loss uint8
	var rtt int64
	watches := false
	for _, c := range t.consumers {
		k := v.tracks(c.producer)
		if c.stream != nil {
			k.Carried[c.carried()]++
		} else {
			k.Idle++
		}
		if c.limited {
			k.Limited++
		}
		watches = watches || c.video() && (c.limited || !c.idle())
		loss, rtt = max(loss, c.receiver.fraction), max(rtt, c.receiver.rtt)
	}
	if rtt > 0 {
		v.RoundTrips = append(v.RoundTrips, time.Duration(rtt).Seconds())
		v.LossOut = append(v.LossOut, float64(loss)/256)
	}
	if s := t.congestion.sender; s != nil && s.Heard() {
		v.Queues = append(v.Queues, time.Duration(s.Queue(now)).Seconds())
	}
	if watches && bool(t.congestion.famine) {
		v.SoundOnly++
	}
	switch {
	case !watches:
	case t.estimate == math.MaxUint64:
		v.Unlimited++
	default:
		v.Estimates = append(v.Estimates, float64(t.estimate))
	}
}
