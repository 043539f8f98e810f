package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"stube/internal/config"
)

// maxAddresses bounds what is announced: clients try each.
const maxAddresses = 12

// listen binds a TCP port. The key is the setting that names it.
func listen(ctx context.Context, key, address string) (net.Listener, error) {
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, explainListen(key, "TCP", address, err)
	}
	return socket, nil
}

// explainListen says why a port cannot be had and what to do. The key is the setting that names it.
func explainListen(key, network, address string, err error) error {
	_, port, splitErr := net.SplitHostPort(address)
	if splitErr != nil {
		port = address
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s: %s port %s is in use by another program; stop that program, or set %s to another port",
			key, network, port, key)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s: this user may not use %s port %s; set %s to a port above 1023, "+
			"or give the program the capability CAP_NET_BIND_SERVICE", key, network, port, key)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%s: this machine has no address %s; set %s to one of its own, or to the port alone",
			key, address, key)
	}
	return fmt.Errorf("%s: %s port %s cannot be opened (%w); set %s to another address or port",
		key, network, port, reason(err), key)
}

// reason is the innermost part of an error of the system: what happened, without where.
func reason(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		return call.Err
	}
	return err
}

// reachable are the addresses that clients are told: those of the configuration, else the one listened on, else the
// machine's own together with those that the domain's name leads to, as a machine may stand behind a forwarding.
func reachable(ctx context.Context, c config.Config, log *slog.Logger) ([]netip.Addr, error) {
	if len(c.Announce) > 0 {
		return c.Announce, nil
	}
	if host := c.ListenHost(); host.IsValid() {
		return []netip.Addr{host}, nil
	}
	var addresses []netip.Addr
	if c.Domain != "" {
		addresses = resolve(ctx, c.Domain, log)
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("announce: the machine's addresses cannot be read (%w); set announce to its address", err)
	}
	for _, addr := range ownAddresses(own) {
		if !slices.Contains(addresses, addr) {
			addresses = append(addresses, addr)
		}
	}
	if len(addresses) == 0 {
		return nil, errors.New("announce: this machine has no network address; connect it, or set announce to its address")
	}
	return addresses[:min(len(addresses), maxAddresses)], nil
}

// ownAddresses picks what others can reach, IPv4 first; loopback only where there is nothing else.
func ownAddresses(own []net.Addr) []netip.Addr {
	var addresses, loopback []netip.Addr
	for _, a := range own {
		network, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		addr, ok := netip.AddrFromSlice(network.IP)
		if !ok {
			continue
		}
		switch addr = addr.Unmap(); {
		case addr.IsLoopback():
			loopback = append(loopback, addr)
		case addr.IsGlobalUnicast():
			addresses = append(addresses, addr)
		}
	}
	if len(addresses) == 0 {
		addresses = loopback
	}
	slices.SortStableFunc(addresses, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	return addresses
}

func resolve(ctx context.Context, domain string, log *slog.Logger) []netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", domain)
	if err != nil {
		log.Warn("the domain's name leads nowhere yet", "error", err)
		return nil
	}
	var addresses []netip.Addr
	for _, addr := range found {
		if addr = addr.Unmap(); addr.IsGlobalUnicast() && !slices.Contains(addresses, addr) {
			addresses = append(addresses, addr)
		}
	}
	return addresses
}

// url is the address of the home page at a host of this server.
func (a *App) url(host string) string {
	scheme, usual := "http", uint16(80)
	if a.config.Secure() {
		scheme, usual = "https", 443
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if a.port == usual {
		return fmt.Sprintf("%s://%s/", scheme, host)
	}
	return fmt.Sprintf("%s://%s:%d/", scheme, host, a.port)
}

// welcome says where to open the page, and how the first operator gets an account. The latter is a secret, for whoever
// starts the server; it goes nowhere else.
func (a *App) welcome(ctx context.Context, version string) (string, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "Stube %s is running. Open it in a browser:\n\n", version)
	a.writeAddresses(&out)
	if a.config.Create == anyone {
		out.WriteString("\nAnybody who reaches this server may start meetings on it: create is \"anyone\".\n")
	}
	path, needed, err := a.logIn.FirstSetup(ctx)
	if err != nil {
		return "", err
	}
	if needed {
		out.WriteString("\nNobody has an account yet. This link makes the first one, once; keep it to yourself:\n\n")
		fmt.Fprintf(&out, "  %s%s\n", strings.TrimSuffix(a.origin(), "/"), path)
	}
	return out.String(), nil
}

// origin is the address under which the page is opened first.
func (a *App) origin() string {
	if origin := a.config.Origin(); origin != "" {
		return origin
	}
	return a.URL()
}

// writeAddresses lists where the page is.
func (a *App) writeAddresses(out *strings.Builder) {
	if a.config.Domain != "" {
		fmt.Fprintf(out, "  %s\n", a.url(a.config.Domain))
		return
	}
	fmt.Fprintf(out, "  %s\n", a.URL())
	if a.config.ListenHost().IsValid() {
		return
	}
	others := 0
	for _, addr := range a.addresses {
		if !addr.IsLoopback() {
			fmt.Fprintf(out, "  %s\n", a.url(addr.String()))
			others++
		}
	}
	if others > 0 && !a.config.Secure() {
		out.WriteString("\nBrowsers give camera and microphone only to pages from https:// or from localhost. " +
			"For other\ndevices, set a domain or a certificate: docs/self-hosting.md.\n")
	}
}
