package app_test

import (
	"log/slog"
	"strings"
	"testing"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// criterion 1: a server as it is installed starts no meeting for somebody who has not signed in: they wait.
func TestCriterion1DefaultInstall(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	a := startWith(t, app.Options{Config: c, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	_, err := testpeer.Join(bounded(t), testpeer.Options{URL: address(a), Room: "stube", Name: "Alice"})
	if err == nil || !strings.Contains(err.Error(), string(protocol.ErrWaiting)) {
		t.Errorf("joining gave %v", err)
	}
}
