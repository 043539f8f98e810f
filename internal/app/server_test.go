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

// TestMain fails when a goroutine of the server or of a peer outlives the tests. Two of certmagic's do: one is for the
// whole process, the other sees only every five seconds whether its lock is gone.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(
		m,
		goleak.IgnoreAnyFunction("github.com/caddyserver/certmagic.(*RingBufferRateLimiter).loop"),
		goleak.IgnoreAnyFunction("github.com/caddyserver/certmagic.keepLockfileFresh"),
	)
}

// testTimeout bounds a test; what is waited for comes within milliseconds.
const testTimeout = 30 * time.Second

// server starts the whole program and returns its URL.
func server(t *testing.T) string {
	t.Helper()
	return address(start(t))
}

func address(a *app.App) string { return strings.Replace(a.URL(), "localhost", "127.0.0.1", 1) }

// start starts the whole program on a port of its own, until the test ends.
func start(t *testing.T) *app.App {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data, c.Create = "127.0.0.1:0", t.TempDir(), "anyone"
	return startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
}

// startWith starts the whole program with a page of its own, until the test ends.
func startWith(t *testing.T, o app.Options) *app.App {
	t.Helper()
	if o.Config.Limit == config.Default().Limit {
		o.Config.Limit = config.Limit{} // it is for processes of their own: the peers of a test are in the same
	}
	o.Version, o.Page = "test", fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
	a, err := app.Start(t.Context(), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, a) })
	return a
}

func stop(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
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

// camera publishes a camera and finds what a viewer makes of it.
func camera(
	ctx context.Context, t *testing.T, from, to *testpeer.Peer, o testpeer.VideoOptions,
) (*testpeer.Video, *testpeer.Consumer) {
	t.Helper()
	video, err := from.PublishCamera(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return video, consumer(ctx, t, to, video.ProducerID())
}

// microphone publishes a microphone and finds what a listener makes of it.
func microphone(
	ctx context.Context, t *testing.T, from, to *testpeer.Peer, o testpeer.AudioOptions,
) (*testpeer.Audio, *testpeer.Consumer) {
	t.Helper()
	audio, err := from.PublishMicrophone(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return audio, consumer(ctx, t, to, audio.ProducerID())
}

// consumer waits until a peer that subscribes by itself consumes a producer.
func consumer(ctx context.Context, t *testing.T, p *testpeer.Peer, producerID string) *testpeer.Consumer {
	t.Helper()
	until(ctx, t, p, "the track is consumed", func() bool { return p.Consumer(producerID) != nil })
	return p.Consumer(producerID)
}

// frames waits until so many more frames came that a decoder could show.
func frames(ctx context.Context, t *testing.T, p *testpeer.Peer, c *testpeer.Consumer, more uint64) {
	t.Helper()
	before := c.Stats().Frames
	until(ctx, t, p, "video flows", func() bool { return c.Stats().Frames >= before+more })
}

// seamless fails when a decoder would have stumbled over what came.
func seamless(t *testing.T, c testpeer.ConsumerStats) {
	t.Helper()
	if c.Corrupt+c.Unmarked+c.Broken+c.PictureJumps+c.TimestampJumps != 0 {
		t.Errorf("corrupt %d, unmarked %d, broken frames %d, jumps of pictures %d and of timestamps %d; want none",
			c.Corrupt, c.Unmarked, c.Broken, c.PictureJumps, c.TimestampJumps)
	}
}

// lossless fails when packets are missing or were sent in vain.
func lossless(t *testing.T, c testpeer.ConsumerStats) {
	t.Helper()
	seamless(t, c)
	if c.Lost != 0 || c.Gaps+c.Duplicates != 0 { // what is redundant may be a probe of the bandwidth
		t.Errorf("lost %d, gaps %d, duplicates %d; want none", c.Lost, c.Gaps, c.Duplicates)
	}
}
