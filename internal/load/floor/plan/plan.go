// Package plan is what the benchmark tells the floor to do.
package plan

import (
	"net/netip"

	"stube/internal/sfu/srtp"
)

// Start is the first order.
type Start struct {
	Listen netip.Addr `json:"listen"`
}

// Listening answers Start.
type Listening struct {
	Address netip.AddrPort `json:"address"`
}

// Keys are SRTP's of one direction, for AEAD_AES_128_GCM.
type Keys struct {
	Key  []byte `json:"key"`
	Salt []byte `json:"salt"`
}

// Profile is what Keys are for.
const Profile = srtp.AEADAES128GCM

// Stream is the second order: forward what the publisher sends to all destinations.
type Stream struct {
	Publisher    Keys          `json:"publisher"`
	Destinations []Destination `json:"destinations"`
}

// Destination is a subscriber.
type Destination struct {
	Address netip.AddrPort `json:"address"`
	Keys    Keys           `json:"keys"`
}
