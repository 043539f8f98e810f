package app_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/testpeer"
)

// TestMain fails when a goroutine of the server or of a peer outlives the tests.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testTimeout bounds a test; what is waited for comes within milliseconds.
const testTimeout = 30 * time.Second

// server starts the whole program on a port of its own and returns its URL.
func server(t *testing.T) string {
	t.Helper()
	c := config.Default()
	c.Listen = "127.0.0.1:0"
	a, err := app.Start(t.Context(), app.Options{
		Config: c, Version: "test", Log: slog.New(slog.NewTextHandler(testLog{t}, nil)),
		Page: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
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
	return strings.Replace(a.URL(), "localhost", "127.0.0.1", 1)
}

// testLog shows what the server logs with the test that it belongs to.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// bounded is the test's context with an end.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	t.Cleanup(cancel)
	return ctx
}

// join brings a peer in that ends with the test.
func join(ctx context.Context, t *testing.T, o testpeer.Options) *testpeer.Peer {
	t.Helper()
	if o.Room == "" {
		o.Room = "stube"
	}
	p, err := testpeer.Join(ctx, o)
	if err != nil {
		t.Fatalf("%s: %v", o.Name, err)
	}
	t.Cleanup(p.Close)
	return p
}

// until waits for a condition on a peer.
func until(ctx context.Context, t *testing.T, p *testpeer.Peer, what string, condition func() bool) {
	t.Helper()
	if err := p.Until(ctx, condition); err != nil {
		t.Fatalf("waiting until %s: %v; counted %+v", what, err, p.Stats().Total())
	}
}

func TestTwoMeet(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	for _, p := range []*testpeer.Peer{alice, bob} {
		if _, err := p.PublishCamera(ctx, testpeer.VideoOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.PublishMicrophone(ctx, testpeer.AudioOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*testpeer.Peer{alice, bob} {
		until(ctx, t, p, "video and audio flow", func() bool {
			total := p.Stats().Total()
			return total.Frames > 30 && total.Packets > total.Frames*5+40
		})
		total := p.Stats().Total()
		t.Logf("%+v", total)
	}
}
