package room

import (
	"sync"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// fake stands for the whole media core: each method that makes something gives another fake, with what it was made
// of.
type fake struct {
	mu       sync.Mutex // for children; transports are made outside of the loop
	id       string
	fail     error // what Produce and Consume give
	children []*fake
	events   TransportEvents
	owner    string     // of a transport
	slots    []Producer // of a router
	voice    bool       // of a producer
	follows  ConsumerConfig
	speaking func(string, []string)
	views    []protocol.ViewItem
	downlink protocol.Downlink
	calls    []string
}

func (f *fake) child(c *fake) *fake {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.id = newID()
	f.children = append(f.children, c)
	return c
}

func (f *fake) NewRouter(speaking func(string, []string)) Router {
	return f.child(&fake{speaking: speaking})
}

func (f *fake) NewSender(owner string, e TransportEvents) (Sender, error) {
	return f.child(&fake{owner: owner, events: e}), f.fail
}

func (f *fake) NewReceiver(owner string, e TransportEvents) (Receiver, error) {
	return f.child(&fake{owner: owner, events: e}), f.fail
}

func (f *fake) AudioSlots() []Producer { return f.slots }

func (f *fake) Produce(c ProducerConfig) (Producer, error) {
	return f.child(&fake{voice: c.Voice}), f.fail
}

func (f *fake) Consume(c ConsumerConfig) (Consumer, error) { return f.child(&fake{follows: c}), f.fail }
func (f *fake) Description() protocol.Transport            { return protocol.Transport{ID: f.id} }
func (f *fake) Connect(ortc.DTLSParameters) error          { f.calls = append(f.calls, "connect"); return nil }

func (f *fake) RestartICE() ortc.ICEParameters     { return ortc.ICEParameters{ICELite: true} }
func (f *fake) ID() string                         { return f.id }
func (f *fake) Parameters() ortc.RTPParameters     { return ortc.RTPParameters{Mid: "0"} }
func (f *fake) Downlink() protocol.Downlink        { return f.downlink }
func (f *fake) SetViews(views []protocol.ViewItem) { f.views = views }
func (f *fake) Explore(time.Duration)              { f.calls = append(f.calls, "explore") }
func (f *fake) SetSize(int, int)                   { f.calls = append(f.calls, "size") }
func (f *fake) Pause()                             { f.calls = append(f.calls, "pause") }
func (f *fake) Resume()                            { f.calls = append(f.calls, "resume") }
func (f *fake) Close()                             { f.calls = append(f.calls, "close") }
