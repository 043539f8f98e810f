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

// Stream is the second order: forward what each publisher sends to its destinations.
type Stream struct {
	Publishers   []Publisher   `json:"publishers"`
	Destinations []Destination `json:"destinations"`
}

// Publisher is where packets come from.
type Publisher struct {
	Address netip.AddrPort `json:"address"`
	Keys    Keys           `json:"keys"`
	To      []int          `json:"to"` // places in the list of destinations
}

// Destination is a subscriber.
type Destination struct {
	Address netip.AddrPort `json:"address"`
	Keys    Keys           `json:"keys"`
}
