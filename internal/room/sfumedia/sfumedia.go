// Package sfumedia fits the media core to what rooms need of it: it translates shapes and nothing else, and has no
// goroutine or state. It is the only package that knows both.
package sfumedia

import (
	"fmt"
	"math"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal/protocol"
)

// New makes the media core of rooms out of a media server.
func New(server *sfu.Server) room.Media { return media{server} }

type media struct{ server *sfu.Server }

// NewRouter makes the media of one room.
func (m media) NewRouter(speaking func(dominant string, speaking []string)) room.Router {
	return router{m.server.NewRouter(sfu.RouterConfig{Speakers: func(update sfu.SpeakerUpdate) {
		speaking(update.Dominant, update.Speaking)
	}})}
}

type router struct{ *sfu.Router }

// NewSender makes a transport on which a client sends.
func (r router) NewSender(owner string, events room.TransportEvents) (room.Sender, error) {
	t, err := r.NewTransport(transportConfig(owner, events))
	return transport{t}, err
}

// NewReceiver makes a transport on which a client receives.
func (r router) NewReceiver(owner string, events room.TransportEvents) (room.Receiver, error) {
	t, err := r.NewTransport(transportConfig(owner, events))
	return transport{t}, err
}

// AudioSlots are the producers that carry the voices which matter now.
func (r router) AudioSlots() []room.Producer {
	slots := r.Router.AudioSlots()
	out := make([]room.Producer, len(slots))
	for i, slot := range slots {
		out[i] = slot
	}
	return out
}

func transportConfig(owner string, events room.TransportEvents) sfu.TransportConfig {
	return sfu.TransportConfig{
		Owner: owner,
		State: func(state sfu.TransportState) {
			switch state {
			case sfu.TransportConnected:
				events.Path(true)
			case sfu.TransportDisconnected, sfu.TransportFailed:
				events.Path(false)
			}
		},
		Quality: func(quality sfu.Quality) { events.Quality(level(quality)) },
		Consumers: func(updates []sfu.ConsumerUpdate) {
			states := make([]protocol.ConsumerState, len(updates))
			for i, u := range updates {
				states[i] = protocol.ConsumerState{ConsumerID: u.ConsumerID, Layer: u.Layer, Limited: u.Limited}
			}
			events.Consumers(states)
		},
		Producers: func(updates []sfu.ProducerUpdate) {
			wishes := make([]protocol.ProducerWish, len(updates))
			for i, u := range updates {
				wishes[i] = protocol.ProducerWish{ProducerID: u.ProducerID, Layer: u.Layer}
			}
			events.Producers(wishes)
		},
	}
}

func level(quality sfu.Quality) protocol.ConnectionLevel {
	switch quality {
	case sfu.QualityFair:
		return protocol.ConnectionFair
	case sfu.QualityPoor:
		return protocol.ConnectionPoor
	}
	return protocol.ConnectionGood
}

// transport is a Sender and a Receiver.
type transport struct{ *sfu.Transport }

// Description is what the client needs to make its end.
func (t transport) Description() protocol.Transport {
	return protocol.Transport{
		ID: t.ID(), ICEParameters: t.ICEParameters(), ICECandidates: t.ICECandidates(),
		DTLSParameters: t.DTLSParameters(),
	}
}

// Produce starts to take a track.
func (t transport) Produce(config room.ProducerConfig) (room.Producer, error) {
	p, err := t.Transport.Produce(sfu.ProducerConfig{
		Kind: config.Kind, Parameters: config.Parameters, Paused: config.Paused, Voice: config.Voice,
		Width: int(config.Size.Width), Height: int(config.Size.Height),
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Consume starts to send a track.
func (t transport) Consume(config room.ConsumerConfig) (room.Consumer, error) {
	from, ok := config.Producer.(*sfu.Producer)
	if !ok {
		return nil, fmt.Errorf("producer %s is of another media core: %w", config.Producer.ID(), ortc.ErrInvalid)
	}
	c, err := t.Transport.Consume(sfu.ConsumerConfig{
		Producer: from, Capabilities: config.Capabilities, Paused: config.Paused, Closed: config.Closed,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// SetViews tells all the video that is shown.
func (t transport) SetViews(items []protocol.ViewItem) {
	views := make([]sfu.View, len(items))
	for i, item := range items {
		views[i] = sfu.View{
			ConsumerID: item.ConsumerID, Width: int(item.Size.Width), Height: int(item.Size.Height),
			Priority: priority(item.Priority),
		}
	}
	t.Transport.SetViews(views)
}

// Downlink tells what is known of the way to the client.
func (t transport) Downlink() protocol.Downlink {
	return downlink(t.Stats())
}

func downlink(stats sfu.TransportStats) protocol.Downlink {
	out := protocol.Downlink{
		Loss: stats.Loss, RoundTrip: stats.RoundTrip.Milliseconds(), Queue: stats.Queue.Milliseconds(),
	}
	if stats.Estimate < math.MaxInt64 {
		out.Estimate = int64(stats.Estimate)
	}
	return out
}

func priority(p protocol.Priority) sfu.Priority {
	switch p {
	case protocol.PriorityStage:
		return 0
	case protocol.PrioritySpeaker:
		return 1
	}
	return 2
}
