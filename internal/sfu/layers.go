package sfu

import (
	"time"

	"stube/internal/sfu/rtp"
)

const (
	// layerCount is how many spatial and how many temporal layers of a stream are told apart.
	layerCount = rtp.MaxLayer + 1
	// allLayers is the limit that leaves nothing out.
	allLayers = rtp.MaxLayer
	// anyLayer is the set of all temporal layers, by their bits.
	anyLayer = 1<<layerCount - 1
)

// position is where a packet stands among the layers of its stream.
type position struct {
	spatial, temporal uint8
	// A receiver that carries temporal layers up to needs may from this packet's frame on carry more: switches tells by
	// bits up to which.
	needs, switches uint8
	ends            bool // last packet of a frame of its spatial layer
	whole           bool // a VP8 frame in one packet
}

// locate reads which layers a packet belongs to, by the descriptor of its codec. recvMu is held.
func (s *stream) locate(k *packet, h *rtp.Header) (ok bool) {
	switch s.producer.codec {
	case rtp.VP8Codec:
		d, err := rtp.ParseVP8(k.payload)
		if err != nil && len(k.payload) > 0 {
			return false
		}
		k.vp8, k.keyFrame = d, d.KeyFrame
		k.locateVP8(h.Marker)
	case rtp.VP9Codec:
		d, err := rtp.ParseVP9(k.payload)
		if err == nil {
			k.keyFrame = d.KeyFrame
			k.locateVP9(d)
			s.spatials.Store(max(s.spatials.Load(), int32(min(d.Layers, layerCount))))
		}
	case rtp.AV1Codec:
		k.keyFrame = rtp.KeyFrame(rtp.AV1Codec, k.payload)
		if data := h.Extension(s.producer.extensions.dependencyDesc); len(data) > 0 {
			s.locateAV1(k, data)
		}
	default:
		k.keyFrame = rtp.KeyFrame(s.producer.codec, k.payload)
	}
	if k.keyFrame {
		k.needs, k.switches = 0, anyLayer
	}
	s.spatials.Store(max(s.spatials.Load(), int32(k.spatial)+1))
	s.layerBytes[k.spatial][k.temporal] += uint64(len(k.payload)) + wireOverhead
	return true
}

// locateVP8 goes by RFC 7741 section 4.2: a frame with the layer sync bit needs nothing but the base layer, but what
// follows may need the layer below it, so that one layer at a time is taken up.
func (k *packet) locateVP8(marker bool) {
	d := &k.vp8
	k.whole = d.Start && marker
	if !d.HasTID {
		return
	}
	k.temporal = min(d.TID, rtp.MaxLayer)
	if d.Sync && d.Start && k.temporal > 0 {
		k.needs, k.switches = k.temporal-1, 1<<k.temporal
	}
}

// locateVP9 goes by RFC 9628 section 4.2: after a picture with U no higher temporal layer needs one from before.
func (k *packet) locateVP9(d rtp.VP9) {
	if !d.HasLayers {
		return
	}
	k.spatial, k.temporal = min(d.SID, rtp.MaxLayer), min(d.TID, rtp.MaxLayer)
	k.ends = d.End
	if d.Switch && d.Begin {
		k.needs, k.switches = k.temporal, anyLayer
	}
}

// locateAV1 goes by the dependency descriptor. A packet whose descriptor cannot be read counts as of the base layer.
func (s *stream) locateAV1(k *packet, data []byte) {
	if s.templates == nil {
		s.templates = new(rtp.Templates)
	}
	d, err := s.templates.Parse(data)
	if err != nil {
		return
	}
	k.spatial, k.temporal, k.ends = d.Spatial, d.Temporal, d.End
	k.keyFrame = k.keyFrame || d.Structure && d.Start
	if d.Start {
		k.needs, k.switches = d.Temporal, d.Switches
	}
}

// switchUp tells the highest temporal layer up to which a receiver may go at the packet that carries the layers up to
// now and wants those up to want.
func (k *packet) switchUp(now, want uint8) uint8 {
	if k.needs > now {
		return now
	}
	for t := want; t > now; t-- {
		if k.switches&(1<<t) != 0 {
			return t
		}
	}
	return now
}

// measureLayers computes the bitrate of each layer over a time in which something came. They go up faster than down, as
// a rate that is thought too low floods a receiver. recvMu is held.
func (s *stream) measureLayers(passed int64) {
	if s.layerBytes == [layerCount][layerCount]uint64{} {
		return // what came back after a rest is likely to cost what it did
	}
	for i := range s.layerBytes {
		for j, bytes := range s.layerBytes[i] {
			before := s.rates[i][j].Load()
			now := bytes * 8 * uint64(time.Second) / uint64(passed)
			switch {
			case before == 0 || now == 0 && before < leastRate:
			case now > before:
				now = (before + now) / 2
			default:
				now = (7*before + now) / 8
			}
			s.rates[i][j].Store(now)
		}
	}
	s.layerBytes = [layerCount][layerCount]uint64{}
}

// leastRate is the bitrate in bit/s below which a layer that nothing comes of counts as gone.
const leastRate = 1000
