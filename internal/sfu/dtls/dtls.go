// Package dtls makes the keys of SRTP by a DTLS 1.2 handshake (RFC 5763, RFC 5764), on pion/dtls.
//
// An Endpoint takes packets from whoever receives them and sends through a function; it never touches a socket.
// The certificates are self-signed on both ends: what proves the other end is the fingerprint that it sent
// through signalling (RFC 8122).
//
// While a handshake runs, and for some seconds after, an Endpoint owns one goroutine, and pion three of its own.
// Then it parks: the connection is reduced to its keys and counters, and the goroutines end. The next packet, or
// Close, wakes it. A meeting has hundreds of endpoints that hear nothing more until their end.
//
// The package must not know ICE, sockets or what the keys are used for.
package dtls

import (
	"errors"

	"stube/internal/sfu/srtp"
)

// Why an Endpoint ended.
var (
	// ErrFingerprint says that the other end's certificate isn't the one it announced.
	ErrFingerprint = errors.New("dtls: certificate doesn't match any announced fingerprint")
	// ErrNoProfile says that the other end doesn't speak SRTP, or none of our profiles.
	ErrNoProfile = errors.New("dtls: no SRTP profile agreed")
	// ErrClosed says that the other end closed the connection.
	ErrClosed = errors.New("dtls: closed by the other end")
)

// Config is what an Endpoint needs.
type Config struct {
	Certificate *Certificate
	Remote      []Fingerprint // of the other end's certificate, as signalling brought them

	// Send sends a packet to the other end. It must not keep the packet, nor call Close.
	Send func(packet []byte)
	// Ready brings the keys after the handshake, once at most. It must not call Close.
	Ready func(Keys)
	// Closed tells why the handshake failed or the connection ended, once at most, and not when Close did it.
	// It must not call Close.
	Closed func(error)
}

// Keys are the master keys and salts of SRTP (RFC 5764 section 4.2).
type Keys struct {
	Profile               srtp.Profile
	LocalKey, LocalSalt   []byte // of what this end sends
	RemoteKey, RemoteSalt []byte // of what this end receives
}

// IsDTLS tells a DTLS packet from STUN, TURN, RTP and RTCP by its first byte (RFC 7983 section 7).
func IsDTLS(b []byte) bool {
	return len(b) >= recordHeader && b[0] >= 20 && b[0] <= 63
}
