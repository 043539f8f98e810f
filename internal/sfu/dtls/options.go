package dtls

import (
	"crypto/x509"
	"time"

	pion "github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/elliptic"
	"github.com/pion/logging"
)

const (
	// mtu is what a handshake packet holds at most. It leaves room for IPv6, UDP and a tunnel.
	mtu = 1200
	// flightInterval is when an unanswered flight is sent again first; it doubles each time.
	flightInterval = 300 * time.Millisecond
)

// options are what both roles, and a connection that is woken, share. There is no session to resume, so none is
// stored. The extended master secret is used when the other end has it, as browsers do.
func options(c *Config) []pion.Option {
	return []pion.Option{
		pion.WithCertificates(c.Certificate.tls),
		pion.WithCipherSuites(
			pion.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
			pion.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		),
		pion.WithEllipticCurves(elliptic.X25519, elliptic.P256),
		pion.WithExtendedMasterSecret(pion.RequestExtendedMasterSecret),
		pion.WithSRTPProtectionProfiles(pion.SRTP_AEAD_AES_128_GCM, pion.SRTP_AES128_CM_HMAC_SHA1_80),
		pion.WithMTU(mtu),
		pion.WithFlightInterval(flightInterval),
		pion.WithLoggerFactory(silence{}),
		pion.WithInsecureSkipVerify(true), // nobody signs these certificates: the fingerprint proves them
		pion.WithVerifyPeerCertificate(func(chain [][]byte, _ [][]*x509.Certificate) error {
			if len(chain) == 0 {
				return ErrFingerprint
			}
			return verify(chain[0], c.Remote)
		}),
	}
}

// open makes the connection of a role over p. It doesn't start anything.
func open(c *Config, client bool, p *packets) (*pion.Conn, error) {
	if client {
		var all []pion.ClientOption
		for _, o := range options(c) {
			all = append(all, o)
		}
		return pion.ClientWithOptions(p, peer{}, all...)
	}
	all := []pion.ServerOption{
		pion.WithClientAuth(pion.RequireAnyClientCert),
		pion.WithInsecureSkipVerifyHello(true), // ICE has checked the address: a cookie would cost a round trip
	}
	for _, o := range options(c) {
		all = append(all, o)
	}
	return pion.ServerWithOptions(p, peer{}, all...)
}

// silence is a logger that says nothing: whether a handshake succeeded is told by an error.
type silence struct{}

func (silence) NewLogger(string) logging.LeveledLogger { return silence{} }

func (silence) Trace(string)          {}
func (silence) Tracef(string, ...any) {}
func (silence) Debug(string)          {}
func (silence) Debugf(string, ...any) {}
func (silence) Info(string)           {}
func (silence) Infof(string, ...any)  {}
func (silence) Warn(string)           {}
func (silence) Warnf(string, ...any)  {}
func (silence) Error(string)          {}
func (silence) Errorf(string, ...any) {}
