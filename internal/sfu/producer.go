package sfu

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// maxLayers is how many simulcast layers a Producer may have.
const maxLayers = 4

// ProducerConfig describes a track that a client is about to send.
type ProducerConfig struct {
	Kind       ortc.MediaKind
	Parameters ortc.RTPParameters // as the client sends: its own payload types and extension ids
	Paused     bool
	// Width and Height are those of the largest layer in pixels; 0: not known.
	Width, Height int
	// Voice tells that it is somebody's microphone, which goes out by the Router's audio slots too.
	Voice bool
}

// Producer is a track that comes in. Consumers follow it.
type Producer struct {
	// Set at the start.
	id              string
	kind            ortc.MediaKind
	router          *Router
	transport       *Transport
	consumable      ortc.RTPParameters // what a consumer could get, in the router's numbers
	codec           rtp.Codec
	clockRate       uint32
	payloadType     uint8 // the router's
	clientType      uint8 // the payload type that the client sends
	mid             string
	extensions      extensionIDs // the client's
	rtxPayloadTypes map[uint8]struct{}
	streams         []*stream // the smallest layer first
	stamped         bool      // its packets go out with abs-send-time and a place for a transport-wide number

	// Safe for concurrent use by themselves.
	closed    atomic.Bool
	silenced  atomic.Bool // paused: its packets are dropped
	height    atomic.Int32
	consumers atomic.Pointer[[]*Consumer] // replaced as a whole
	holding   atomic.Pointer[holding]     // of an audio slot

	mu sync.Mutex // guards replacing consumers

	voice
	uplink uplink
}

// Produce begins to take a track. It fails with [ortc.ErrInvalid] or [ortc.ErrUnsupported] when the parameters do not
// fit the router.
func (t *Transport) Produce(cfg ProducerConfig) (*Producer, error) {
	p, err := newProducer(t, cfg)
	if err != nil {
		return nil, fmt.Errorf("produce: %w", err)
	}
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	if t.closed.Load() {
		return nil, fmt.Errorf("produce: transport %w", ErrClosed)
	}
	if err := t.admit(p, cfg.Parameters); err != nil {
		return nil, fmt.Errorf("produce: %w", err)
	}
	t.producers[p.id] = p
	if p.extensions.transportCC != 0 {
		t.feedback.twccID = p.extensions.transportCC
	}
	t.router.addProducer(p)
	t.urge()
	return p, nil
}

// admit routes the SSRCs that the parameters name. recvMu is held.
func (t *Transport) admit(p *Producer, parameters ortc.RTPParameters) error {
	for _, other := range t.producers {
		if p.mid != "" && other.mid == p.mid {
			return fmt.Errorf("%w: mid %q is taken", ortc.ErrInvalid, p.mid)
		}
	}
	for _, e := range parameters.Encodings {
		if t.taken(e.SSRC) || e.RTX != nil && t.taken(e.RTX.SSRC) {
			return fmt.Errorf("%w: SSRC is taken", ortc.ErrInvalid)
		}
	}
	if len(t.inbound)+2*len(p.streams) > maxInbound {
		return fmt.Errorf("%w: too many streams on a transport", ortc.ErrInvalid)
	}
	for i, e := range parameters.Encodings {
		if e.SSRC != 0 {
			t.register(e.SSRC, p.streams[i], false)
		}
		if e.RTX != nil && e.RTX.SSRC != 0 {
			t.register(e.RTX.SSRC, p.streams[i], true)
		}
	}
	return nil
}

// taken tells whether an SSRC, if there is one, belongs to a stream. recvMu is held.
func (t *Transport) taken(ssrc uint32) bool { return ssrc != 0 && t.inbound[ssrc] != nil }

