package seal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/auth/record"
)

type content struct {
	Text string `json:"text"`
}

func sealer(t *testing.T, key byte) *Sealer {
	t.Helper()
	s, err := New(bytes.Repeat([]byte{key}, record.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func seal(t *testing.T, s *Sealer) string {
	t.Helper()
	sealed, err := s.Seal("login", content{"canary"})
	if err != nil || strings.Contains(sealed, "canary") {
		t.Fatalf("sealed %q, error %v", sealed, err)
	}
	return sealed
}

func TestOpenOnce(t *testing.T) {
	s := sealer(t, 1)
	sealed := seal(t, s)
	var c content
	if err := s.Open("login", sealed, &c); err != nil || c.Text != "canary" {
		t.Errorf("%+v, error %v", c, err)
	}
	if err := s.Open("login", sealed, &c); !errors.Is(err, ErrBroken) {
		t.Errorf("opened twice: %v", err)
	}
}

func TestBrokenSeals(t *testing.T) {
	s := sealer(t, 1)
	sealed := seal(t, s)
	var c content
	other := "A"
	if strings.HasPrefix(sealed, other) {
		other = "B"
	}
	for _, wrong := range []string{"", "x", sealed[1:], other + sealed[1:], strings.Repeat("A", 5000)} {
		if err := s.Open("login", wrong, &c); !errors.Is(err, ErrBroken) {
			t.Errorf("%q: error %v", wrong, err)
		}
	}
	if err := s.Open("other", sealed, &c); !errors.Is(err, ErrBroken) {
		t.Errorf("another purpose: %v", err)
	}
	if err := sealer(t, 2).Open("login", sealed, &c); !errors.Is(err, ErrBroken) {
		t.Errorf("another key: %v", err)
	}
	if err := sealer(t, 1).Open("login", sealed, &c); err != nil {
		t.Errorf("another sealer with the key: %v", err)
	}
	if _, err := s.Seal("login", content{strings.Repeat("x", 4000)}); err == nil {
		t.Error("sealed more than a cookie holds")
	}
}

func TestSealsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sealer(t, 1)
		sealed := seal(t, s)
		time.Sleep(Life)
		if err := s.Open("login", sealed, &content{}); !errors.Is(err, ErrBroken) {
			t.Errorf("error %v", err)
		}
	})
}

func TestCriterion30MemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sealer(t, 1)
		for range maxOpened {
			s.use(record.NewID(), time.Now().Add(Life))
		}
		if s.use("late", time.Now().Add(Life)) {
			t.Error("there is no limit")
		}
		time.Sleep(Life)
		if !s.use("later", time.Now().Add(Life)) || len(s.opened) != 1 {
			t.Errorf("%d are remembered that have ended", len(s.opened))
		}
	})
}

func FuzzCriterion31Open(f *testing.F) {
	s, err := New(bytes.Repeat([]byte{1}, record.KeySize))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, sealed string) {
		if err := s.Open("login", sealed, &content{}); err == nil {
			t.Errorf("%q was opened", sealed)
		}
	})
}
