package auth

import (
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/inventory"
)

func TestInventory(t *testing.T) {
	if err := inventory.Validate(Kinds()); err != nil {
		t.Error(err)
	}
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		h.member(t, "Anna", false)
		if _, err := h.Invite(t.Context(), "Bea", false); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{
			"account": 2, "account-password": 1, "account-passkey": 0, "setup-link": 1, "log-in-session": 1, "log-in-attempt": 2,
		}
		compare(t, h, want)
		time.Sleep(time.Hour)
		want["log-in-attempt"] = 0
		compare(t, h, want)
	})
}

func compare(t *testing.T, h *house, want map[string]int) {
	t.Helper()
	counts, err := inventory.Take(t.Context(), Kinds(), h)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if c.Count != want[c.Kind] {
			t.Errorf("%d of %s, want %d", c.Count, c.Kind, want[c.Kind])
		}
	}
}
