package oneport

import (
	"net"
	"net/netip"
)

// places are a limited number of places for connections, of which no origin gets all but the one of many.
type places struct {
	all, ofOne int // limits
	taken      int
	by         map[netip.Prefix]int
}

func newPlaces(all, ofOne int) *places {
	return &places{all: all, ofOne: ofOne, by: map[netip.Prefix]int{}}
}

func (p *places) take(origin netip.Prefix) bool {
	if p.taken >= p.all || origin.Bits() != 0 && p.by[origin] >= p.ofOne {
		return false
	}
	p.taken++
	p.by[origin]++
	return true
}

func (p *places) free(origin netip.Prefix) {
	p.taken--
	if p.by[origin]--; p.by[origin] == 0 {
		delete(p.by, origin)
	}
}

// originOf is whom a connection is counted under: an IPv4 address, or an IPv6 network as one customer gets it; many,
// which is the network of all addresses, for an address that is shared.
func originOf(conn net.Conn, shared func(netip.Addr) bool) netip.Prefix {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	if shared != nil && shared(addr) {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
