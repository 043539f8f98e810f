package sfu

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"stube/internal/ortc"
)

// sealOverhead is the most bytes that sealing adds to a packet, and the padding byte.
const sealOverhead = 24

// ConsumerConfig describes a track that a client wants to receive.
type ConsumerConfig struct {
	Producer     *Producer
	Capabilities ortc.RTPCapabilities // the client's
	Paused       bool
	// Closed is called once when the Producer has gone, not when Close is called. It must not block; it may be nil.
	Closed func()
}

// Consumer is a track that goes out: it follows one Producer, and of a simulcast one always one layer.
type Consumer struct {
	// Set at the start. What stands from here to sent is read for each packet, together.
	producer  *Producer
	transport *Transport
	ssrc      uint32
	rtxSSRC   uint32 // 0: no RTX
	rtxType   uint8
	wide      bool // the client gives transport-wide feedback about it

	// Safe for concurrent use by themselves.
	closed atomic.Bool
	wants  atomic.Uint32 // the layers that forward is to look at, by their bits
	// The layer that the view would take; none: it shows nothing.
	desired atomic.Int32

	// Guarded by the transport's sendMu.
	paused      bool
	targetRate  uint8   // the temporal layer up to which
	limited     bool    // less than the view would take
	waits       bool    // it is not to begin with a key frame yet
	stopped     bool    // was idle since the last packet
	viewed      bool    // the view lists this consumer
	changed     bool    // reported is to be told
	target      int     // the spatial layer to carry; none: nothing is to be sent
	stream      *stream // carried now; nil: waits for a key frame, or idle
	generation  uint64  // of an audio slot: the holding that it carries
	sequence    sequencer
	sent        sending
	view        View
	rtxSequence uint64
	resent      resent
	receiver    receiver
	reported    ConsumerUpdate

	// Set at the start, and of no interest to packets.
	id         string
	parameters ortc.RTPParameters
	onClosed   func()
}

// none is the target of a consumer that is to send nothing.
const none = -1

// sending are the statistics of what goes out, and where its numbering stands.
type sending struct {
	packets, bytes uint64
	resent         uint64   // packets sent again
	timestamp      uint32   // the newest
	at             int64    // when the first packet with that was sent
	sendTime       sendTime // and when its sender sent that
	pictureID      uint16
	tl0            uint8
	nextReport     int64
	measuredBytes  uint64
	measuredAt     int64
	settled        settled
	bitrate        uint64 // bit/s, of the last measuring interval
}

// receiver is what the client reported about a Consumer's packets.
type receiver struct {
	fraction  uint8  // lost since the last report, of 256
	rtt       int64  // ns; 0: not known
	lost      uint64 // the most that were reported
	fresh     bool   // since the last look
	refreshed int64  // up to when what it may ask for of key frames is spent; 0: nothing is

	asked           uint64 // packets of sound that were asked for again since the strain was told
	strainedPackets uint64 // that had been sent then
}

// Consume begins to send a producer's track to the client. A video Consumer sends nothing before SetViews has named
// it. It fails with [ortc.ErrUnsupported] when the client cannot decode the track.
func (t *Transport) Consume(cfg ConsumerConfig) (*Consumer, error) {
	p := cfg.Producer
	if err := cfg.Capabilities.Validate(); err != nil {
		return nil, fmt.Errorf("consume: %w", err)
	}
	parameters, err := ortc.ConsumerParameters(p.consumable, p.kind, cfg.Capabilities)
	if err != nil {
		return nil, fmt.Errorf("consume: %w", err)
	}
	c := &Consumer{
		id: newID(), producer: p, transport: t, paused: cfg.Paused, onClosed: cfg.Closed, target: none,
		targetRate: allLayers,
	}
	c.desired.Store(none)
	c.reported = ConsumerUpdate{ConsumerID: c.id, Layer: none}
	t.sendMu.Lock()
	if t.closed.Load() {
		t.sendMu.Unlock()
		return nil, fmt.Errorf("consume: transport %w", ErrClosed)
	}
	c.number(parameters)
	t.consumers[c.id], t.bySSRC[c.ssrc] = c, c
	if c.rtxSSRC != 0 {
		t.bySSRC[c.rtxSSRC] = c
	}
	if !c.video() {
		c.target = 0
	}
	c.updateWants()
	t.sendMu.Unlock()
	if !p.follow(c) {
		c.Close()
		return nil, fmt.Errorf("consume: producer %w", ErrClosed)
	}
	if c.closed.Load() { // with the transport, and perhaps before the producer knew it
		p.unfollow(c)
	}
	return c, nil
}

