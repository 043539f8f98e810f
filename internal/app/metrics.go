package app

import (
	"context"
	"net"
	"net/netip"

	"stube/internal/metrics"
)

// serveMetrics serves the metrics at an address of their own, if one is set.
func (a *App) serveMetrics(ctx context.Context) error {
	a.metrics.Watch(metrics.Sources{Media: a.media, House: a.house, Signal: a.signal, Gate: a.gate})
	if a.config.Metrics == "" {
		return nil
	}
	socket, err := listen(ctx, "metrics", a.config.Metrics)
	if err != nil {
		return err
	}
	if bound, ok := socket.Addr().(*net.TCPAddr); ok && !bound.AddrPort().Addr().Unmap().IsLoopback() {
		a.log.Warn("metrics are served beyond this machine: let only who may see them reach that address")
	}
	a.measured = metrics.Serve(socket, a.metrics, a.log)
	return nil
}

// MetricsAddress is where the metrics are served; the zero AddrPort when they are not.
func (a *App) MetricsAddress() netip.AddrPort {
	if a.measured == nil {
		return netip.AddrPort{}
	}
	address, _ := a.measured.Address().(*net.TCPAddr)
	return address.AddrPort()
}
