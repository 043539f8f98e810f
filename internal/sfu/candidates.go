package sfu

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"stube/internal/ortc"
	"stube/internal/sfu/ice"
)

// ErrNoAddress is returned by New when the machine has no address that could be announced.
var ErrNoAddress = errors.New("no network address to announce")

// announced gives the addresses that UDP candidates name.
func announced(cfg Config, bound []netip.AddrPort) ([]netip.AddrPort, error) {
	if len(cfg.Announce) > 0 {
		out := make([]netip.AddrPort, len(cfg.Announce))
		for i, a := range cfg.Announce {
			if a.Port() == 0 {
				a = netip.AddrPortFrom(a.Addr(), bound[0].Port())
			}
			out[i] = a
		}
		return out, nil
	}
	var out []netip.AddrPort
	for _, b := range bound {
		if !b.Addr().IsUnspecified() {
			out = append(out, b)
			continue
		}
		machine, err := MachineAddresses()
		if err != nil {
			return nil, err
		}
		for _, a := range machine {
			if a.Is4() || b.Addr().Is6() { // [::] takes both families
				out = append(out, netip.AddrPortFrom(a, b.Port()))
			}
		}
	}
	if len(out) == 0 {
		return nil, ErrNoAddress
	}
	return out, nil
}

// MachineAddresses lists the addresses of this machine under which others may reach it: no loopback and no
// link-local ones, unless it has nothing but loopback.
func MachineAddresses() ([]netip.Addr, error) {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list the machine's addresses: %w", err)
	}
	var far, near []netip.Addr
	for _, a := range list {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		switch addr := prefix.Addr().Unmap(); {
		case addr.IsLoopback():
			near = append(near, addr)
		case addr.IsGlobalUnicast():
			far = append(far, addr)
		}
	}
	if len(far) > 0 {
		return far, nil
	}
	return near, nil
}

// ortcCandidates puts host candidates into the shape that clients take.
func ortcCandidates(list []ice.Candidate) []ortc.ICECandidate {
	out := make([]ortc.ICECandidate, 0, len(list))
	for _, c := range list {
		address := c.Addr.Addr().String()
		oc := ortc.ICECandidate{
			Foundation: c.Foundation, Priority: c.Priority, Address: address, IP: address,
			Protocol: "udp", Port: c.Addr.Port(), Type: "host",
		}
		if c.TCP {
			oc.Protocol, oc.TCPType = "tcp", "passive"
		}
		out = append(out, oc)
	}
	return out
}
