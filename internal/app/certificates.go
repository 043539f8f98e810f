package app

import (
	"crypto/tls"
	"net/netip"
)

// minTLS is the oldest version of TLS that is spoken (criterion 25).
const minTLS = tls.VersionTLS12

// certificates are what the server proves its name with.
type certificates interface {
	config() *tls.Config // finds the certificate for a handshake
	keep()               // begins to renew it; the server must listen already, as the authority comes to ask
	close()              // ends that
}

// newCertificates takes the operator's files, or what is fetched for the domain. The server listens on bound.
func newCertificates(o Options, bound netip.AddrPort) (certificates, error) {
	if o.Config.Domain == "" {
		return newCertificateFiles(o.Config.TLS, o.Log)
	}
	return newFetchedCertificate(o, bound)
}

// serverTLS is what every handshake is done with.
func serverTLS(c certificates) *tls.Config {
	settings := c.config()
	settings.MinVersion = minTLS
	settings.NextProtos = append([]string{"h2", "http/1.1"}, settings.NextProtos...)
	return settings
}
