package load

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"stube/internal/testpeer"
)

// target is a server that has been asked whether it is one, and the addresses that packets may go to.
type target struct {
	version   string
	addresses []netip.Addr
}

// confirm asks whether a Stube server answers at the URL, before any load goes there, and finds the addresses of its
// host: a server could announce somebody else's.
func confirm(ctx context.Context, o Options) (target, error) {
	hello, err := testpeer.Greet(ctx, testpeer.Options{URL: o.URL, TLS: o.tls()})
	if err != nil {
		return target{}, fmt.Errorf("confirm that this is a Stube server: %w", err)
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return target{}, fmt.Errorf("read the server's URL: %w", err)
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return target{}, fmt.Errorf("find the server's addresses: %w", err)
	}
	t := target{version: hello.Version, addresses: slices.Clone(o.Media)}
	for _, address := range found {
		if address = address.Unmap(); address.IsLoopback() {
			t.addresses = append(t.addresses, machine()...) // the server announces those
		}
		t.addresses = append(t.addresses, address)
	}
	return t, nil
}

// machine are the addresses of this machine.
func machine() []netip.Addr {
	var all []netip.Addr
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range own {
		if network, ok := a.(*net.IPNet); ok {
			if address, ok := netip.AddrFromSlice(network.IP); ok {
				all = append(all, address.Unmap())
			}
		}
	}
	return all
}

// allows tells whether packets may go to an address.
func (t target) allows(address netip.Addr) bool { return slices.Contains(t.addresses, address.Unmap()) }

// list names the addresses for people.
func (t target) list() string {
	var all []string
	for _, a := range t.addresses {
		all = append(all, a.String())
	}
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(all))), ", ")
}

func (o Options) tls() *tls.Config {
	if !o.Insecure {
		return nil
	}
	return &tls.Config{InsecureSkipVerify: true} // asked for by who runs the tool
}
