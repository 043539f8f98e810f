package quality_test

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/quality"
)

// TestMain fails when a goroutine of the server, the relay or a peer outlives the tests.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(
		m,
		goleak.IgnoreAnyFunction("github.com/caddyserver/certmagic.(*RingBufferRateLimiter).loop"),
	)
}

// testTimeout bounds a test that hangs.
const testTimeout = time.Minute

// open starts the whole program with a network before it, until the test ends.
func open(t *testing.T) (context.Context, *quality.Network) {
	t.Helper()
	port, err := quality.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Listen, c.Data, c.Create = netip.AddrPortFrom(quality.Behind(), port).String(), t.TempDir(), "anyone"
	c.Announce = []netip.Addr{quality.Announced()}
	a, err := app.Start(t.Context(), app.Options{
		Config: c, Version: "test", Page: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	n, err := quality.Open(port, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	t.Cleanup(cancel)
	return ctx, n
}
