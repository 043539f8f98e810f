package soak_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/load/gauge"
	"stube/internal/load/soak"
)

// TestMain fails when a goroutine of the server or of a peer outlives the tests.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(
		m,
		goleak.IgnoreAnyFunction("github.com/caddyserver/certmagic.(*RingBufferRateLimiter).loop"),
	)
}

// TestNothingIsLeftOfManyMeetings: people come and go, drop sockets, change networks, mute, look at other things. Who
// stays still receives everything, everybody knows the same room, and when all have left the server is as before.
func TestNothingIsLeftOfManyMeetings(t *testing.T) {
	const testTimeout = 3 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	defer cancel()
	server := start(ctx, t)
	report, err := soak.Run(ctx, soak.Options{
		URL: strings.Replace(server.URL(), "localhost", "127.0.0.1", 1), Metrics: metrics(server),
		Rooms: 2, Residents: 2, Visitors: 4, Acts: 40, Seed: 1, Progress: func(line string) { t.Log(line) },
	})
	if err := errors.Join(err, report.Check()); err != nil {
		t.Error(err)
	}
	acts := 0
	for _, n := range report.Acts() {
		acts += n
	}
	if acts != 2*4*40 {
		t.Errorf("%d acts: the test tests little", acts)
	}
	var table strings.Builder
	if err := report.Write(&table); err != nil || strings.Count(table.String(), "\n| ") != len(report.Rounds)+1 {
		t.Errorf("%v\n%s", err, table.String())
	}
	t.Log(table.String())
}

// TestCheckFindsWhatGrew: the soak itself can fail.
func TestCheckFindsWhatGrew(t *testing.T) {
	start := gauge.Level{Goroutines: 50, Files: 10, Heap: 10 << 20}
	same := soak.Report{Start: start, Rounds: []soak.Round{{Left: start}}}
	if err := same.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*soak.Round){
		"goroutines": func(r *soak.Round) { r.Left.Goroutines += 5 },
		"files":      func(r *soak.Round) { r.Left.Files += 5 },
		"heap":       func(r *soak.Round) { r.Left.Heap *= 2 },
		"hears":      func(r *soak.Round) { r.Faults = []string{"somebody hears nothing"} },
	} {
		grown := soak.Report{Start: start, Rounds: []soak.Round{{Left: start}}}
		change(&grown.Rounds[0])
		if err := grown.Check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s grew: %v", name, err)
		}
	}
}

// start starts the whole program, with metrics, until the test ends.
func start(ctx context.Context, t *testing.T) *app.App {
	t.Helper()
	c := config.Default()
	c.Listen, c.Metrics, c.Data, c.Create = "127.0.0.1:0", "127.0.0.1:0", t.TempDir(), "anyone"
	c.Limit = config.Limit{} // the peers are in the same process
	a, err := app.Start(ctx, app.Options{
		Config: c, Version: "test", Page: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return a
}

// metrics asks a server for its metrics, each time on a connection of its own.
func metrics(a *app.App) gauge.Source {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	url := fmt.Sprintf("http://%s/metrics", a.MetricsAddress())
	return func(ctx context.Context) (string, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return "", err
		}
		response, err := client.Do(request)
		if err != nil {
			return "", err
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		return string(text), err
	}
}
