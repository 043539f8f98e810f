package room

import (
	"errors"
	"slices"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// maxConsumers is how many tracks a participant can receive at once.
const maxConsumers = 2000

// consumer is a track that a participant receives.
type consumer struct {
	track      Consumer
	producerID string
	layer      *protocol.ConsumerState // the last that the media core told; nil before
}

// consume makes consumers for all the producers that it can; an error leaves none.
func (s *state) consume(p *participant, want protocol.Consume) (consumed protocol.Consumed, err error) {
	consumed.Consumers = []protocol.Consumer{}
	defer func() {
		if err != nil {
			for _, c := range consumed.Consumers {
				p.closeConsumers([]string{c.ID})
			}
		}
	}()
	for _, id := range want.ProducerIDs {
		track, kind := s.offered(p, id)
		if track == nil || p.follows[id] != nil {
			continue
		}
		if len(p.consumers) >= maxConsumers {
			return consumed, refuse(protocol.ErrTooManyTracks, "participant has %d consumers", maxConsumers)
		}
		made, err := s.follow(p, track, want.Paused)
		if errors.Is(err, ortc.ErrUnsupported) {
			continue
		}
		if err != nil {
			return consumed, mediaError("consume", err)
		}
		consumed.Consumers = append(consumed.Consumers, protocol.Consumer{
			ID: made.track.ID(), ProducerID: id, Kind: kind, RTPParameters: made.track.Parameters(),
		})
	}
	return consumed, nil
}

// offered finds what p may consume: what others send, and the audio slots. It gives nil for anything else.
func (s *state) offered(p *participant, id string) (Producer, ortc.MediaKind) {
	if from := s.producers[id]; from != nil && (from.owner != p || s.room.isCheck()) {
		return from.track, from.public.Kind
	}
	for _, slot := range s.meeting.router.AudioSlots() {
		if slot.ID() == id {
			return slot, ortc.Audio
		}
	}
	return nil, ""
}

// audioSlots are the ids of the router's audio slots.
func (s *state) audioSlots() []string {
	ids := []string{}
	for _, slot := range s.meeting.router.AudioSlots() {
		ids = append(ids, slot.ID())
	}
	return ids
}

// follow makes a consumer of p for one producer.
func (s *state) follow(p *participant, from Producer, paused bool) (*consumer, error) {
	made := &consumer{producerID: from.ID()}
	track, err := p.receiver.Consume(ConsumerConfig{
		Producer: from, Capabilities: p.capabilities, Paused: paused,
		Closed: func() { s.room.post(func(s *state) { s.consumerEnded(p, made) }) },
	})
	if err != nil {
		return nil, err
	}
	made.track = track
	p.consumers[track.ID()] = made
	p.follows[made.producerID] = made
	return made, nil
}

// consumerEnded notes that a consumer is gone, because its producer is.
func (s *state) consumerEnded(p *participant, c *consumer) {
	if !p.inside || p.follows[c.producerID] != c {
		return
	}
	id := c.track.ID()
	p.forgetConsumer(id, c)
	if len(p.ended) == 0 {
		s.news.ended = append(s.news.ended, p)
	}
	p.ended = append(p.ended, id)
}

func (s *state) publishEnded() {
	for _, p := range s.news.ended {
		if len(p.ended) > 0 { // else it resumed meanwhile, and learned it so
			p.send(notify(protocol.MethodConsumersClosed, protocol.ConsumerRefs{ConsumerIDs: p.ended}))
			p.ended = nil
		}
	}
	s.news.ended = nil
}

func (p *participant) forgetConsumer(id string, c *consumer) {
	delete(p.consumers, id)
	delete(p.follows, c.producerID)
}

func (p *participant) resumeConsumers(ids []string) {
	for _, id := range ids {
		if c := p.consumers[id]; c != nil {
			c.track.Resume()
		}
	}
}

func (p *participant) closeConsumers(ids []string) {
	for _, id := range ids {
		if c := p.consumers[id]; c != nil {
			p.forgetConsumer(id, c)
			c.track.Close()
		}
	}
}

// view tells the media core all that the page shows.
func (p *participant) view(items []protocol.ViewItem) error {
	known := make([]protocol.ViewItem, 0, len(items))
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		switch item.Priority {
		case protocol.PriorityStage, protocol.PrioritySpeaker, protocol.PriorityTile:
		default:
			return refuse(protocol.ErrInvalidParams, "priority is not known")
		}
		if seen[item.ConsumerID] {
			return refuse(protocol.ErrInvalidParams, "consumer is listed twice")
		}
		seen[item.ConsumerID] = true
		if p.consumers[item.ConsumerID] != nil {
			known = append(known, item)
		}
	}
	p.receiver.SetViews(known)
	return nil
}

// layersChanged passes on what the media core tells, and keeps it for a connection that resumes.
func (p *participant) layersChanged(states []protocol.ConsumerState) {
	states = slices.DeleteFunc(states, func(now protocol.ConsumerState) bool {
		c := p.consumers[now.ConsumerID]
		if c == nil {
			return true
		}
		c.layer = &now
		return false
	})
	if len(states) > 0 {
		p.send(notify(protocol.MethodConsumersChanged, protocol.ConsumersChanged{Consumers: states}))
	}
}

// tellLayers tells a connection that resumes what its consumers carry.
func (p *participant) tellLayers() {
	var states []protocol.ConsumerState
	for _, c := range p.consumers {
		if c.layer != nil {
			states = append(states, *c.layer)
		}
	}
	if len(states) > 0 {
		p.send(notify(protocol.MethodConsumersChanged, protocol.ConsumersChanged{Consumers: states}))
	}
}