func newProducer(t *Transport, cfg ProducerConfig) (*Producer, error) {
	if err := cfg.Parameters.Validate(cfg.Kind); err != nil {
		return nil, err
	}
	capabilities := t.router.Capabilities()
	mapping, err := ortc.ProducerMapping(cfg.Parameters, cfg.Kind, capabilities)
	if err != nil {
		return nil, err
	}
	consumable, err := ortc.ConsumableParameters(cfg.Parameters, cfg.Kind, capabilities, mapping)
	if err != nil {
		return nil, err
	}
	if n := len(cfg.Parameters.Encodings); n == 0 || n > maxLayers {
		return nil, fmt.Errorf("%w: %d encodings", ortc.ErrInvalid, n)
	}
	codec := consumable.Codecs[0]
	p := &Producer{
		id: newID(), kind: cfg.Kind, router: t.router, transport: t,
		consumable: consumable, codec: codecOf(codec.MimeType), clockRate: codec.ClockRate, payloadType: codec.PayloadType,
		voice: voice{slotted: cfg.Voice && cfg.Kind == ortc.Audio},
		mid:   cfg.Parameters.Mid, rtxPayloadTypes: make(map[uint8]struct{}),
	}
	// A repeated audio packet is sealed under its old number, so nothing in it may depend on the time.
	p.stamped = cfg.Kind == ortc.Video && t.router.extensions.absSendTime != 0 && t.router.extensions.transportCC != 0
	for _, e := range cfg.Parameters.HeaderExtensions {
		p.extensions.set(e.URI, e.ID)
	}
	for _, c := range cfg.Parameters.Codecs {
		if isRTX(c.MimeType) {
			p.rtxPayloadTypes[c.PayloadType] = struct{}{}
		} else {
			p.clientType = c.PayloadType // just one: ortc.ProducerMapping refuses more
		}
	}
	scales := scalesOf(cfg.Parameters.Encodings)
	for i, e := range cfg.Parameters.Encodings {
		s := &stream{producer: p, layer: i, rid: e.Rid, scale: scales[i], maxBitrate: e.MaxBitrate}
		s.spatials.Store(int32(ortc.SpatialLayers(e.ScalabilityMode)))
		p.streams = append(p.streams, s)
	}
	p.uplink.told = p.spatials() - 1
	p.height.Store(int32(cfg.Height))
	p.silenced.Store(cfg.Paused)
	p.consumers.Store(new([]*Consumer))
	return p, nil
}

// scalesOf tells how much smaller than the source each layer is. Where none says it, it doubles from layer to layer
// (W3C WebRTC 1.0 section 5.2, addTransceiver).
func scalesOf(encodings []ortc.RTPEncodingParameters) []float64 {
	told := slices.ContainsFunc(encodings, func(e ortc.RTPEncodingParameters) bool { return e.ScaleResolutionDownBy != 0 })
	scales := make([]float64, len(encodings))
	for i, e := range encodings {
		scales[i] = max(1, e.ScaleResolutionDownBy)
		if !told {
			scales[i] = float64(int(1) << (len(encodings) - 1 - i))
		}
	}
	return scales
}

// ID is the Producer's random identifier.
func (p *Producer) ID() string { return p.id }

// Kind tells audio from video.
func (p *Producer) Kind() ortc.MediaKind { return p.kind }

// cname groups what comes from one sender (RFC 7022); an audio slot is of nobody.
func (p *Producer) cname() string {
	if p.transport == nil {
		return p.id
	}
	return p.transport.id
}

// Paused tells whether the packets are dropped.
func (p *Producer) Paused() bool { return p.silenced.Load() }

// Pause drops what the client sends, in the server: nobody gets it, whatever the client does.
func (p *Producer) Pause() {
	if p.silenced.Swap(true) {
		return
	}
	for _, s := range p.streams {
		s.history.forget()
	}
	p.router.hushed(p)
}

// Resume passes packets on again.
func (p *Producer) Resume() {
	if !p.silenced.Load() {
		return
	}
	for _, c := range *p.consumers.Load() {
		c.restart()
	}
	p.silenced.Store(false)
	for _, c := range *p.consumers.Load() {
		c.transport.urge()
	}
}

// SetSize tells the size of the largest layer in pixels.
func (p *Producer) SetSize(_, height int) { p.height.Store(int32(height)) }

// Close stops taking the track and closes its Consumers. It may be called more than once.
func (p *Producer) Close() {
	if !p.closed.CompareAndSwap(false, true) {
		return
	}
	p.silenced.Store(true)
	t := p.transport
	t.recvMu.Lock()
	delete(t.producers, p.id)
	for _, s := range p.streams {
		s.settle(&p.router.server.traffic)
	}
	for ssrc, in := range t.inbound {
		if in.stream.producer == p {
			delete(t.inbound, ssrc)
		}
	}
	t.recvMu.Unlock()
	p.router.removeProducer(p)
	p.mu.Lock()
	consumers := *p.consumers.Swap(new([]*Consumer))
	p.mu.Unlock()
	for _, c := range consumers {
		c.producerClosed()
	}
}

// follow adds a consumer; it returns false when the producer is closed.
func (p *Producer) follow(c *Consumer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed.Load() {
		return false
	}
	list := append(slices.Clip(*p.consumers.Load()), c)
	p.consumers.Store(&list)
	return true
}

func (p *Producer) unfollow(c *Consumer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(*p.consumers.Load()), func(o *Consumer) bool { return o == c })
	p.consumers.Store(&list)
	p.review()
}
