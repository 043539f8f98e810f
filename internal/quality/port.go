package quality

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// FreePort finds a port that nobody has, for a server at Behind and a relay at Announced.
func FreePort(ctx context.Context) (uint16, error) {
	const tries = 20
	var err error
	for range tries {
		var port uint16
		if port, err = freePort(ctx); err == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

func freePort(ctx context.Context) (uint16, error) {
	var config net.ListenConfig
	tcp, err := config.Listen(ctx, "tcp", netip.AddrPortFrom(Behind(), 0).String())
	if err != nil {
		return 0, err
	}
	port := tcp.Addr().(*net.TCPAddr).AddrPort().Port()
	err = tcp.Close()
	for _, address := range []netip.Addr{Behind(), Announced()} {
		udp, failed := config.ListenPacket(ctx, "udp", netip.AddrPortFrom(address, port).String())
		if failed != nil {
			return 0, errors.Join(err, failed)
		}
		err = errors.Join(err, udp.Close())
	}
	return port, err
}
