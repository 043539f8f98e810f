package sfu

import (
	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/speaker"
)

// prerollPackets is how many packets from before a voice got its slot are handed on with the first one: the beginning
// of a word is soft.
const prerollPackets = 3

// voice is what a Producer of audio needs to be heard among many.
type voice struct {
	slotted bool // it goes out by the audio slots too

	// Guarded by the transport's recvMu.
	*speaker.Voice // nil before the first packet and while paused
	nextClaim      int64
}

// heard passes the loudness of an audio packet to the router's speaker detection. recvMu is held.
func (p *Producer) heard(h *rtp.Header, now int64) {
	level, _, ok := rtp.AudioLevel(h.Extension(p.extensions.audioLevel))
	if p.extensions.audioLevel == 0 || !ok {
		level = quietest
	}
	if p.voice.Voice == nil {
		if p.silenced.Load() { // else it would stay with the speakers
			return
		}
		p.voice.Voice = p.router.speakers.Join(p.id)
	}
	loud := p.voice.Observe(level, now)
	if p.slotted && p.holding.Load() == nil {
		p.router.slots.claim(p, loud, now)
	}
}

// quietest is the level of silence (RFC 6464 section 3).
const quietest = 127

// hushed takes a Producer that fell silent out of the speakers and their slots. No lock is held.
func (r *Router) hushed(p *Producer) {
	if p.kind != ortc.Audio {
		return
	}
	r.slots.release(p)
	p.transport.recvMu.Lock()
	v := p.voice.Voice
	p.voice.Voice = nil
	p.transport.recvMu.Unlock()
	if v != nil {
		r.speakers.Leave(v)
	}
}

// speak hands the group of packets in the pipeline, all of stream s, to those who consume the slot that its Producer
// holds.
func (p *pipeline) speak(s *stream, h *holding) {
	if !h.begun.Swap(true) {
		p.recall(s)
	}
	owner := s.producer.transport.config.Owner
	consumers := *h.carrier.consumers.Load()
	for i := -aheadOf; i < len(consumers); i++ {
		ahead(consumers, i, anyStream)
		c := wanting(consumers, i, anyStream)
		if c != nil && (owner == "" || c.transport.config.Owner != owner) {
			c.voice(p, s, h.generation)
		}
	}
	clear(p.preroll) // else they would keep their meeting in memory after its end
	p.preroll = p.preroll[:0]
}

// recall collects what was said just before the group.
func (p *pipeline) recall(s *stream) {
	first := p.group[0].sequence
	for _, k := range p.group {
		first = min(first, k.sequence)
	}
	for sequence := first - prerollPackets; sequence < first; sequence++ {
		k := &packet{stream: s, sequence: sequence}
		buffer := make([]byte, maxPacket)
		n, was := s.history.read(buffer, sequence, 0)
		if n == 0 || was.headerLen > maxHeader {
			continue
		}
		k.timestamp, k.headerLen = was.timestamp, copy(k.header[:], buffer[:was.headerLen])
		k.payload = buffer[was.headerLen:n]
		p.preroll = append(p.preroll, k)
	}
}

// voice writes the group in the pipeline for this consumer of an audio slot, in the given holding of the slot: behind
// what came just before, if the holding is new to the consumer.
func (c *Consumer) voice(p *pipeline, s *stream, generation uint64) {
	t := c.transport
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if generation < c.generation { // another Worker already carries the next holder
		return
	}
	begins := generation > c.generation
	if begins {
		c.generation, c.stream, c.stopped = generation, nil, true
	}
	if t.sealer.Load() == nil || !t.path.valid() || c.idle() {
		return
	}
	p.to(t.path)
	if begins {
		c.write(p, s, p.preroll)
	}
	c.write(p, s, p.group)
}
