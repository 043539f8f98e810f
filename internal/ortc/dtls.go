package ortc

import "strings"

// Validate checks a client's DTLS parameters: the role, and fingerprints of known algorithms in the form of RFC
// 8122 section 5. All errors wrap ErrInvalid.
func (p DTLSParameters) Validate() error {
	switch p.Role {
	case "auto", "client", "server":
	default:
		return invalid("DTLS role; auto, client or server")
	}
	if len(p.Fingerprints) == 0 || len(p.Fingerprints) > maxFingerprints {
		return invalid("%d fingerprints; from 1 to %d", len(p.Fingerprints), maxFingerprints)
	}
	for _, f := range p.Fingerprints {
		if !f.wellFormed() {
			return invalid("fingerprint")
		}
	}
	return nil
}

// wellFormed tells whether the value is as many bytes as the algorithm makes, each as two hex digits.
func (f DTLSFingerprint) wellFormed() bool {
	var size int
	switch strings.ToLower(f.Algorithm) {
	case "sha-1":
		size = 20
	case "sha-224":
		size = 28
	case "sha-256":
		size = 32
	case "sha-384":
		size = 48
	case "sha-512":
		size = 64
	}
	if size == 0 || len(f.Value) != 3*size-1 {
		return false
	}
	for i := range len(f.Value) {
		if i%3 == 2 {
			if f.Value[i] != ':' {
				return false
			}
			continue
		}
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(f.Value[i])) {
			return false
		}
	}
	return true
}
