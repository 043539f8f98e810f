package testpeer

import (
	"slices"
	"strings"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// wakeSubscriber tells keepSubscribed to look again.
func (p *Peer) wakeSubscriber() {
	select {
	case p.subscribe <- struct{}{}:
	default: // it will look anyway
	}
}

// keepSubscribed consumes whatever the others produce and views all video, until the peer ends. What the server
// refuses is asked for again with the next change.
func (p *Peer) keepSubscribed() {
	var viewed []protocol.ViewItem
	for {
		select {
		case <-p.subscribe:
		case <-p.ctx.Done():
			return
		}
		if wanted := p.unconsumed(); len(wanted) > 0 {
			if _, err := p.Consume(p.ctx, false, wanted...); err != nil {
				p.options.Log.Debug("cannot subscribe", "error", err)
				continue
			}
		}
		items := p.allVideo()
		if slices.Equal(items, viewed) {
			continue
		}
		if err := p.View(p.ctx, items...); err != nil {
			p.options.Log.Debug("cannot view", "error", err)
			continue
		}
		viewed = items
	}
}

// unconsumed lists the producers that the peer is to consume and doesn't.
func (p *Peer) unconsumed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	consumed, videos := make(map[string]bool, len(p.consumers)), 0
	for _, c := range p.consumers {
		consumed[c.producerID] = true
		if c.kind == ortc.Video {
			videos++
		}
	}
	var wanted []string
	if p.options.AudioSlots {
		wanted = slices.DeleteFunc(slices.Clone(p.slots), func(id string) bool { return consumed[id] })
	}
	for _, participant := range p.roster.room.Participants {
		if participant.ID == p.id {
			continue
		}
		for _, producer := range participant.Producers {
			video := producer.Kind == ortc.Video
			switch {
			case consumed[producer.ID]:
			case p.options.AudioSlots && producer.Source == protocol.Microphone:
			case video && p.options.Tiles > 0 && videos >= p.options.Tiles:
			default:
				wanted = append(wanted, producer.ID)
				if video {
					videos++
				}
			}
		}
	}
	return wanted
}

// allVideo is a view of all video in the size that the options say.
func (p *Peer) allVideo() []protocol.ViewItem {
	p.mu.Lock()
	defer p.mu.Unlock()
	items := make([]protocol.ViewItem, 0, len(p.consumers))
	for _, c := range p.consumers {
		if c.kind == ortc.Video {
			items = append(items, protocol.ViewItem{
				ConsumerID: c.id, Size: p.options.ViewSize, Priority: protocol.PriorityTile,
			})
		}
	}
	slices.SortFunc(items, func(a, b protocol.ViewItem) int { return strings.Compare(a.ConsumerID, b.ConsumerID) })
	return items
}

// tend reports once a second, tells when packets came, and looks after gaps while there are any.
func (p *Peer) tend() {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	soon := time.NewTimer(askInterval)
	defer soon.Stop()
	answer := time.NewTimer(answerInterval)
	defer answer.Stop()
	for {
		select {
		case now := <-second.C:
			p.send.tend(now)
			p.receive.tend(now)
		case <-p.receive.receiver.owes:
			answer.Reset(answerInterval)
		case <-answer.C:
			p.receive.receiver.tellArrivals()
		case <-p.receive.receiver.hurry:
			soon.Reset(askInterval)
		case now := <-soon.C:
			p.receive.receiver.answer(now.UnixNano())
		case <-p.ctx.Done():
			return
		}
	}
}
