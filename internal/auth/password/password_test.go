package password

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

const good = "correct horse battery"

func cheap() Cost { return Cost{Memory: 64, Passes: 1, Threads: 1} }

func TestHashAndVerify(t *testing.T) {
	h := NewHasher(cheap(), 2)
	hash, err := h.Hash(t.Context(), good)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Contains(hash, good) {
		t.Fatalf("hash %q, error %v", hash, err)
	}
	again, err := h.Hash(t.Context(), good)
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are equal, error %v", err)
	}
	tests := []struct {
		hash, password string
		want           bool
	}{
		{hash, good, true},
		{again, good, true},
		{hash, good + " ", false},
		{hash, "", false},
		{hash, strings.Repeat("x", MaxLength+1), false},
		{"", good, false},
		{"", "", false},
		{strings.Replace(hash, "argon2id", "argon2i", 1), good, false},
		{strings.Replace(hash, "t=1", "t=0", 1), good, false},
		{strings.Replace(hash, "m=64", "m=4000000000", 1), good, false},
		{strings.Replace(hash, "p=1", "p=300", 1), good, false},
	}
	for _, test := range tests {
		if got, err := h.Verify(t.Context(), test.hash, test.password); got != test.want || err != nil {
			t.Errorf("%q with %q: %t, error %v", test.hash, test.password, got, err)
		}
	}
}

func TestOneSpellingOfAPassword(t *testing.T) {
	h := NewHasher(cheap(), 1)
	hash, err := h.Hash(t.Context(), "grüße aus köln")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(t.Context(), hash, "gru\u0308ße aus ko\u0308ln"); !ok || err != nil {
		t.Errorf("the decomposed spelling is another password: %t, error %v", ok, err)
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	h := NewHasher(cheap(), 1)
	for _, password := range []string{"", "short", strings.Repeat("ü", 11), strings.Repeat("x", 513), "\xff" + good} {
		if _, err := h.Hash(t.Context(), password); !errors.Is(err, ErrWeak) {
			t.Errorf("%q: error %v", password, err)
		}
	}
}

func TestOutdated(t *testing.T) {
	old := NewHasher(cheap(), 1)
	hash, err := old.Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	dearer := NewHasher(Cost{Memory: 128, Passes: 1, Threads: 1}, 1)
	if old.Outdated(hash) || !dearer.Outdated(hash) || !dearer.Outdated("") {
		t.Error("hashes of another cost are not told")
	}
	if ok, err := dearer.Verify(t.Context(), hash, good); !ok || err != nil {
		t.Errorf("the old hash is not verified: %t, error %v", ok, err)
	}
}

// The accounts that exist are not to be found out by time: the work is the same (criterion 3).
func TestCriterion3UnknownHashesTakeTheSameWork(t *testing.T) {
	h := NewHasher(Cost{Memory: 4 << 10, Passes: 2, Threads: 1}, 1)
	hash, err := h.Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	known, unknown := time.Hour, time.Hour
	for range 8 { // by turns, as others use the machine too
		for hash, least := range map[string]*time.Duration{hash: &known, "": &unknown} {
			start := time.Now()
			if _, err := h.Verify(t.Context(), hash, "not the password"); err != nil {
				t.Fatal(err)
			}
			*least = min(*least, time.Since(start))
		}
	}
	if unknown < known/20 || known < unknown/20 { // without the work it would be a thousandth
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

func TestCriterion30WaitersLeaveWithTheirContext(t *testing.T) {
	h := NewHasher(cheap(), 1)
	h.turns <- struct{}{} // somebody is at it
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Verify(ctx, "", good); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := h.Hash(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzCriterion31Decode(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g")
	f.Fuzz(func(t *testing.T, encoded string) {
		cost, salt, hash, err := decode(encoded)
		if err == nil && (cost.Memory > most().Memory || len(salt) > 64 || len(hash) != hashSize) {
			t.Errorf("out of bounds: %+v", cost)
		}
	})
}
