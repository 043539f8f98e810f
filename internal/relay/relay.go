// Package relay is a network with faults between participants and a server, for tests and measurements: it stands at
// the UDP address that the server announces, and passes packets on late, in another order, at a limited rate, or not
// at all.
//
//	r, err := relay.Start(relay.Options{Listen: announced, Server: server, Seed: 1})
//	bad := r.Client("bad")
//	r.Assign(netip.MustParseAddr("127.0.0.9"), bad) // whose packets come from this address
//	bad.Shape(relay.Down, schedule.Steady(schedule.Profile{Loss: 0.05, Delay: 50 * time.Millisecond}))
//
// Which packets are lost or late is decided by their number within their flow and by the seed, so that it is the same
// each time. A Relay owns a goroutine that reads from clients, one for each address of a client that reads from the
// server, and one that sends what waited. Close waits for all of them.
//
// The package must not know what packets carry.
package relay

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	maxPacket    = 2048
	socketBuffer = 4 << 20 // bytes
	maxFlows     = 4096
)

// Options says where a Relay stands.
type Options struct {
	Listen netip.AddrPort // what the server announces; port 0 picks one
	Server netip.AddrPort
	Seed   uint64 // of all decisions
}

// Relay is a network with faults. Its methods are safe for concurrent use.
type Relay struct {
	options Options
	socket  *net.UDPConn
	epoch   time.Time
	hurry   chan struct{} // tells the sender to look at its pipes now
	stop    chan struct{}
	running sync.WaitGroup

	mu       sync.Mutex // guards what follows
	clients  map[string]*Client
	assigned map[netip.Addr]*Client
	newcomer *Client
	flows    map[netip.AddrPort]*flow
	due      int64 // when the sender looks again by itself
	closed   bool
}

// Start opens the socket and begins to pass packets on. Clients come without faults until they are shaped.
func Start(o Options) (*Relay, error) {
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(o.Listen))
	if err != nil {
		return nil, fmt.Errorf("listen for clients: %w", err)
	}
	_ = socket.SetReadBuffer(socketBuffer) // cut to what the system allows
	r := &Relay{
		options: o, socket: socket, epoch: time.Now(), hurry: make(chan struct{}, 1), stop: make(chan struct{}),
		clients: make(map[string]*Client), assigned: make(map[netip.Addr]*Client),
		flows: make(map[netip.AddrPort]*flow), due: never,
	}
	r.newcomer = r.Client("")
	r.running.Go(func() { r.read(socket, r.takeFromClient) })
	r.running.Go(r.send)
	return r, nil
}

// Address is where clients come to.
func (r *Relay) Address() netip.AddrPort { return r.socket.LocalAddr().(*net.UDPAddr).AddrPort() }

// Client is the client of a name, which is made when there is none.
func (r *Relay) Client(name string) *Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.clients[name]
	if c == nil {
		c = &Client{relay: r}
		r.clients[name] = c
	}
	return c
}

// Assign says whose the flows are that begin at an address from now on.
func (r *Relay) Assign(address netip.Addr, c *Client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.assigned[address.Unmap()] = c
}

// Newcomers says whose the flows are that begin from now on at addresses that nobody was assigned to. At first it is
// the client of the empty name.
func (r *Relay) Newcomers(c *Client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.newcomer = c
}

// Close ends everything. What is on its way gets lost. A second Close does nothing.
func (r *Relay) Close() {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return
	}
	r.closed = true
	_ = r.socket.Close()
	for _, f := range r.flows {
		_ = f.socket.Load().Close()
	}
	close(r.stop)
	r.mu.Unlock()
	r.running.Wait()
}

// takeFromClient takes a packet of a client.
func (r *Relay) takeFromClient(data []byte, from netip.AddrPort) {
	if f := r.flow(from); f != nil {
		r.until(f.client.pipes[Up].enter(data, f.toServer, f.up, r.now()))
	}
}

// flow finds or begins the flow of an address; nil when there are too many.
func (r *Relay) flow(from netip.AddrPort) *flow {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.flows[from]
	if f != nil || len(r.flows) >= maxFlows {
		return f
	}
	c := r.assigned[from.Addr().Unmap()]
	if c == nil {
		c = r.newcomer
	}
	number := uint64(len(c.flows))
	f = &flow{
		client: c, remote: from,
		up: newDice(r.options.Seed, number, Up), down: newDice(r.options.Seed, number, Down),
	}
	if r.connect(f) != nil {
		return nil // the packet is lost; the next one tries again
	}
	r.flows[from] = f
	c.flows = append(c.flows, f)
	return f
}
