package ice

import (
	"net/netip"
	"slices"
	"strconv"
)

// Priorities (RFC 8445 section 5.1.2.1). A host candidate's type preference is 126; over TCP it is that of Chromium, so
// that every path over UDP comes first (RFC 6544 section 4.2).
const (
	hostPreference    = 126
	hostTCPPreference = 90
	topPreference     = 65535 // of the first address; each further one is lower by one
	component         = 1     // RTP and RTCP share it
)

// Candidate is an address that the server is reached at. A TCP candidate is passive (RFC 6544): the peer connects.
type Candidate struct {
	Foundation string
	Priority   uint32
	Addr       netip.AddrPort
	TCP        bool
}

// HostCandidates lists the addresses, the preferred ones first, without what is there twice or isn't an address.
func HostCandidates(udp, tcp []netip.AddrPort) []Candidate {
	candidates := make([]Candidate, 0, len(udp)+len(tcp))
	for _, addr := range udp {
		candidates = add(candidates, addr, false)
	}
	first := len(candidates)
	for _, addr := range tcp {
		candidates = add(candidates, addr, true)
	}
	for i := range candidates {
		kind, index := uint32(hostPreference), i
		if candidates[i].TCP {
			kind, index = hostTCPPreference, i-first
		}
		candidates[i].Priority = kind<<24 | uint32(topPreference-index)<<8 | (256 - component)
	}
	return candidates
}

// add appends a candidate. Candidates of one base address and protocol share the foundation (RFC 8445 section 5.1.1.3).
func add(candidates []Candidate, addr netip.AddrPort, tcp bool) []Candidate {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	known := func(c Candidate) bool { return c.TCP == tcp && c.Addr == addr }
	if !addr.IsValid() || addr.Port() == 0 || slices.ContainsFunc(candidates, known) {
		return candidates
	}
	foundation := strconv.Itoa(len(candidates) + 1)
	for _, c := range candidates {
		if c.TCP == tcp && c.Addr.Addr() == addr.Addr() {
			foundation = c.Foundation
			break
		}
	}
	return append(candidates, Candidate{Foundation: foundation, Addr: addr, TCP: tcp})
}
