package relay

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
)

// flow is one address of a client, which has a socket of its own towards the server. A goroutine reads the socket.
type flow struct {
	client *Client
	remote netip.AddrPort // of the client
	socket atomic.Pointer[net.UDPConn]
	up     *dice // the goroutine's that reads from clients
	down   *dice // the goroutine's that reads the socket

	done chan struct{} // closed when the socket is no longer read; guarded by the relay's mu
}

// toServer sends to the server.
func (f *flow) toServer(data []byte) {
	_, _ = f.socket.Load().Write(data) // what cannot be sent is lost, as in any network
}

// connect gives a flow a new socket and reads it; the old one is closed. mu is held.
func (r *Relay) connect(f *flow) error {
	if r.closed {
		return net.ErrClosed
	}
	socket, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(r.options.Server))
	if err != nil {
		return fmt.Errorf("open a socket to the server: %w", err)
	}
	_ = socket.SetReadBuffer(socketBuffer) // cut to what the system allows
	if old := f.socket.Swap(socket); old != nil {
		_ = old.Close()
	}
	toClient := func(data []byte) { _, _ = r.socket.WriteToUDPAddrPort(data, f.remote) }
	before := f.done
	f.done = make(chan struct{})
	done := f.done
	r.running.Go(func() {
		defer close(done)
		if before != nil {
			<-before // the dice are one goroutine's at a time
		}
		r.read(socket, func(data []byte, _ netip.AddrPort) {
			r.until(f.client.pipes[Down].enter(data, toClient, f.down, r.now()))
		})
	})
	return nil
}

// read hands on what comes to a socket until that is closed.
func (r *Relay) read(socket *net.UDPConn, take func([]byte, netip.AddrPort)) {
	buffer := make([]byte, maxPacket)
	for {
		n, from, err := socket.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil { // else it tells what became of an earlier packet of ours
			take(buffer[:n], from)
		}
	}
}
