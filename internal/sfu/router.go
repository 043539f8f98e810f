package sfu

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/speaker"
)

const (
	// speakerInterval is how often it is decided who speaks.
	speakerInterval = 100 * time.Millisecond
	// maxSpeaking is how many are told to speak at the most: everybody is told all of them, and nobody hears more than
	// the audio slots carry where there are so many.
	maxSpeaking = 16
)

// RouterConfig holds the callbacks of a Router.
type RouterConfig struct {
	// Speakers is told when it changes who speaks. It comes from a Worker and must not block; it may be nil.
	Speakers func(SpeakerUpdate)
}

// SpeakerUpdate tells who speaks, by the ids of audio Producers.
type SpeakerUpdate struct {
	Dominant string   // who holds the floor; empty before anybody spoke
	Speaking []string // who is heard now, sorted; no more than 16
}

// Router is a meeting's media: what one of its Transports produces, the others may consume.
type Router struct {
	// Set at the start.
	id           string
	server       *Server
	worker       *Worker // does the periodic work
	config       RouterConfig
	capabilities ortc.RTPCapabilities
	extensions   extensionIDs

	// Safe for concurrent use by themselves.
	speakers *speaker.Detector
	slots    *audioSlots
	closed   atomic.Bool

	// The Worker's own.
	nextSpeakers int64
	told         SpeakerUpdate

	// Guarded by mu.
	mu         sync.Mutex
	transports map[*Transport]struct{}
	producers  map[string]*Producer
}

func newRouter(s *Server, cfg RouterConfig) *Router {
	r := &Router{
		id: newID(), server: s, worker: s.pickWorker(), config: cfg,
		capabilities: ortc.RouterCapabilities(), speakers: speaker.New(),
		transports: make(map[*Transport]struct{}), producers: make(map[string]*Producer),
	}
	r.slots = newAudioSlots(r)
	for _, e := range r.capabilities.HeaderExtensions {
		r.extensions.set(e.URI, e.PreferredID)
	}
	return r
}

// ID is the Router's random identifier.
func (r *Router) ID() string { return r.id }

// Capabilities tell what the Router can carry.
func (r *Router) Capabilities() ortc.RTPCapabilities { return r.capabilities }

// NewTransport makes a Transport for a client.
func (r *Router) NewTransport(cfg TransportConfig) (*Transport, error) {
	t := newTransport(r, cfg)
	r.mu.Lock()
	if r.closed.Load() {
		r.mu.Unlock()
		return nil, fmt.Errorf("make a transport: router %w", ErrClosed)
	}
	r.transports[t] = struct{}{}
	r.server.transports.Store(t.current.Ufrag, t) // before Close can find it, and take it out again
	r.mu.Unlock()
	t.home.Load().add(t)
	return t, nil
}

func (r *Router) forgetTransport(t *Transport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.transports, t)
}

// Producer finds a Producer by its id; nil: there is none.
func (r *Router) Producer(id string) *Producer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.producers[id]
}

func (r *Router) addProducer(p *Producer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.producers[p.id] = p
}

func (r *Router) removeProducer(p *Producer) {
	r.mu.Lock()
	delete(r.producers, p.id)
	r.mu.Unlock()
	r.hushed(p)
}

// tick decides who speaks.
func (r *Router) tick(p *pipeline) int64 {
	switch {
	case r.closed.Load():
		return never
	case p.now < r.nextSpeakers:
		return r.nextSpeakers
	}
	r.nextSpeakers = aligned(p.now, speakerInterval)
	now := SpeakerUpdate{}
	now.Dominant, _ = r.speakers.Update(p.now)
	now.Speaking = r.foremost(r.speakers.Speaking(nil, p.now))
	slices.Sort(now.Speaking)
	if now.Dominant == r.told.Dominant && slices.Equal(now.Speaking, r.told.Speaking) {
		return r.nextSpeakers
	}
	r.told = now
	if tell := r.config.Speakers; tell != nil {
		p.events = append(p.events, func() { tell(now) })
	}
	return r.nextSpeakers
}

// foremost bounds those who speak: those who hold an audio slot come first.
func (r *Router) foremost(speaking []string) []string {
	if len(speaking) <= maxSpeaking {
		return speaking
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := 0
	for i, id := range speaking {
		if p := r.producers[id]; p != nil && p.holding.Load() != nil {
			speaking[i], speaking[kept] = speaking[kept], speaking[i]
			kept++
		}
	}
	return speaking[:maxSpeaking]
}

// Close closes the Router with its Transports. It may be called more than once.
func (r *Router) Close() {
	r.mu.Lock()
	if r.closed.Swap(true) {
		r.mu.Unlock()
		return
	}
	transports := make([]*Transport, 0, len(r.transports))
	for t := range r.transports {
		transports = append(transports, t)
	}
	r.mu.Unlock()
	for _, t := range transports {
		t.Close()
	}
	r.server.mu.Lock()
	delete(r.server.routers, r)
	r.server.mu.Unlock()
}
