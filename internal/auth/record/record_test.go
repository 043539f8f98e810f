package record

import (
	"bytes"
	"testing"
)

func TestDigestsDependOnKeyAndText(t *testing.T) {
	one, other := Key(bytes.Repeat([]byte{1}, KeySize)), Key(bytes.Repeat([]byte{2}, KeySize))
	digests := map[string]bool{}
	for _, key := range []Key{one, other} {
		for _, purpose := range []string{"a", "b"} {
			derived, err := key.Derive(purpose)
			if err != nil || len(derived) != KeySize {
				t.Fatalf("%d bytes, error %v", len(derived), err)
			}
			for _, text := range []string{"", "x", "y"} {
				digests[derived.Digest(text)] = true
				if derived.Digest(text) != derived.Digest(text) {
					t.Error("a digest changes")
				}
			}
		}
	}
	if len(digests) != 12 {
		t.Errorf("%d digests, want 12", len(digests))
	}
}

func TestSecrets(t *testing.T) {
	secret := NewSecret()
	if !IsSecret(secret) || secret == NewSecret() || NewID() == NewID() {
		t.Errorf("%q is no secret", secret)
	}
	for _, text := range []string{"", "x", secret + "=", secret[1:], secret[:42] + "B", secret + "\n", secret[:42] + "."} {
		if IsSecret(text) {
			t.Errorf("%q is taken for a secret", text)
		}
	}
}
