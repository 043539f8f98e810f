package room

import (
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// Media is the media core. Its methods, and those of all that it makes, are safe for concurrent use and do not
// wait for the network. Its callbacks may come on any goroutine, also during a call. Errors wrap ortc.ErrInvalid or
// ortc.ErrUnsupported when the client is to blame.
type Media interface {
	// NewRouter makes the media of one room. speaking is told the producers that are heard, when that changes.
	NewRouter(speaking func(dominant string, speaking []string)) Router
}

// Router is the media of one room. Closing it closes its transports.
type Router interface {
	// NewSender and NewReceiver make transports for the participant of the given id.
	NewSender(owner string, events TransportEvents) (Sender, error)
	NewReceiver(owner string, events TransportEvents) (Receiver, error)
	// AudioSlots are the producers that carry the voices which matter now, without the receiver's own.
	AudioSlots() []Producer
	Close()
}

// TransportEvents are a transport's callbacks.
type TransportEvents struct {
	// Path tells that media has a way to the client, or no longer has.
	Path func(up bool)
	// Quality tells how good the way is, when that changes.
	Quality func(protocol.ConnectionLevel)
	// Consumers tells the layers that consumers now carry.
	Consumers func([]protocol.ConsumerState)
	// Producers tells up to which layers videos are of use to anybody.
	Producers func([]protocol.ProducerWish)
}

// Transport is a media connection with one client. Closing it closes its producers and consumers.
type Transport interface {
	Description() protocol.Transport
	Connect(ortc.DTLSParameters) error
	RestartICE() ortc.ICEParameters
	Close()
}

// Sender is a transport on which a client sends.
type Sender interface {
	Transport
	Produce(ProducerConfig) (Producer, error)
}

// Receiver is a transport on which a client receives.
type Receiver interface {
	Transport
	Consume(ConsumerConfig) (Consumer, error)
	// SetViews tells all the video that is shown; other video consumers pause.
	SetViews([]protocol.ViewItem)
	// Explore has it tried for some time what the way to the client carries, also beyond what is sent.
	Explore(time.Duration)
	// Downlink tells what is known of the way to the client.
	Downlink() protocol.Downlink
}

// ProducerConfig describes a track that a client sends.
type ProducerConfig struct {
	Kind       ortc.MediaKind
	Parameters ortc.RTPParameters
	Paused     bool
	Size       protocol.Size // zero when not known
	Voice      bool          // somebody's microphone: it goes out by the audio slots too
}

// Producer is a track that comes in. Closing it closes its consumers.
type Producer interface {
	ID() string
	Pause()
	Resume()
	SetSize(width, height int)
	Close()
}

// ConsumerConfig describes a track that a client wants to receive.
type ConsumerConfig struct {
	Producer     Producer
	Capabilities ortc.RTPCapabilities
	Paused       bool
	Closed       func() // the producer has ended, and this consumer with it
}

// Consumer is a track that goes out.
type Consumer interface {
	ID() string
	Parameters() ortc.RTPParameters
	Resume()
	Close()
}
