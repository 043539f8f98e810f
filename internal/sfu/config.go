package sfu

import (
	"log/slog"
	"net/netip"
)

// Config says where a Server listens and what it announces.
type Config struct {
	// Listen are the UDP addresses to bind. A wildcard address answers from the address it was asked on; port 0
	// picks a free port.
	Listen []netip.AddrPort
	// Announce are the addresses that UDP candidates name; port 0 stands for the bound port. Empty: the bound
	// addresses, or for a wildcard all of the machine's (loopback only where it has nothing else).
	Announce []netip.AddrPort
	// AnnounceTCP are the addresses that ICE-TCP candidates name: those of the HTTP port. Empty: no ICE-TCP.
	AnnounceTCP []netip.AddrPort
	// Workers is the number of sockets, and so of goroutines, for each address; 0 means one for each core.
	Workers int
	// Log receives a line for each lifecycle change, without addresses. Nil: no log.
	Log *slog.Logger
}
