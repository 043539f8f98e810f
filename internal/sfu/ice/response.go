package ice

import (
	"fmt"
	"net/netip"

	"github.com/pion/stun/v3"
)

const (
	minCode   = 300 // RFC 8489 section 14.8
	maxCode   = 699
	maxReason = 127 // bytes
)

// Success returns the answer that tells the peer the address it was seen at: XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY
// and FINGERPRINT. The request must have been verified, else the error wraps ErrUnverified.
func (r *Request) Success(remote netip.AddrPort, password string) ([]byte, error) {
	if !r.verified {
		return nil, fmt.Errorf("confirm a STUN request: %w", ErrUnverified)
	}
	ip := remote.Addr().Unmap()
	if !ip.IsValid() {
		return nil, fmt.Errorf("confirm a STUN request from no address: %w", ErrMalformed)
	}
	return r.answer(stun.BindingSuccess, password, stun.XORMappedAddress{IP: ip.AsSlice(), Port: int(remote.Port())})
}

// Error returns an answer that refuses: 400 bad request, 401 unauthenticated, 487 role conflict (RFC 8489 section
// 14.8). With an empty password it has no MESSAGE-INTEGRITY. An answer larger than a request that wasn't
// verified is not given: the error wraps ErrUnverified.
func (r *Request) Error(code int, reason string, password string) ([]byte, error) {
	if code < minCode || code > maxCode || len(reason) > maxReason {
		return nil, fmt.Errorf("refuse a STUN request with code %d: out of range", code)
	}
	attribute := stun.ErrorCodeAttribute{Code: stun.ErrorCode(code), Reason: []byte(reason)}
	return r.answer(stun.BindingError, password, attribute)
}

// answer builds the message.
func (r *Request) answer(kind stun.MessageType, password string, content stun.Setter) ([]byte, error) {
	setters := []stun.Setter{stun.NewTransactionIDSetter(r.message.TransactionID), kind, content}
	if password != "" {
		setters = append(setters, stun.NewShortTermIntegrity(password))
	}
	m, err := stun.Build(append(setters, stun.Fingerprint)...)
	if err != nil {
		return nil, fmt.Errorf("build STUN answer: %w", err)
	}
	if !r.verified && len(m.Raw) > len(r.message.Raw) {
		return nil, fmt.Errorf("refuse a STUN request: %w", ErrUnverified)
	}
	return m.Raw, nil
}
