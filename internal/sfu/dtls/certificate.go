package dtls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// certificateLife is how long a certificate is valid. The other end checks the fingerprint only, but a date that has
// passed makes some refuse it.
const certificateLife = 30 * 24 * time.Hour

// Certificate is a self-signed certificate with its key. It serves any number of endpoints.
type Certificate struct {
	tls tls.Certificate
}

// NewCertificate makes a certificate with a new key on P-256, as RFC 8827 section 6.5 asks for, and a random name.
func NewCertificate() (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("dtls: generate key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("dtls: generate serial number: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: rand.Text()},
		NotBefore:    now.Add(-24 * time.Hour), // the other end's clock may be late
		NotAfter:     now.Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("dtls: sign certificate: %w", err)
	}
	return &Certificate{tls: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}, nil
}

// Fingerprint is the hash of a certificate (RFC 8122 section 5).
type Fingerprint struct {
	Algorithm string // "sha-256", "sha-384" or "sha-512"
	Value     string // pairs of hexadecimal digits, separated by colons
}

// Fingerprints are the certificate's, with each algorithm that we check ourselves.
func (c *Certificate) Fingerprints() []Fingerprint {
	var all []Fingerprint
	for _, algorithm := range []string{"sha-256", "sha-384", "sha-512"} {
		all = append(all, Fingerprint{Algorithm: algorithm, Value: format(digest(algorithm, c.tls.Certificate[0]))})
	}
	return all
}

// digest hashes a certificate. It is nil for an algorithm that is unknown or too weak.
func digest(algorithm string, der []byte) []byte {
	switch strings.ToLower(algorithm) {
	case "sha-256":
		sum := sha256.Sum256(der)
		return sum[:]
	case "sha-384":
		sum := sha512.Sum384(der)
		return sum[:]
	case "sha-512":
		sum := sha512.Sum512(der)
		return sum[:]
	default:
		return nil
	}
}

func format(sum []byte) string {
	var b strings.Builder
	for i, v := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", v)
	}
	return b.String()
}

// verify compares a certificate with the fingerprints that were announced. Of those, the set with the strongest
// algorithm counts, and one of the set has to match (RFC 8122 section 5).
func verify(der []byte, announced []Fingerprint) error {
	strongest := 0
	for _, f := range announced {
		strongest = max(strongest, len(digest(f.Algorithm, nil)))
	}
	matches := 0
	for _, f := range announced {
		sum := digest(f.Algorithm, der)
		if len(sum) == 0 || len(sum) != strongest {
			continue
		}
		value, err := hex.DecodeString(strings.ReplaceAll(f.Value, ":", ""))
		if err == nil {
			matches |= subtle.ConstantTimeCompare(sum, value)
		}
	}
	if matches == 0 {
		return ErrFingerprint
	}
	return nil
}
