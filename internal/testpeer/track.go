package testpeer

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"stube/internal/signal/protocol"
)

// Track is something that a peer publishes. It owns the goroutine that makes its media, which Close and the peer's end
// wait for.
type Track struct {
	peer       *Peer
	producerID string
	streams    []*outgoing  // the smallest layer first
	costs      []uint64     // bit/s of a picture's layers on the wire, the smallest first
	wanted     atomic.Int32 // the highest layer that anybody shows; -1: none
	paid       atomic.Int32 // the highest layer that the way up carries
	frames     atomic.Int32 // of allFrames of the smallest layer that it carries
	stop       chan struct{}
	once       sync.Once
	source     sync.WaitGroup
}

// ProducerID is the server's id of the track.
func (t *Track) ProducerID() string { return t.producerID }

// Pause tells the server to forward nothing of the track. Its media goes on to be sent, as a browser's does: it is the
// server that mutes.
func (t *Track) Pause(ctx context.Context) error {
	return t.tell(ctx, protocol.MethodPauseProducer)
}

// Resume undoes Pause.
func (t *Track) Resume(ctx context.Context) error {
	return t.tell(ctx, protocol.MethodResumeProducer)
}

// Close ends the track and tells the server.
func (t *Track) Close(ctx context.Context) error {
	t.end()
	t.peer.forget(t)
	return t.tell(ctx, protocol.MethodCloseProducer)
}

// Stats copies the counters of the track's streams, one for each layer.
func (t *Track) Stats() []OutgoingStats {
	all := make([]OutgoingStats, 0, len(t.streams))
	for _, o := range t.streams {
		all = append(all, o.stats())
	}
	return all
}

func (t *Track) tell(ctx context.Context, method protocol.Method) error {
	return t.peer.Call(ctx, method, protocol.ProducerRef{ProducerID: t.producerID}, &protocol.Empty{})
}

// end stops the media and waits for its goroutine.
func (t *Track) end() {
	t.once.Do(func() { close(t.stop) })
	t.source.Wait()
	for _, o := range t.streams {
		o.sender.remove(o)
		o.sender.uplink.remove(t)
	}
}

// publish connects the peer's sending transport and asks the server for a producer at the same time, then runs the
// source of the track's media.
func (t *Track) publish(ctx context.Context, request protocol.Produce, source func()) error {
	p := t.peer
	connected := make(chan error, 1)
	go func() { connected <- p.ConnectSend(ctx) }()
	var answer protocol.Produced
	request.TransportID = p.send.id
	err := p.Call(ctx, protocol.MethodProduce, request, &answer)
	if failed := <-connected; err == nil {
		err = failed
	}
	t.producerID = answer.ProducerID
	if err == nil && !p.remember(t) {
		err = ErrClosed
	}
	if err != nil {
		t.end()
		return err
	}
	t.source.Go(source)
	return nil
}

func newTrack(p *Peer) *Track {
	t := &Track{peer: p, stop: make(chan struct{})}
	t.wanted.Store(math.MaxInt32)
	t.paid.Store(math.MaxInt32)
	t.frames.Store(allFrames)
	return t
}

// want takes up to which layer the track is of use.
func (t *Track) want(layer int) { t.begin(int(t.wanted.Swap(int32(layer))), layer) }

// afford takes up to which layer the way up carries the track, and how many frames, of allFrames, of the smallest.
func (t *Track) afford(layer, frames int) {
	t.begin(int(t.paid.Swap(int32(layer))), layer)
	t.frames.Store(int32(frames))
}

// begin has layers that come back begin with a key frame.
func (t *Track) begin(before, now int) {
	for i, o := range t.streams {
		if i > before && i <= now {
			o.wanted.Store(true)
		}
	}
}

// sends tells whether a layer is of use and carried.
func (t *Track) sends(layer int) bool {
	return layer <= int(t.wanted.Load()) && layer <= int(t.paid.Load())
}

// allFrames stands for each frame that a layer has.
const allFrames = 256

// newSSRC picks an SSRC that no browser's probing takes.
func newSSRC() uint32 {
	const first = 1 << 16
	return first + rand.Uint32N(1<<32-1-first)
}

// sequenceOr is the first sequence number of a stream: the wanted one, or any.
func sequenceOr(wanted uint16) uint16 {
	if wanted != 0 {
		return wanted
	}
	return uint16(rand.UintN(1 << 16))
}

// size is the picture size that the server is told: that of the largest layer.
func size(layers []Layer) *protocol.Size {
	largest := layers[len(layers)-1]
	return &protocol.Size{Width: uint16(largest.Width), Height: uint16(largest.Height)}
}
