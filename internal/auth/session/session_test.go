package session

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/auth/record"
	"stube/internal/auth/record/recordtest"
)

func sessions() *Sessions { return New(recordtest.New(Session.Ends)) }

func begin(t *testing.T, s *Sessions, account string) string {
	t.Helper()
	secret, _, err := s.Begin(t.Context(), Session{Account: account, Provider: "local"})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func lives(t *testing.T, s *Sessions, secret string) bool {
	t.Helper()
	_, err := s.Find(t.Context(), secret)
	if err != nil && !errors.Is(err, ErrNone) {
		t.Fatal(err)
	}
	return err == nil
}

func TestOnlyTheSecretOpens(t *testing.T) {
	s := sessions()
	secret, other := begin(t, s, "a"), begin(t, s, "a")
	found, err := s.Find(t.Context(), secret)
	if err != nil || found.Account != "a" || secret == other {
		t.Errorf("%+v, error %v", found, err)
	}
	for _, wrong := range []string{"", found.ID, secret + "x", secret[1:], record.NewSecret()} {
		if lives(t, s, wrong) {
			t.Errorf("%q opens a session", wrong)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sessions()
		unused, used := begin(t, s, "a"), begin(t, s, "a")
		for day := range 30 {
			if !lives(t, s, used) {
				t.Fatalf("a session in use ends on day %d", day)
			}
			time.Sleep(24 * time.Hour)
		}
		if lives(t, s, used) || lives(t, s, unused) {
			t.Error("a session lives for ever")
		}
		idle := begin(t, s, "a")
		time.Sleep(Idle - time.Second)
		if !lives(t, s, idle) {
			t.Error("a session ends before its time")
		}
		time.Sleep(Idle)
		if lives(t, s, idle) {
			t.Error("an idle session lives on")
		}
	})
}

// A page that stays in a meeting asks for nothing: its open connection keeps the session, up to its end.
func TestOpenConnectionsAreAUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sessions()
		secret, idle := begin(t, s, "a"), begin(t, s, "a")
		open, err := s.Find(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		passed := time.Duration(0)
		for ; passed < Absolute; passed += seenEvery {
			if live, err := s.Live(t.Context()); !live[open.ID] || err != nil {
				t.Fatalf("a session in use ends after %v, error %v", passed, err)
			}
			if err := s.Use(t.Context(), map[string]bool{open.ID: true, "gone": true}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(seenEvery)
		}
		if lives(t, s, secret) || lives(t, s, idle) {
			t.Error("a session lives for ever")
		}
	})
}

func TestEnding(t *testing.T) {
	s := sessions()
	one, two, three, other := begin(t, s, "a"), begin(t, s, "a"), begin(t, s, "a"), begin(t, s, "b")
	if err := errors.Join(s.End(t.Context(), one), s.End(t.Context(), one), s.End(t.Context(), "")); err != nil {
		t.Fatal(err)
	}
	if lives(t, s, one) || !lives(t, s, two) {
		t.Error("the wrong session was ended")
	}
	stays, err := s.Find(t.Context(), two)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EndAll(t.Context(), "a", stays.ID); err != nil {
		t.Fatal(err)
	}
	if !lives(t, s, two) || lives(t, s, three) || !lives(t, s, other) {
		t.Error("not all others of the account were ended, or more")
	}
	if err := s.EndAll(t.Context(), "a", ""); err != nil || lives(t, s, two) || !lives(t, s, other) {
		t.Errorf("not all of the account were ended, error %v", err)
	}
}

func TestCriterion30AnAccountHasFewSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sessions()
		first, other := begin(t, s, "a"), begin(t, s, "b")
		oldest, err := s.Find(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		for n := range maxPerAccount {
			time.Sleep(time.Second)
			_, ended, err := s.Begin(t.Context(), Session{Account: "a", Provider: "local"})
			if last := n == maxPerAccount-1; err != nil || slices.Contains(ended, oldest.ID) != last || len(ended) > 1 {
				t.Fatalf("beginning session %d ended %v, error %v", n+2, ended, err)
			}
		}
		if live, err := s.Live(t.Context()); len(live) != maxPerAccount+1 || live[oldest.ID] || err != nil {
			t.Errorf("%d sessions live, error %v", len(live), err)
		}
		if n, err := s.Count(t.Context(), "a"); n != maxPerAccount || err != nil {
			t.Errorf("%d sessions, error %v", n, err)
		}
		if lives(t, s, first) || !lives(t, s, other) {
			t.Error("not the oldest was ended")
		}
	})
}
