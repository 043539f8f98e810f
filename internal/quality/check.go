package quality

import (
	"context"
	"fmt"
	"time"

	"stube/internal/relay/schedule"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// askInterval is how often a Check asks what is known of the way.
const askInterval = 200 * time.Millisecond

// Check has somebody check their network as a page does before joining: they receive the picture that they send. It
// tells what the server comes to know of the way down once that carries more than so many bit/s, and what was received.
func Check(
	ctx context.Context, n *Network, up, down schedule.Profile, picture testpeer.VideoOptions, more int64,
) (told protocol.Downlink, came testpeer.ConsumerStats, err error) {
	p := n.person("Page", up, down)
	p.Peer, err = testpeer.Check(ctx, testpeer.Options{URL: n.url, Local: p.address, Certificate: n.certificate})
	if err != nil {
		return told, came, err
	}
	n.peers = append(n.peers, p.Peer)
	video, err := p.PublishCamera(ctx, picture)
	if err != nil {
		return told, came, err
	}
	consumers, err := p.Consume(ctx, false, video.ProducerID())
	if err != nil {
		return told, came, err
	}
	shown := protocol.ViewItem{
		ConsumerID: consumers[0].ID(), Size: protocol.Size{Width: 1280, Height: 720}, Priority: protocol.PriorityStage,
	}
	if err := p.View(ctx, shown); err != nil {
		return told, came, err
	}
	for told.Estimate <= more {
		if err := pause(ctx, askInterval); err != nil {
			return told, came, fmt.Errorf("know the way down, last as %+v: %w", told, err)
		}
		told = protocol.Downlink{}
		if err := p.Call(ctx, protocol.MethodDownlink, protocol.Empty{}, &told); err != nil {
			return told, came, err
		}
	}
	return told, consumers[0].Stats(), nil
}
