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
			for _, texts := range [][]string{{}, {""}, {"x"}, {"x", "y"}, {"xy"}} {
				digest := derived.Digest(texts...)
				if digest != derived.Digest(texts...) || len(digest) != len(NewID()) {
					t.Errorf("the digest %q changes", digest)
				}
				digests[digest] = true
			}
		}
	}
	if len(digests) != 20 {
		t.Errorf("%d digests, want 20", len(digests))
	}
}

func TestSecrets(t *testing.T) {
	secret, other, id, otherID := NewSecret(), NewSecret(), NewID(), NewID()
	if !IsSecret(secret) || secret == other || id == otherID {
		t.Errorf("%q is no secret", secret)
	}
	for _, text := range []string{"", "x", secret + "=", secret[1:], secret[:42] + "B", secret + "\n", secret[:42] + "."} {
		if IsSecret(text) {
			t.Errorf("%q is taken for a secret", text)
		}
	}
}
