package testpeer

import (
	"context"
	"fmt"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// Consumer is a track of somebody else that a peer receives.
type Consumer struct {
	peer       *Peer
	id         string
	producerID string
	kind       ortc.MediaKind
	parameters ortc.RTPParameters
	stream     *stream
	state      protocol.ConsumerState // guarded by the peer's lock
}

// ID is the server's id of the consumer.
func (c *Consumer) ID() string { return c.id }

// ProducerID is the server's id of the track that it receives.
func (c *Consumer) ProducerID() string { return c.producerID }

// Kind tells audio from video.
func (c *Consumer) Kind() ortc.MediaKind { return c.kind }

// Parameters are what the server said that it sends.
func (c *Consumer) Parameters() ortc.RTPParameters { return c.parameters }

// State is what the server last said about the consumer's layer; zero before it said anything.
func (c *Consumer) State() protocol.ConsumerState {
	c.peer.mu.Lock()
	defer c.peer.mu.Unlock()
	return c.state
}

// Stats copies the consumer's counters.
func (c *Consumer) Stats() ConsumerStats {
	r := &c.peer.receive.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	return c.stream.stats()
}

// ResetPause begins to measure anew how long no packet comes, from the newest packet on.
func (c *Consumer) ResetPause() {
	r := &c.peer.receive.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	c.stream.counters.Pause = 0
}

// Consume asks for tracks of others. Those that the server left out are missing from the answer.
func (p *Peer) Consume(ctx context.Context, paused bool, producerIDs ...string) ([]*Consumer, error) {
	var answer protocol.Consumed
	request := protocol.Consume{ProducerIDs: producerIDs, Paused: paused}
	p.consuming.Lock()
	defer p.consuming.Unlock()
	if err := p.Call(ctx, protocol.MethodConsume, request, &answer); err != nil {
		return nil, fmt.Errorf("consume: %w", err)
	}
	made := make([]*Consumer, 0, len(answer.Consumers))
	for _, a := range answer.Consumers {
		s, err := p.receive.receiver.add(a.Kind, a.RTPParameters)
		if err != nil {
			return made, fmt.Errorf("consume: %w", err)
		}
		c := &Consumer{
			peer: p, id: a.ID, producerID: a.ProducerID, kind: a.Kind, parameters: a.RTPParameters, stream: s,
		}
		p.mu.Lock()
		p.consumers[c.id] = c
		p.mu.Unlock()
		made = append(made, c)
	}
	p.changes.tell()
	return made, nil
}

// ResumeConsumers starts consumers that were made paused.
func (p *Peer) ResumeConsumers(ctx context.Context, consumers ...*Consumer) error {
	return p.Call(ctx, protocol.MethodResumeConsumers, refs(consumers), &protocol.Empty{})
}

// CloseConsumers ends consumers.
func (p *Peer) CloseConsumers(ctx context.Context, consumers ...*Consumer) error {
	gone := refs(consumers)
	p.consuming.Lock()
	defer p.consuming.Unlock()
	p.mu.Lock()
	p.forgetConsumers(gone.ConsumerIDs)
	p.mu.Unlock()
	return p.Call(ctx, protocol.MethodCloseConsumers, gone, &protocol.Empty{})
}

// View tells the server which video is shown, and how large. Video that isn't listed isn't sent.
func (p *Peer) View(ctx context.Context, items ...protocol.ViewItem) error {
	if items == nil {
		items = []protocol.ViewItem{}
	}
	return p.Call(ctx, protocol.MethodView, protocol.View{Items: items}, &protocol.Empty{})
}

// Consumers lists what the peer receives.
func (p *Peer) Consumers() []*Consumer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.consumerList()
}

// Consumer finds what the peer receives of a producer, or nil.
func (p *Peer) Consumer(producerID string) *Consumer {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.consumers {
		if c.producerID == producerID {
			return c
		}
	}
	return nil
}

// consumerList lists the consumers, with p.mu held.
func (p *Peer) consumerList() []*Consumer {
	list := make([]*Consumer, 0, len(p.consumers))
	for _, c := range p.consumers {
		list = append(list, c)
	}
	return list
}

// forgetConsumers drops consumers that are gone, with p.mu held.
func (p *Peer) forgetConsumers(ids []string) {
	for _, id := range ids {
		if c := p.consumers[id]; c != nil {
			delete(p.consumers, id)
			p.receive.receiver.remove(c.stream)
		}
	}
}

func refs(consumers []*Consumer) protocol.ConsumerRefs {
	r := protocol.ConsumerRefs{ConsumerIDs: make([]string, 0, len(consumers))}
	for _, c := range consumers {
		r.ConsumerIDs = append(r.ConsumerIDs, c.id)
	}
	return r
}