// number gives the consumer its SSRCs and mid. sendMu is held.
func (c *Consumer) number(parameters ortc.RTPParameters) {
	t := c.transport
	fresh := func() uint32 {
		for {
			if ssrc := newSSRC(); t.bySSRC[ssrc] == nil && ssrc != c.ssrc {
				return ssrc
			}
		}
	}
	c.ssrc = fresh()
	encoding := ortc.RTPEncodingParameters{SSRC: c.ssrc}
	for _, codec := range parameters.Codecs {
		if isRTX(codec.MimeType) {
			c.rtxSSRC, c.rtxType = fresh(), codec.PayloadType
			encoding.RTX = &ortc.RTXParameters{SSRC: c.rtxSSRC}
		}
	}
	c.wide = c.video() && slices.ContainsFunc(parameters.HeaderExtensions, func(e ortc.RTPHeaderExtensionParameters) bool {
		return e.URI == ortc.URITransportWideCC
	})
	if len(c.producer.consumable.Encodings) > 0 {
		encoding.ScalabilityMode = c.producer.consumable.Encodings[0].ScalabilityMode
	}
	parameters.Encodings = []ortc.RTPEncodingParameters{encoding}
	parameters.Mid = strconv.Itoa(t.nextMid)
	t.nextMid++
	parameters.RTCP = ortc.RTCPParameters{CNAME: c.producer.cname(), ReducedSize: true, Mux: true}
	c.parameters = parameters
	c.sequence.last = int64(newSSRC() & 0x3fff) // RFC 3550 section 5.1: begin anywhere, here far from the wrap
	c.rtxSequence = uint64(newSSRC() & 0x3fff)
}

// ID is the Consumer's random identifier.
func (c *Consumer) ID() string { return c.id }

// Kind tells audio from video.
func (c *Consumer) Kind() ortc.MediaKind { return c.producer.kind }

// Parameters tell the client what it will receive.
func (c *Consumer) Parameters() ortc.RTPParameters { return c.parameters }

func (c *Consumer) video() bool { return c.producer.kind == ortc.Video }

// idle tells whether nothing is to be sent. sendMu is held.
func (c *Consumer) idle() bool { return c.paused || c.target == none || c.closed.Load() }

// updateWants makes forward look at the layers of interest only. sendMu is held.
func (c *Consumer) updateWants() {
	var bits uint32
	if !c.idle() {
		bits = 1 << c.targetStream()
		if c.stream != nil {
			bits |= c.stream.bit()
		}
	} else {
		c.stream, c.stopped = nil, true
	}
	c.wants.Store(bits)
}

// waiting gives the stream whose key frame the consumer waits for. sendMu is held.
func (c *Consumer) waiting() *stream {
	at := c.targetStream()
	if c.idle() || c.waits || !c.video() || c.producer.silenced.Load() || at >= len(c.producer.streams) {
		return nil
	}
	s := c.producer.streams[at]
	if c.stream != s {
		return s
	}
	if spatial, _ := c.limits(s); spatial > c.sequence.current().spatial {
		return s
	}
	return nil
}

// targetStream is the place of the stream that has the layer to carry: with simulcast each layer is a stream, without
// it one stream has them all. sendMu is held.
func (c *Consumer) targetStream() int {
	if len(c.producer.streams) == 1 {
		return 0
	}
	return c.target
}

// carried is the spatial layer that is being sent; there must be a stream. sendMu is held.
func (c *Consumer) carried() int {
	if len(c.producer.streams) != 1 {
		return c.stream.layer
	}
	return min(int(c.sequence.current().spatial), max(0, int(c.stream.spatials.Load())-1))
}

// Pause stops sending.
func (c *Consumer) Pause() { c.setPaused(true) }

// Resume sends again, video from a key frame on, for which the sender is asked.
func (c *Consumer) Resume() { c.setPaused(false) }

func (c *Consumer) setPaused(paused bool) {
	t := c.transport
	t.sendMu.Lock()
	c.paused = paused
	c.updateWants()
	c.report()
	t.sendMu.Unlock()
	t.urge()
	if !paused {
		t.server.withPipeline(t.rethink)
	}
}

// restart has the consumer begin anew, after its producer was silent.
func (c *Consumer) restart() {
	t := c.transport
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	c.stream, c.stopped = nil, true
	c.updateWants()
}

// Close stops sending for good. It may be called more than once.
func (c *Consumer) Close() {
	if !c.detach() {
		return
	}
	c.producer.unfollow(c)
}

// producerClosed closes the consumer because its producer has gone.
func (c *Consumer) producerClosed() {
	if c.detach() && c.onClosed != nil {
		c.onClosed()
	}
}

// detach takes the consumer off its transport; it returns false when that was done before.
func (c *Consumer) detach() bool {
	if !c.closed.CompareAndSwap(false, true) {
		return false
	}
	t := c.transport
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	c.wants.Store(0)
	c.settle(&t.server.traffic)
	delete(t.consumers, c.id)
	delete(t.bySSRC, c.ssrc)
	delete(t.bySSRC, c.rtxSSRC)
	return true
}
