package testpeer

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"stube/internal/signal/protocol"
)

// DropSocket cuts the WebSocket without a word, as a failing network does. Media goes on.
func (p *Peer) DropSocket() {
	p.mu.Lock()
	socket := p.socket
	p.mu.Unlock()
	socket.drop()
}

// Resume opens a new WebSocket and takes the participant up where the dropped one left it.
func (p *Peer) Resume(ctx context.Context) error {
	socket, err := dial(ctx, p.options, p.notified)
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	p.mu.Lock()
	before := p.socket
	p.socket = socket
	p.roster.ready = false // until the snapshot is there, deltas wait
	p.mu.Unlock()
	before.drop()
	p.consuming.Lock() // what was asked for on the dropped socket has failed by now, or will be known
	defer p.consuming.Unlock()
	var resumed protocol.Resumed
	request := protocol.Resume{Room: p.options.Room, Ticket: p.ticket}
	if err := socket.call(ctx, protocol.MethodResume, request, &resumed); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	p.mu.Lock()
	p.roster.restart(resumed.Snapshot)
	p.forgetConsumers(slices.DeleteFunc(slices.Collect(maps.Keys(p.consumers)), func(id string) bool {
		return slices.Contains(resumed.ConsumerIDs, id)
	}))
	unknown := slices.DeleteFunc(resumed.ConsumerIDs, func(id string) bool { return p.consumers[id] != nil })
	p.mu.Unlock()
	if len(unknown) > 0 { // the answer that told of them was lost with the socket: they can be asked for anew
		request := protocol.ConsumerRefs{ConsumerIDs: unknown}
		if err := p.Call(ctx, protocol.MethodCloseConsumers, request, &protocol.Empty{}); err != nil {
			return fmt.Errorf("resume: %w", err)
		}
	}
	p.changes.tell()
	p.wakeSubscriber()
	return nil
}

// MovePath moves both transports that are connected to new sockets under the same credentials, as a client does that
// has got another address. Media goes on on the old path until the new one is found.
func (p *Peer) MovePath(ctx context.Context) error {
	for _, t := range []*transport{p.send, p.receive} {
		if t.dtls() == nil {
			continue
		}
		if err := t.move(ctx); err != nil {
			return fmt.Errorf("move to another path: %w", err)
		}
	}
	return nil
}

// RestartICE moves both transports that are connected to new sockets with new credentials, as a client does whose
// network changed. Media stops from the moment that the server's answer is there until the new path is found.
func (p *Peer) RestartICE(ctx context.Context) error {
	for _, t := range []*transport{p.send, p.receive} {
		if t.dtls() == nil {
			continue
		}
		var answer protocol.ICERestarted
		request := protocol.RestartICE{TransportID: t.id}
		if err := p.Call(ctx, protocol.MethodRestartICE, request, &answer); err != nil {
			return fmt.Errorf("restart ICE: %w", err)
		}
		if err := t.restart(ctx, answer.ICEParameters); err != nil {
			return fmt.Errorf("restart ICE: %w", err)
		}
	}
	return nil
}
