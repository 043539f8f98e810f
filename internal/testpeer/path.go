package testpeer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"stube/internal/ortc"
)

// findPath opens a link to each of the server's addresses in turn, best first, and over again, until one answers, and
// uses that.
func (t *transport) findPath(ctx context.Context) error {
	network := "udp"
	if t.options.TCP {
		network = "tcp"
	}
	addresses, err := remotes(t.candidates, network)
	if err == nil {
		addresses, err = t.options.routed(addresses)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pathTimeout)
	defer cancel()
	for {
		for _, address := range addresses {
			if err = t.tryPath(ctx, address); err == nil {
				return nil
			}
		}
		select {
		case <-time.After(checkInterval): // an address may be refused at once
		case <-ctx.Done():
			return fmt.Errorf("find a path to the server: %w", err)
		}
	}
}

// tryPath opens a link to one address and uses it if it answers.
func (t *transport) tryPath(ctx context.Context, address netip.AddrPort) error {
	var l link
	var err error
	if t.options.TCP {
		l, err = dialTCP(ctx, t.options.local("tcp"), address)
	} else {
		l, err = dialUDP(t.options.local("udp"), address)
	}
	if err != nil {
		return err
	}
	if err := t.adopt(l); err != nil {
		return err
	}
	if err := t.agent.validate(ctx, l.write); err != nil {
		t.drop(l)
		return err
	}
	t.use(l)
	return nil
}

// adopt starts to read a link.
func (t *transport) adopt(l link) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errors.Join(net.ErrClosed, l.close())
	}
	t.links[l] = struct{}{}
	t.readers.Go(func() { t.read(l) })
	return nil
}

// use sends on a link from now on, and gives up the one before.
func (t *transport) use(l link) {
	t.mu.Lock()
	before := t.path
	t.path = l
	t.mu.Unlock()
	if before != nil {
		t.drop(before)
		t.sender.uplink.restart()
	}
}

func (t *transport) drop(l link) {
	t.mu.Lock()
	delete(t.links, l)
	t.mu.Unlock()
	_ = l.close() // there is nothing to flush, and nobody to tell
}

// move finds a new path with the same credentials, as a client does that has got another address.
func (t *transport) move(ctx context.Context) error {
	t.connecting.Lock()
	defer t.connecting.Unlock()
	return t.findPath(ctx)
}

// restart moves to a new path with new credentials, as a client does whose network changed.
func (t *transport) restart(ctx context.Context, remote ortc.ICEParameters) error {
	t.connecting.Lock()
	defer t.connecting.Unlock()
	t.agent.restart(remote)
	return t.findPath(ctx)
}

// routed are the addresses that packets go to instead of those that the server announces.
func (o Options) routed(announced []netip.AddrPort) ([]netip.AddrPort, error) {
	if o.Route == nil {
		return announced, nil
	}
	var to []netip.AddrPort
	for _, address := range announced {
		if routed, ok := o.Route(address); ok {
			to = append(to, routed)
		}
	}
	if len(to) == 0 {
		return nil, errors.New("the server announces no address that packets may go to")
	}
	return to, nil
}
