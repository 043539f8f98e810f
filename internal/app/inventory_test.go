package app_test

import (
	"maps"
	"os"
	"testing"
	"time"

	"stube/internal/app"
	"stube/internal/inventory"
	"stube/internal/testpeer"
)

// The document about privacy says what the code declares, in both languages, and nothing else.
func TestPrivacyDocument(t *testing.T) {
	if err := inventory.Validate(app.Kinds()); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != inventory.Document(app.Kinds()) {
		t.Error("the kinds have changed: go run ./internal/app/privacydoc > docs/privacy.md")
	}
}

// Everything that is declared is counted, and nothing is left when everybody has left.
func TestInventory(t *testing.T) {
	ctx, a := bounded(t), start(t)
	held := func() map[string]int {
		t.Helper()
		counts, err := a.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]int{}
		for _, c := range counts {
			if c.Count > 0 {
				by[c.Kind] = c.Count
			}
		}
		delete(by, "connections") // open and close by themselves
		delete(by, "callers")
		return by
	}
	expect := func(when string, rooms, participants, paths, streams int) {
		t.Helper()
		want := map[string]int{
			"rooms": rooms, "participants": participants, "media-paths": paths, "media-streams": streams,
			"meeting-keys": rooms, // of the host
		}
		maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
		if got := held(); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	expect("at first", 0, 0, 0, 0)
	alice := join(ctx, t, testpeer.Options{URL: address(a), Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: address(a), Name: "Bob"})
	if _, err := alice.PublishMicrophone(ctx, testpeer.AudioOptions{}); err != nil {
		t.Fatal(err)
	}
	expect("with two", 1, 2, 4, 1)
	if err := alice.Leave(ctx); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, bob, "Alice has left", func() bool { return len(bob.Room().Participants) == 1 })
	expect("with one", 1, 1, 2, 0)
	counts, err := app.RemoteInventory(ctx, a.ControlSocket()) // as `stube inventory` does
	if err != nil || counts[0].Kind != "connections" || counts[0].Count == 0 {
		t.Errorf("connections are not counted: %v, error %v", counts, err)
	}
	if err := bob.Leave(ctx); err != nil {
		t.Fatal(err)
	}
	bob.Close()
	for held()["rooms"] > 0 { // the room ends after its last participant's answer
		select {
		case <-ctx.Done():
			t.Fatal("the room does not end")
		case <-time.After(time.Millisecond):
		}
	}
	expect("at last", 0, 0, 0, 0)
}
