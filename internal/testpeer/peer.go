// Package testpeer is a participant in Go: it speaks the real protocol over a real WebSocket, with real ICE, DTLS and
// SRTP. It publishes synthetic media, receives that of others, and counts. Tests and the load tool are made of it.
//
// A test joins peers, lets them publish and consume, and waits with Until for what it expects of Stats, Room and the
// consumers:
//
//	alice, err := testpeer.Join(ctx, testpeer.Options{URL: server, Room: "r", Name: "Alice"})
//	camera, err := alice.PublishCamera(ctx, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
//	bob, err := testpeer.Join(ctx, testpeer.Options{URL: server, Room: "r", Name: "Bob", AutoSubscribe: true})
//	err = bob.Until(ctx, func() bool { return bob.Stats().Total().Frames > 10 })
//
// A Peer owns its goroutines: one that reads the WebSocket, one for each socket of its two transports, one that reports
// and asks again, one that subscribes, one that follows the way up if it is Adaptive, and one for each track that it
// publishes. Leave and Close wait for all of them.
//
// The package must not know the server's insides: of the tree it uses the protocol, the media parameters, and the
// leaves that both ends need.
package testpeer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// ErrClosed says that the peer has left or was closed.
var ErrClosed = errors.New("the peer is closed")

// Peer is a participant in a room. Its methods are safe for concurrent use.
type Peer struct {
	options       Options
	id            string
	ticket        string
	slots         []string // producers of audio slots
	send, receive *transport
	changes       changes
	subscribe     chan struct{} // told when there may be something to subscribe to
	ctx           context.Context
	cancel        context.CancelFunc
	running       sync.WaitGroup
	consuming     sync.Mutex // held while the server is asked for consumers, to end some, or which there are

	mu        sync.Mutex // guards what follows
	socket    *signalling
	roster    roster
	consumers map[string]*Consumer
	tracks    map[*Track]struct{}
	mids      int
	reason    protocol.ErrorCode // why the server closed the last socket
	closed    bool
}

