package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// TestBusyServerGoesOnWithItsMeetings: a server with more packets than its limit takes people into the meeting that
// goes on, and starts no other.
func TestBusyServerGoesOnWithItsMeetings(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data, c.Create, c.Metrics = "127.0.0.1:0", t.TempDir(), "anyone", "127.0.0.1:0"
	c.Limit = config.Limit{Packets: 180} // of which a microphone and three listeners are 200
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	ctx, url := bounded(t), address(a)
	anna := join(ctx, t, testpeer.Options{URL: url, Room: "first", Name: "Anna"})
	for i := range 3 {
		join(ctx, t, testpeer.Options{URL: url, Room: "first", Name: fmt.Sprintf("Guest %d", i), AutoSubscribe: true})
	}
	if _, err := anna.PublishMicrophone(ctx, testpeer.AudioOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(ctx, t, a, `stube_admitting{what="meetings"} 0`)
	_, err := testpeer.Join(ctx, testpeer.Options{URL: url, Room: "second", Name: "Berta"})
	var refused *testpeer.ServerError
	if !errors.As(err, &refused) || refused.Code != protocol.ErrServerBusy {
		t.Errorf("a new meeting: %v, want %s", err, protocol.ErrServerBusy)
	}
	late := join(ctx, t, testpeer.Options{URL: url, Room: "first", Name: "Late", AutoSubscribe: true})
	until(ctx, t, late, "sound comes", func() bool { return late.Stats().Total().Packets > 10 })
	if text := metrics(ctx, t, a); !strings.Contains(text, `stube_join_refusals_total{code="server_busy"} 1`+"\n") {
		t.Error("the metrics do not count the refusal")
	}
}

// eventually waits until the metrics have a line.
func eventually(ctx context.Context, t *testing.T, a *app.App, line string) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for !strings.Contains(metrics(ctx, t, a), line+"\n") {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("the metrics never say %q", line)
		}
	}
}
