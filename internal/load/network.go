package load

import (
	"fmt"
	"net/netip"
	"sync"

	"stube/internal/relay"
	"stube/internal/relay/schedule"
)

// networks are the bad ones, one for each participant who is behind one.
type networks struct {
	mu  sync.Mutex
	all []*relay.Relay
}

// before puts a bad network before an address of the server, for a participant alone.
func (n *networks) before(server netip.AddrPort, s schedule.Schedule, seed uint64) (netip.AddrPort, error) {
	listen := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 0)
	if server.Addr().Is6() && !server.Addr().Is4In6() {
		listen = netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	}
	r, err := relay.Start(relay.Options{Listen: listen, Server: server, Seed: seed})
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("make a bad network: %w", err)
	}
	r.Client("").Shape(relay.Down, s)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, r)
	return r.Address(), nil
}

func (n *networks) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.all {
		r.Close()
	}
	n.all = nil
}