// Join enters a room. It returns when the server has answered; the receiving transport connects meanwhile, the sending
// one with the first track. ctx bounds the joining, not the peer's life.
func Join(ctx context.Context, o Options) (*Peer, error) {
	p, err := arrive(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	var joined protocol.Joined
	err = p.socket.call(ctx, protocol.MethodJoin, protocol.Join{
		Room: o.Room, Name: o.Name, Invite: o.Invite, Token: o.Token, RTPCapabilities: p.capabilities(),
	}, &joined)
	if err != nil {
		p.socket.close()
		return nil, fmt.Errorf("join: %w", err)
	}
	p.start(joined)
	return p, nil
}

// Check begins a check of the way to the server, as a page does before joining: like Join, but into no room. The peer
// may consume what it publishes itself.
func Check(ctx context.Context, o Options) (*Peer, error) {
	p, err := arrive(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	var checking protocol.Checking
	request := protocol.Check{RTPCapabilities: p.capabilities()}
	if err = p.socket.call(ctx, protocol.MethodCheck, request, &checking); err != nil {
		p.socket.close()
		return nil, fmt.Errorf("check: %w", err)
	}
	p.start(protocol.Joined{Send: checking.Send, Receive: checking.Receive})
	return p, nil
}

// arrive makes a peer whose WebSocket stands.
func arrive(ctx context.Context, o Options) (*Peer, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	p := &Peer{
		options: o, subscribe: make(chan struct{}, 1),
		consumers: make(map[string]*Consumer), tracks: make(map[*Track]struct{}),
	}
	p.changes.init()
	p.socket, err = dial(ctx, o, p.notified)
	return p, err
}

func (p *Peer) capabilities() ortc.RTPCapabilities {
	return capabilities(p.socket.hello.RTPCapabilities, p.options.Bandwidth == 0)
}

// start sets the peer to work with what the server answered.
func (p *Peer) start(joined protocol.Joined) {
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.id, p.ticket, p.slots = joined.ParticipantID, joined.Ticket, joined.AudioSlots
	p.send, p.receive = newTransport(joined.Send, p.options), newTransport(joined.Receive, p.options)
	p.mu.Lock()
	p.roster.restart(joined.Snapshot)
	p.mu.Unlock()
	if p.options.AutoSubscribe {
		p.running.Go(p.keepSubscribed)
	}
	p.running.Go(p.tend)
	if p.options.Adaptive {
		p.running.Go(p.follow)
	}
	p.running.Go(func() {
		if err := p.ConnectReceive(p.ctx); err != nil && p.ctx.Err() == nil {
			p.options.Log.Warn("the receiving transport doesn't connect", "error", err)
		}
	})
	p.wakeSubscriber()
}

// ID is the participant's id.
func (p *Peer) ID() string { return p.id }

// ConnectSend connects the sending transport and returns when media may flow.
func (p *Peer) ConnectSend(ctx context.Context) error { return p.connect(ctx, p.send) }

// ConnectReceive returns when the receiving transport, which Join began to connect, is connected.
func (p *Peer) ConnectReceive(ctx context.Context) error { return p.connect(ctx, p.receive) }

func (p *Peer) connect(ctx context.Context, t *transport) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	return t.connect(ctx, func(ctx context.Context, d ortc.DTLSParameters) error {
		request := protocol.Connect{TransportID: t.id, DTLSParameters: d}
		return p.Call(ctx, protocol.MethodConnect, request, &protocol.Empty{})
	})
}

// Call asks the server anything of the protocol, and decodes the answer into result. A refusal is a *ServerError.
func (p *Peer) Call(ctx context.Context, method protocol.Method, params, result any) error {
	p.mu.Lock()
	socket := p.socket
	p.mu.Unlock()
	return socket.call(ctx, method, params, result)
}

// Rename changes the name under which the others see the peer.
func (p *Peer) Rename(ctx context.Context, name string) error {
	return p.Call(ctx, protocol.MethodRename, protocol.Rename{Name: name}, &protocol.Empty{})
}

// SetUplink changes which of the media packets that the peer sends get lost from now on.
func (p *Peer) SetUplink(l Loss) { p.send.sender.loss.set(l) }

// SetDownlink is SetUplink for what the peer receives.
func (p *Peer) SetDownlink(l Loss) { p.receive.receiver.loss.set(l) }

// SetBandwidth changes what the peer says it can receive, in bit/s, and says so at once. It needs Options.Bandwidth.
func (p *Peer) SetBandwidth(bitrate uint64) {
	p.receive.receiver.bandwidth.Store(bitrate)
	p.receive.receiver.tellBandwidth()
}

// Leave leaves the room in good order and ends the peer.
func (p *Peer) Leave(ctx context.Context) error {
	err := p.Call(ctx, protocol.MethodLeave, protocol.Empty{}, &protocol.Empty{})
	if errors.Is(err, ErrSocketClosed) {
		err = nil // the server may close the socket before its answer is read
	}
	p.Close()
	return err
}

// Close ends the peer without telling the server, whose participant stays until its time is up. It waits for all
// goroutines. A second Close does nothing.
func (p *Peer) Close() {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	p.closed = true
	tracks := slices.Collect(maps.Keys(p.tracks))
	socket := p.socket
	p.mu.Unlock()
	p.cancel()
	for _, t := range tracks {
		t.end()
	}
	socket.close()
	p.running.Wait()
	p.send.close()
	p.receive.close()
	p.changes.tell()
}

// nextMid numbers the peer's tracks.
func (p *Peer) nextMid() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mids++
	return strconv.Itoa(p.mids - 1)
}

// remember lists a track, so that Close ends it. It is false when the peer is closed.
func (p *Peer) remember(t *Track) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.tracks[t] = struct{}{}
	return true
}

func (p *Peer) forget(t *Track) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.tracks, t)
}

// notified takes what the server tells, on the WebSocket's reading goroutine.
func (p *Peer) notified(method protocol.Method, params json.RawMessage) {
	p.mu.Lock()
	err := p.note(method, params)
	p.mu.Unlock()
	if err != nil {
		p.options.Log.Warn("cannot read a notification", "method", method, "error", err)
	}
	p.changes.tell()
	if method == protocol.MethodDelta || method == protocol.MethodConsumersClosed {
		p.wakeSubscriber()
	}
}
