// Package config holds what an operator can set: one struct, whose zero settings are replaced by defaults that need
// no thought. Settings come from a TOML file, then from the environment, then from flags; each overrides the one
// before. Everything that is wrong is reported at once, each with its key and its cure.
//
// It owns no goroutine, and must not know what the settings are for beyond what makes them valid.
package config

import (
	"net"
	"net/netip"
	"strconv"
	"time"
)

// Config is everything an operator can set. The keys of the file are those of the tags.
type Config struct {
	// Domain is the name under which the server is reached from the internet. When it is set, the server listens on
	// 443 and fetches its certificate itself (ACME).
	Domain string `toml:"domain"`
	// ACMEDirectory is where the certificate of Domain is asked for: the URL of an ACME directory (RFC 8555 section
	// 7.1.1), such as that of an organisation's own authority. The default is Let's Encrypt.
	ACMEDirectory string `toml:"acme_directory"`
	// URL is the origin that browsers reach the page at, where another program speaks TLS for this one, or where a
	// certificate of the operator's own is for a name. The default is that of Domain.
	URL string `toml:"url"`
	// Listen is the TCP address of the page, of signalling and of media for those who cannot use UDP. The default is
	// ":443" with a domain or a certificate, else ":8080". Without a host it is every address of the machine.
	Listen string `toml:"listen"`
	// Media is the UDP port of media; 0 means the same number as that of Listen.
	Media int `toml:"media"`
	// Announce are the addresses at which clients reach the media ports, for machines behind a port forwarding. The
	// default is the machine's own addresses.
	Announce []netip.Addr `toml:"announce"`
	// TrustedProxies are the networks of other programs that take requests and hand them on, and are believed when they
	// say from whom. The default is none.
	TrustedProxies []netip.Prefix `toml:"trusted_proxies"`
	// TLS names a certificate of the operator's own.
	TLS TLS `toml:"tls"`
	// Data is the folder for what must outlive a restart. It is made when something is to be kept.
	Data string `toml:"data"`
	// RoomParticipants is how many people a room holds.
	RoomParticipants int `toml:"room_participants"`
	// Hold is how long a meeting waits for a host to come back before it ends.
	Hold Duration `toml:"hold"`
	// Create says who may create meetings: signed-in, allowed (as Login.Allow says) or anyone.
	Create string `toml:"create"`
	// Login are the providers whose accounts people may log in with, beside local ones.
	Login []Login `toml:"login"`
	// Token says which tokens of other systems let their holders in.
	Token Token `toml:"token"`
	// Limit bounds the load beyond which no new meeting begins.
	Limit Limit `toml:"limit"`
	// Metrics is the TCP address at which Prometheus finds the metrics; "": nowhere.
	Metrics string `toml:"metrics"`
	// Log says what is logged.
	Log Log `toml:"log"`
}

// TLS names the files of a certificate: both or none. They are read again when they change.
type TLS struct {
	Certificate string `toml:"certificate"` // PEM, with the chain
	Key         string `toml:"key"`         // PEM
}

// Log says how much is logged and in which form.
type Log struct {
	Level  string `toml:"level"`  // debug, info, warn or error
	Format string `toml:"format"` // text or json
}

// Default is the configuration of somebody who sets nothing.
func Default() Config {
	return Config{
		Data:             "data",
		RoomParticipants: 500,
		Hold:             Duration(10 * time.Minute),
		Create:           "signed-in",
		Limit:            Limit{CPU: 85},
		Log:              Log{Level: "info", Format: "text"},
	}
}

// Secure tells whether the server speaks TLS itself.
func (c Config) Secure() bool { return c.Domain != "" || c.TLS.Certificate != "" }

// ListenAddress is the TCP address to listen on, with its default filled in.
func (c Config) ListenAddress() string {
	switch {
	case c.Listen != "":
		return c.Listen
	case c.Secure():
		return ":443"
	}
	return ":8080"
}

// ListenHost is the address that Listen names; the zero Addr when it names none, which means all of them.
func (c Config) ListenHost() netip.Addr {
	host, _, err := net.SplitHostPort(c.ListenAddress())
	if err != nil {
		return netip.Addr{}
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.IsUnspecified() {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// ListenPort is the port that Listen names; 0 means that the system picks one.
func (c Config) ListenPort() uint16 {
	_, port, err := net.SplitHostPort(c.ListenAddress())
	if err != nil {
		return 0
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}
