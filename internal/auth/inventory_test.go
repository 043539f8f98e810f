package auth

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestInventory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		h.member(t, "Anna", false)
		if _, err := h.Invite(t.Context(), "Bea", false); err != nil {
			t.Fatal(err)
		}
		held, err := h.Inventory(t.Context())
		want := Inventory{Accounts: 2, Passwords: 1, Sessions: 1, Links: 1, Addresses: 2}
		if held != want || err != nil {
			t.Errorf("%+v, want %+v, error %v", held, want, err)
		}
		time.Sleep(time.Hour)
		held, err = h.Inventory(t.Context())
		want.Addresses = 0
		if held != want || err != nil {
			t.Errorf("%+v, want %+v, error %v", held, want, err)
		}
	})
}
