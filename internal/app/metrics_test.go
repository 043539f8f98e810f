package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// measured starts the whole program with metrics.
func measured(t *testing.T) *app.App {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data, c.Create, c.Metrics = "127.0.0.1:0", t.TempDir(), "anyone", "127.0.0.1:0"
	return startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
}

// fetch gets a page.
func fetch(ctx context.Context, t *testing.T, url string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func metrics(ctx context.Context, t *testing.T, a *app.App) string {
	t.Helper()
	status, text := fetch(ctx, t, fmt.Sprintf("http://%v/metrics", a.MetricsAddress()))
	if status != http.StatusOK {
		t.Fatalf("metrics: status %d, %s", status, text)
	}
	return text
}

// TestCriterion18MetricsHoldNobody: numbers of a whole meeting, in which nothing of who met can be found.
func TestCriterion18MetricsHoldNobody(t *testing.T) {
	ctx, a := bounded(t), measured(t)
	const room, chat = "kanarienzimmer", "kanarienlied"
	url := address(a)
	alice := join(ctx, t, testpeer.Options{URL: url, Room: room, Name: "Kanari Anna", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Room: room, Name: "Kanari Ben", AutoSubscribe: true, TCP: true})
	_, sound := microphone(ctx, t, alice, bob, testpeer.AudioOptions{})
	_, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
	call(ctx, t, alice, protocol.MethodSendChat, protocol.SendChat{Text: chat})
	frames(ctx, t, bob, picture, 40) // more than a second: what passes is counted twice in one

	text := metrics(ctx, t, a)
	for _, want := range []string{
		"stube_rooms 1\n", "stube_participants 2\n", "stube_join_seconds_count 2\n", "stube_media_tcp_connections ",
		`stube_transports{state="connected"} 3` + "\n", `stube_producers{kind="video",paused="no"} 1` + "\n",
		"process_cpu_seconds_total", "go_sync_mutex_wait_total_seconds_total",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not say %q", want)
		}
	}
	for _, never := range []string{
		`stube_packets_total{direction="in",kind="video"} 0`, `stube_packets_total{direction="out",kind="audio"} 0`,
	} {
		if strings.Contains(text, never) {
			t.Errorf("the metrics say %q", never)
		}
	}
	canaries := []string{
		room, chat, "anari", "127.0.0.1", alice.ID(), bob.ID(), sound.ID(), sound.ProducerID(), picture.ID(),
	}
	for _, canary := range canaries {
		if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
			t.Errorf("%q stands in the metrics", canary)
		}
	}
	if status, text := fetch(ctx, t, url+"metrics"); status == http.StatusOK && strings.Contains(text, "stube_rooms") {
		t.Error("the public port serves metrics")
	}
}

// TestReadyUntilItCloses: monitors are told at the public port when the server takes new people, and nothing else.
func TestReadyUntilItCloses(t *testing.T) {
	ctx, a := bounded(t), measured(t)
	url := address(a)
	for path, want := range map[string]string{"-/readyz": "ready\n", "-/healthz": "ok\n"} {
		if status, body := fetch(ctx, t, url+path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	// Closing waits for a client that does not answer, for as long as the context allows.
	socket, _, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1)+"-/ws", &websocket.DialOptions{
		Subprotocols: []string{protocol.Subprotocol},
	})
	if err != nil {
		t.Fatal(err)
	}
	closing, cut := context.WithCancel(ctx)
	closed := make(chan error, 1)
	go func() { closed <- a.Close(closing) }()
	for {
		status, body := fetch(ctx, t, url+"-/readyz")
		if status == http.StatusServiceUnavailable {
			if body != "not ready\n" {
				t.Errorf("while it closes: %q", body)
			}
			break
		}
	}
	cut()
	_ = socket.CloseNow()
	if err := <-closed; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
