// Package ice is the part of ICE that a server with public addresses needs (RFC 8445, "lite", section 2.5): it
// answers connectivity checks and never makes its own. The caller knows the paths, the transports and their
// passwords; this package reads a check, verifies it, makes the answer, and lists the candidates.
//
// It starts no goroutine, keeps no state and must not know sockets.
package ice

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pion/stun/v3"
)

// Bounds of a request; browsers stay far below.
const (
	headerLen      = 20
	magicCookie    = 0x2112a442
	maxRequest     = 1500 // bytes
	maxAttributes  = 32
	maxUsername    = 513 // bytes (RFC 8445 section 5.3: two fragments of 256 and the colon)
	maxFragment    = 256
	integrityLen   = 20
	tieBreakerLen  = 8
	fingerprintTLV = 8          // bytes of the FINGERPRINT attribute with its header
	fingerprintTL  = 0x80280004 // its header
)

// Errors of a request; each may be wrapped.
var (
	ErrMalformed  = errors.New("malformed STUN request")
	ErrIntegrity  = errors.New("STUN message integrity is wrong")
	ErrUnverified = errors.New("STUN answer is larger than a request that wasn't verified")
)

// IsSTUN tells STUN from the other protocols of a path (RFC 7983 section 7), and that the packet is whole.
func IsSTUN(b []byte) bool {
	return len(b) >= headerLen && b[0] < 4 &&
		binary.BigEndian.Uint32(b[4:]) == magicCookie &&
		headerLen+int(binary.BigEndian.Uint16(b[2:])) == len(b)
}

// Request is a connectivity check. It isn't safe for concurrent use.
type Request struct {
	message    *stun.Message
	ufrag      string
	priority   uint32
	nominate   bool
	controlled bool
	verified   bool
}

// ParseRequest reads a binding request and checks its FINGERPRINT. It copies what it needs of b. An error
// wraps ErrMalformed: such a packet gets no answer. Nothing is authentic before Verify.
func ParseRequest(b []byte) (*Request, error) {
	if !IsSTUN(b) || len(b) > maxRequest {
		return nil, fmt.Errorf("read STUN header: %w", ErrMalformed)
	}
	// What stands behind MESSAGE-INTEGRITY isn't covered by it: strict leaves it out (RFC 8489 section 14.5).
	m := stun.NewWithOptions(stun.WithStrict(true))
	if err := stun.Decode(b, m); err != nil {
		return nil, fmt.Errorf("read STUN attributes: %w: %w", ErrMalformed, err)
	}
	if m.Type != stun.BindingRequest {
		return nil, fmt.Errorf("read STUN type %s: %w", m.Type, ErrMalformed)
	}
	n := len(m.Attributes)
	if n == 0 || n > maxAttributes {
		return nil, fmt.Errorf("read %d STUN attributes: %w", n, ErrMalformed)
	}
	if err := checkFingerprint(m); err != nil {
		return nil, err
	}
	r := &Request{message: m}
	for i, a := range m.Attributes {
		if _, again := m.Attributes[:i].Get(a.Type); again {
			continue // only the first counts (RFC 8489 section 14)
		}
		if err := r.read(a); err != nil {
			return nil, fmt.Errorf("read STUN attribute %v: %w", a.Type, err)
		}
	}
	if r.ufrag == "" {
		return nil, fmt.Errorf("find USERNAME: %w", ErrMalformed)
	}
	return r, nil
}

// checkFingerprint demands that the last attribute is a right FINGERPRINT (RFC 8489 section 14.7).
func checkFingerprint(m *stun.Message) error {
	covered, tlv := m.Raw[:len(m.Raw)-fingerprintTLV], m.Raw[len(m.Raw)-fingerprintTLV:]
	if m.Attributes[len(m.Attributes)-1].Type != stun.AttrFingerprint ||
		binary.BigEndian.Uint32(tlv) != fingerprintTL ||
		binary.BigEndian.Uint32(tlv[4:]) != stun.FingerprintValue(covered) {
		return fmt.Errorf("check FINGERPRINT: %w", ErrMalformed)
	}
	return nil
}

// read takes one attribute. An unknown one that must be understood makes the request malformed: a 420 answer would
// say more than the request deserves.
func (r *Request) read(a stun.RawAttribute) error {
	switch a.Type {
	case stun.AttrUsername:
		ours, _, ok := bytes.Cut(a.Value, []byte(":"))
		if !ok || len(ours) == 0 || len(ours) > maxFragment || len(a.Value) > maxUsername {
			return ErrMalformed
		}
		r.ufrag = string(ours)
	case stun.AttrPriority:
		if len(a.Value) != 4 {
			return ErrMalformed
		}
		r.priority = binary.BigEndian.Uint32(a.Value)
	case stun.AttrUseCandidate:
		r.nominate = true
	case stun.AttrICEControlled, stun.AttrICEControlling:
		if len(a.Value) != tieBreakerLen {
			return ErrMalformed
		}
		r.controlled = r.controlled || a.Type == stun.AttrICEControlled
	case stun.AttrMessageIntegrity:
		if len(a.Value) != integrityLen {
			return ErrMalformed
		}
	case stun.AttrMessageIntegritySHA256: // comes beside the one that Verify checks
	default:
		if a.Type.Required() {
			return ErrMalformed
		}
	}
	return nil
}

// LocalUfrag returns our user name fragment: what stands before the colon of USERNAME (RFC 8445 section 7.2.2).
func (r *Request) LocalUfrag() string { return r.ufrag }

// UseCandidate tells whether the peer nominates the path (RFC 8445 section 7.2.2).
func (r *Request) UseCandidate() bool { return r.nominate }

// RoleConflict tells that the peer says ICE-CONTROLLED, which we as the lite side always are: 487 makes it take
// the other role (RFC 8445 section 7.3.1.1).
func (r *Request) RoleConflict() bool { return r.controlled }

// Priority returns the PRIORITY attribute, 0 without one.
func (r *Request) Priority() uint32 { return r.priority }

// Verify checks MESSAGE-INTEGRITY in constant time (RFC 8489 section 14.5). The error wraps ErrIntegrity. An empty
// password verifies nothing.
func (r *Request) Verify(password string) error {
	if password == "" {
		return fmt.Errorf("verify without password: %w", ErrIntegrity)
	}
	if err := stun.NewShortTermIntegrity(password).Check(r.message); err != nil {
		return fmt.Errorf("verify: %w: %w", ErrIntegrity, err)
	}
	r.verified = true
	return nil
}
