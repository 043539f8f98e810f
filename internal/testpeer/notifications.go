package testpeer

import (
	"encoding/json"

	"stube/internal/signal/protocol"
)

// note applies a notification, with p.mu held. Unknown ones are left alone.
func (p *Peer) note(method protocol.Method, params json.RawMessage) error {
	switch method {
	case protocol.MethodDelta:
		return with(params, p.roster.delta)
	case protocol.MethodSpeakers:
		return with(params, func(s protocol.Speakers) { p.roster.room.Speakers = s })
	case protocol.MethodQuality:
		return with(params, p.roster.quality)
	case protocol.MethodConsumersClosed:
		return with(params, func(gone protocol.ConsumerRefs) { p.forgetConsumers(gone.ConsumerIDs) })
	case protocol.MethodConsumersChanged:
		return with(params, p.noteLayers)
	case protocol.MethodProducersWanted:
		return with(params, p.noteWishes)
	case protocol.MethodClosed:
		return with(params, func(c protocol.Closed) { p.reason = c.Reason })
	default:
		return nil
	}
}

// with decodes parameters and hands them to take.
func with[T any](params json.RawMessage, take func(T)) error {
	var value T
	if err := json.Unmarshal(params, &value); err != nil {
		return err
	}
	take(value)
	return nil
}

// noteLayers takes which layers consumers carry.
func (p *Peer) noteLayers(changed protocol.ConsumersChanged) {
	for _, state := range changed.Consumers {
		if c := p.consumers[state.ConsumerID]; c != nil {
			c.state = state
		}
	}
}

// noteWishes sends no more layers than are of use to anybody, as the page does.
func (p *Peer) noteWishes(wanted protocol.ProducersWanted) {
	for _, wish := range wanted.Producers {
		for t := range p.tracks {
			if t.producerID == wish.ProducerID {
				t.want(wish.Layer)
			}
		}
	}
}

// CloseReason is why the server closed the newest socket that it closed; empty when it closed none.
func (p *Peer) CloseReason() protocol.ErrorCode {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reason
}
