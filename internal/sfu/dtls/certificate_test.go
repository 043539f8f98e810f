package dtls

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

func TestCertificate(t *testing.T) {
	a, b := newCertificate(t), newCertificate(t)
	parsed, err := x509.ParseCertificate(a.tls.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if now := time.Now(); now.Before(parsed.NotBefore) || now.Add(20*24*time.Hour).After(parsed.NotAfter) {
		t.Errorf("valid from %v to %v", parsed.NotBefore, parsed.NotAfter)
	}
	lengths := map[string]int{"sha-256": 32, "sha-384": 48, "sha-512": 64}
	for i, f := range a.Fingerprints() {
		if len(f.Value) != lengths[f.Algorithm]*3-1 || f.Value != strings.ToUpper(f.Value) {
			t.Errorf("%s %s", f.Algorithm, f.Value)
		}
		if f.Value == b.Fingerprints()[i].Value {
			t.Error("two certificates are the same")
		}
		lower := Fingerprint{Algorithm: strings.ToUpper(f.Algorithm), Value: strings.ToLower(f.Value)}
		if err := verify(a.tls.Certificate[0], []Fingerprint{lower}); err != nil {
			t.Errorf("%+v: %v", lower, err)
		}
		both := []Fingerprint{b.Fingerprints()[i], f} // two certificates announced
		if err := verify(a.tls.Certificate[0], both); err != nil {
			t.Errorf("%s, second of two: %v", f.Algorithm, err)
		}
	}
}
