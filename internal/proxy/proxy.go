// Package proxy tells where an HTTP request came from when another program took it and handed it on: the client's
// address, which limits count by, and whether the client spoke TLS. Only programs that the operator trusts are
// believed; what others write into such headers is not even read.
//
// It owns no goroutine, and must not know what a request is for.
package proxy

import (
	"net/http"
	"net/netip"
)

// Trusted are the networks of the programs that are believed. Its zero value believes nobody.
type Trusted struct{ networks []netip.Prefix }

// New makes a Trusted.
func New(networks []netip.Prefix) Trusted { return Trusted{networks} }

// Address is where a request came from: the address of the connection, or if that is a trusted program's, the last one
// in the headers that is none. It is not valid when the connection has none, as in tests.
func (t Trusted) Address(r *http.Request) netip.Addr {
	addr, _ := t.origin(r)
	return addr
}

// Secure tells whether the client spoke TLS, to this server or to a trusted program.
func (t Trusted) Secure(r *http.Request) bool {
	_, secure := t.origin(r)
	return secure
}

// origin finds both. What two kinds of headers say differently is not believed: a trusted program sets one of them, and
// may hand the other on as a client made it up.
func (t Trusted) origin(r *http.Request) (netip.Addr, bool) {
	direct := connection(r)
	if !t.Trusts(direct) {
		return direct, r.TLS != nil
	}
	var found []hop
	if fields := r.Header["X-Forwarded-For"]; len(fields) > 0 {
		found = append(found, t.walk(direct, xForwarded(fields, r.Header["X-Forwarded-Proto"])))
	}
	if fields := r.Header["Forwarded"]; len(fields) > 0 {
		found = append(found, t.walk(direct, forwarded(fields)))
	}
	if len(found) == 0 {
		found = append(found, hop{direct, protoFor(r.Header["X-Forwarded-Proto"], 0, 1)})
	}
	if len(found) == 2 && found[0].addr != found[1].addr {
		return direct, r.TLS != nil
	}
	return found[0].addr, secure(found, r.TLS != nil)
}

// secure tells whether the client spoke TLS, by what the headers say or else by the connection.
func secure(found []hop, direct bool) bool {
	told := false
	for _, h := range found {
		switch h.proto {
		case "":
		case "https":
			told = true
		default:
			return false
		}
	}
	return told || direct
}

// walk goes from the nearest hop to the client, as far as programs are trusted. A hop that names no address hides what
// is beyond it: then the last program that is known stands for all behind it.
func (t Trusted) walk(direct netip.Addr, hops []hop) hop {
	client := hop{addr: direct}
	for i := len(hops) - 1; i >= 0; i-- {
		if !hops[i].addr.IsValid() {
			return hop{client.addr, hops[i].proto}
		}
		client = hops[i]
		if !t.Trusts(client.addr) {
			break
		}
	}
	return client
}

// Trusts tells whether the program at an address is believed.
func (t Trusted) Trusts(addr netip.Addr) bool {
	for _, network := range t.networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// connection is where a request's connection came from.
func connection(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr().Unmap().WithZone("")
}
