//go:build linux

// Package udp moves datagrams in batches: one recvmmsg(2) or sendmmsg(2) for many of them, with UDP GRO and GSO, so
// that a train of equal packets to one destination costs the network stack once.
//
// A Socket is bound and shared; each goroutine that reads or writes has its own Reader or Writer, whose buffers are
// allocated once. The package starts no goroutine. It must not know what the packets carry.
//
// Linux only: that is where the batches and the segmentation offload are.
package udp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// kernelBuffer is asked for in each direction, in bytes: a key frame to some hundred receivers fits.
const kernelBuffer = 8 << 20

// Socket is a bound UDP socket. Its methods are safe for concurrent use.
type Socket struct {
	conn  *net.UDPConn
	raw   syscall.RawConn
	local netip.AddrPort
	v6    bool        // the socket's family is IPv6, perhaps with IPv4-mapped addresses
	gro   bool        // the kernel hands received trains over whole
	gso   atomic.Bool // trains may be sent; switched off once the kernel refuses them
}

// Listen binds n sockets (at least one) to the same address. The kernel shares the remote addresses out among them and
// keeps each with its socket. Port 0 lets the first socket pick one. The port is refused when anything else is
// bound to it, also another process of the same program. [::] takes IPv4 as well.
func Listen(addr netip.AddrPort, n int) ([]*Socket, error) {
	sockets := make([]*Socket, 0, n)
	for range max(n, 1) {
		s, err := listen(addr, len(sockets) > 0)
		if err != nil {
			for _, open := range sockets {
				err = errors.Join(err, open.Close())
			}
			return nil, fmt.Errorf("listen on UDP %v: %w", addr, err)
		}
		addr = netip.AddrPortFrom(addr.Addr(), s.local.Port())
		sockets = append(sockets, s)
	}
	return sockets, nil
}

// listen binds one socket. The first of a group binds alone, which finds out whether the port is free, and opens the
// port to the others only afterwards.
func listen(addr netip.AddrPort, join bool) (*Socket, error) {
	s := &Socket{v6: !addr.Addr().Unmap().Is4()}
	network := "udp4"
	if s.v6 {
		network = "udp6"
	}
	wildcard := addr.Addr().IsUnspecified()
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return control(raw, func(fd int) error {
			if join {
				if err := shareport(fd); err != nil {
					return err
				}
			}
			return s.prepare(fd, wildcard)
		})
	}}
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	conn, err := config.ListenPacket(context.Background(), network, addr.String())
	if err != nil {
		return nil, err
	}
	s.conn = conn.(*net.UDPConn)
	s.local = s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	s.local = netip.AddrPortFrom(s.local.Addr().Unmap(), s.local.Port())
	if s.raw, err = s.conn.SyscallConn(); err == nil && !join {
		err = control(s.raw, shareport)
	}
	if err != nil {
		return nil, errors.Join(err, s.conn.Close())
	}
	return s, nil
}

// control runs set on the socket's descriptor.
func control(raw syscall.RawConn, set func(fd int) error) error {
	var err error
	if outer := raw.Control(func(fd uintptr) { err = set(int(fd)) }); outer != nil {
		return outer
	}
	return err
}

func shareport(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return fmt.Errorf("set SO_REUSEPORT: %w", err)
	}
	return nil
}

// prepare sets the options that a socket has before it is bound. Buffer sizes, offload and stamps are wishes: without
// them it works as well, and slower or with coarser times.
func (s *Socket) prepare(fd int, wildcard bool) error {
	for plain, force := range map[int]int{
		unix.SO_RCVBUF: unix.SO_RCVBUFFORCE,
		unix.SO_SNDBUF: unix.SO_SNDBUFFORCE,
	} {
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, kernelBuffer) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, kernelBuffer) // cut to net.core.*mem_max
		}
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	s.gro = unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 1) == nil
	_, err := unix.GetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT)
	s.gso.Store(err == nil)
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 0); err != nil { // net switched it on
		return fmt.Errorf("clear SO_BROADCAST: %w", err)
	}
	if !wildcard {
		return nil
	}
	if !s.v6 {
		if err := unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_PKTINFO, 1); err != nil {
			return fmt.Errorf("set IP_PKTINFO: %w", err)
		}
		return nil
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_V6ONLY, 0); err != nil {
		return fmt.Errorf("clear IPV6_V6ONLY: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_RECVPKTINFO, 1); err != nil {
		return fmt.Errorf("set IPV6_RECVPKTINFO: %w", err)
	}
	return nil
}

// LocalAddr returns the bound address.
func (s *Socket) LocalAddr() netip.AddrPort { return s.local }

// SetReadDeadline makes a Read that waits return os.ErrDeadlineExceeded at t; the zero time takes the deadline away.
func (s *Socket) SetReadDeadline(t time.Time) error { return s.conn.SetReadDeadline(t) }

// Close closes the socket. A Read that waits returns net.ErrClosed; a Flush under way ends, later ones drop.
func (s *Socket) Close() error { return s.conn.Close() }
