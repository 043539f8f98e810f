package oneport

import (
	"net"
	"net/netip"
)

// places are a limited number of places for connections, of which no origin gets all.
type places struct {
	all, ofOne int // limits
	taken      int
	by         map[netip.Prefix]int
}

func newPlaces(all, ofOne int) *places {
	return &places{all: all, ofOne: ofOne, by: map[netip.Prefix]int{}}
}

func (p *places) take(origin netip.Prefix) bool {
	if p.taken >= p.all || p.by[origin] >= p.ofOne {
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

// originOf is whom a connection is counted under: an IPv4 address, or an IPv6 network as one customer gets it.
func originOf(conn net.Conn) netip.Prefix {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
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
