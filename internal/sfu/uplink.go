package sfu

import (
	"sync/atomic"
	"time"

	"stube/internal/ortc"
)

// lowerAfter is how long nobody must have wanted a layer before its sender is told: who scrolls or turns pages must not
// switch encoders on and off.
const lowerAfter = 3 * time.Second

// ProducerUpdate tells up to which layer a video is of use to anybody.
type ProducerUpdate struct {
	ProducerID string
	Layer      int // 0 is the smallest; -1: nobody wants any
}

// uplink follows what the consumers of a Producer want of it, so that its sender sends nothing in vain.
type uplink struct {
	reviewed atomic.Bool // what consumers want was looked at since it changed

	// Guarded by the transport's recvMu.
	told    int // the highest layer of use, as the sender knows it
	lowerAt int64
}

// review has the uplink looked at anew, on the Worker where its sender is at home.
func (p *Producer) review() {
	if p.kind == ortc.Video && p.uplink.reviewed.Swap(false) {
		p.transport.urge()
	}
}

// desire notes up to which layer the consumer's view would take the video, whatever the network carries: a layer that
// may be given at any moment has to be there.
func (c *Consumer) desire(layer int) {
	if c.desired.Swap(int32(layer)) != int32(layer) {
		c.producer.review()
	}
}

// shown is the layer that the view would take; none: it does not show the video. sendMu is held.
func (c *Consumer) shown() int {
	if !c.viewed || c.paused {
		return none
	}
	return c.producer.wanted(c.view.Height)
}

// wish tells the highest layer of use when that has changed: more at once, less after some time. recvMu is held.
func (p *Producer) wish(now int64) (layer int, changed bool) {
	u := &p.uplink
	if u.reviewed.Swap(true) && (u.lowerAt == 0 || now < u.lowerAt) {
		return u.told, false
	}
	highest := none
	for _, c := range *p.consumers.Load() {
		highest = max(highest, int(c.desired.Load()))
	}
	switch {
	case highest == u.told:
		u.lowerAt = 0
		return u.told, false
	case highest < u.told && u.lowerAt == 0:
		u.lowerAt = now + int64(lowerAfter)
		return u.told, false
	case highest < u.told && now < u.lowerAt:
		return u.told, false
	}
	u.told, u.lowerAt = highest, 0
	return highest, true
}

// tellWishes tells the client which layers of its videos are of use. recvMu is held.
func (t *Transport) tellWishes(p *pipeline) {
	tell := t.config.Producers
	if tell == nil {
		return
	}
	var updates []ProducerUpdate
	for _, producer := range t.producers {
		if producer.kind != ortc.Video {
			continue
		}
		if layer, changed := producer.wish(p.now); changed {
			updates = append(updates, ProducerUpdate{ProducerID: producer.id, Layer: layer})
		}
	}
	if updates != nil {
		p.events = append(p.events, func() { tell(updates) })
	}
}
