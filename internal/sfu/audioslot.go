package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/speaker"
)

const (
	// slotCount is how many voices a client gets at once. More cannot be told apart by listening, and each costs
	// every listener a stream.
	slotCount = 5
	// slotPatience is how long somebody must have been silent to lose a slot to whoever begins to speak.
	slotPatience = 500 * time.Millisecond
	// claimInterval is how often a voice tries for a slot while all are held by others who speak.
	claimInterval = 100 * time.Millisecond
)

// audioSlots are a Router's audio slots: a few Producers of nobody's own, which carry the voices that matter now. A
// client that consumes them gets every speaker of the room over a fixed few Consumers, however many microphones there
// are.
//
// As long as there are no more microphones than slots each has its own. Beyond that a slot goes to who begins to
// speak, from whoever has been silent the longest; when all who hold one speak, to whoever is well ahead of one of
// them by the measure of the dominant speaker.
type audioSlots struct {
	mu   sync.Mutex // taken when a slot changes hands, not for packets
	list []*audioSlot
	free atomic.Int32
}

type audioSlot struct {
	carrier *Producer // what clients consume
	// Guarded by audioSlots.mu.
	holder     *Producer
	voice      *speaker.Voice // the holder's
	claimed    int64          // when the holder got it, if by being heard
	generation uint64
}

// heard tells when the holder was last heard. audioSlots.mu is held.
func (s *audioSlot) heard() int64 { return max(s.claimed, s.voice.Spoke()) }

// holding is a Producer's time in a slot.
type holding struct {
	carrier    *Producer
	generation uint64      // of the holdings of this slot
	begun      atomic.Bool // what was said just before has been handed on
}

func newAudioSlots(r *Router) *audioSlots {
	s := new(audioSlots)
	for range slotCount {
		s.list = append(s.list, &audioSlot{carrier: newCarrier(r)})
	}
	s.free.Store(slotCount)
	return s
}

// newCarrier makes a Producer that has no packets of its own.
func newCarrier(r *Router) *Producer {
	parameters := ortc.SlotParameters(r.capabilities)
	codec := parameters.Codecs[0]
	p := &Producer{
		id: newID(), kind: ortc.Audio, router: r, consumable: parameters, codec: codecOf(codec.MimeType),
		clockRate: codec.ClockRate, payloadType: codec.PayloadType,
	}
	p.consumers.Store(new([]*Consumer))
	return p
}

// AudioSlots are the Producers that carry the voices which matter now. They exist as long as the Router, and must not
// be paused or closed. Who speaks in one does not get it.
func (r *Router) AudioSlots() []*Producer {
	carriers := make([]*Producer, len(r.slots.list))
	for i, s := range r.slots.list {
		carriers[i] = s.carrier
	}
	return carriers
}

// claim gives a Producer a slot if one is free, or, if it is heard, if another holds one with less right.
func (s *audioSlots) claim(p *Producer, loud bool, now int64) {
	if !loud && s.free.Load() == 0 || now < p.nextClaim {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.silenced.Load() { // else it would never be released
		return
	}
	found := s.vacant()
	if found == nil && loud {
		found = s.yielding(p, now)
	}
	if found == nil {
		p.nextClaim = now + int64(claimInterval)
		return
	}
	if found.holder != nil {
		found.holder.holding.Store(nil)
	} else {
		s.free.Add(-1)
	}
	found.holder, found.voice = p, p.voice.Voice
	found.generation++
	if found.claimed = found.voice.Spoke(); loud {
		found.claimed = now
	}
	p.holding.Store(&holding{carrier: found.carrier, generation: found.generation})
}

func (s *audioSlots) vacant() *audioSlot {
	for _, slot := range s.list {
		if slot.holder == nil {
			return slot
		}
	}
	return nil
}

// yielding finds the slot that goes to a voice which is heard, all being held. mu is held.
func (s *audioSlots) yielding(p *Producer, now int64) *audioSlot {
	longest := s.list[0]
	for _, slot := range s.list[1:] {
		if slot.heard() < longest.heard() {
			longest = slot
		}
	}
	if now-longest.heard() >= int64(slotPatience) {
		return longest
	}
	for _, slot := range s.list {
		if p.router.speakers.Exceeds(p.voice.Voice, slot.voice) {
			return slot
		}
	}
	return nil
}

// release takes a Producer that fell silent for good, or for a time, out of its slot.
func (s *audioSlots) release(p *Producer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, slot := range s.list {
		if slot.holder == p {
			slot.holder, slot.voice = nil, nil
			s.free.Add(1)
		}
	}
	p.holding.Store(nil)
}
