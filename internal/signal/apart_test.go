package signal

import (
	"log/slog"
	"strings"
	"testing"
)

func TestPanicEndsItsConnectionOnly(t *testing.T) {
	var log strings.Builder
	h := newHouse(t, nil)
	c := h.guest(t, "guest")
	c.log = slog.New(slog.NewTextHandler(&log, nil))
	if !c.apart(func() bool { return true }) {
		t.Error("what went well ends the connection")
	}
	var none []int
	if c.apart(func() bool { return none[1] == 0 }) {
		t.Error("a panic doesn't end the connection")
	}
	if text := log.String(); !strings.Contains(text, "index out of range") || !strings.Contains(text, "apart_test.go") {
		t.Errorf("the log doesn't tell what went wrong: %s", text)
	}
	log.Reset()
	if c.apart(func() bool { panic("Alice") }) || strings.Contains(log.String(), "Alice") {
		t.Errorf("the log names somebody: %s", log.String())
	}
}
