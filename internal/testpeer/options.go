package testpeer

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"stube/internal/sfu/dtls"
	"stube/internal/signal/protocol"
)

// socketPath is where a Stube server takes WebSocket connections.
const socketPath = "/-/ws"

// Options says where a peer goes and what its network is like.
type Options struct {
	URL  string // of the server: http, https, ws or wss; a path is ignored
	Room string
	Name string
	// Invite is the secret of a link into the room, Token one of another system (JWT); both may be empty.
	Invite, Token string

	// AutoSubscribe makes the peer consume everything that the others produce, now and later, and view the video in
	// ViewSize (1280×720 when zero).
	AutoSubscribe bool
	ViewSize      protocol.Size
	// Tiles is of how many videos at the most; 0 means all.
	Tiles int
	// AudioSlots makes it receive the room's audio slots in place of the microphones, as pages do in large rooms.
	AudioSlots bool

	Local  netip.Addr         // from which the peer connects; the zero one lets the system choose
	Cookie string             // sent with the WebSocket's request, as a browser that has logged in does
	Heard  func(bytes []byte) // is handed what the peer is told: messages, answers of ICE, reports without their cover

	// Route says where packets for an address that the server announces go: there, or to a relay before it; or that they
	// go nowhere. Nil: there.
	Route     func(announced netip.AddrPort) (to netip.AddrPort, ok bool)
	TCP       bool   // ICE-TCP (RFC 6544) instead of UDP
	Bandwidth uint64 // bit/s that the peer says it can receive, by REMB; 0: it tells when packets come, transport-wide
	// Unanswering makes it tell neither, whatever it negotiates.
	Unanswering bool
	// Adaptive makes it send of each picture the layers that its way up carries, by what the server tells of arrivals,
	// and fewer frames of the smallest one where that is too much; false: all of them, whatever the way carries.
	Adaptive    bool
	Uplink      Loss              // of what the peer sends
	Downlink    Loss              // of what the peer receives
	Certificate *dtls.Certificate // the peer's own; nil makes one
	TLS         *tls.Config       // for https and wss; nil means the system's roots
	Log         *slog.Logger      // nil discards
}

const (
	defaultViewWidth  = 1280
	defaultViewHeight = 720
)

// complete fills in the defaults.
func (o Options) complete() (Options, error) {
	if o.ViewSize == (protocol.Size{}) {
		o.ViewSize = protocol.Size{Width: defaultViewWidth, Height: defaultViewHeight}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Certificate == nil {
		certificate, err := dtls.NewCertificate()
		if err != nil {
			return o, fmt.Errorf("make a certificate: %w", err)
		}
		o.Certificate = certificate
	}
	return o, nil
}

// local is what a connection of a network binds to; nil lets the system choose.
func (o Options) local(network string) net.Addr {
	switch {
	case !o.Local.IsValid():
		return nil
	case network == "udp":
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(o.Local, 0))
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(o.Local, 0))
}

// heard hands over what the peer was sent.
func (o Options) heard(bytes []byte) {
	if o.Heard != nil {
		o.Heard(bytes)
	}
}

// addresses are the WebSocket's address on the server and the origin that a page of that server would have.
func addresses(server string) (socket, origin string, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", "", fmt.Errorf("read the server's URL: %w", err)
	}
	if u.Host == "" {
		return "", "", errors.New("the server's URL has no host: it looks like http://192.0.2.1:8080")
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "ws":
		return "ws://" + u.Host + socketPath, "http://" + u.Host, nil
	case "https", "wss":
		return "wss://" + u.Host + socketPath, "https://" + u.Host, nil
	default:
		return "", "", fmt.Errorf("the server's URL has the scheme %q, not http or https", u.Scheme)
	}
}
