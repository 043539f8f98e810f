package admission

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// machine is a server that does what a test says.
type machine struct {
	gate *Gate
	now  Reading
}

func newMachine(l Limits) *machine {
	m := &machine{gate: NewGate(l), now: Reading{At: time.Unix(1000, 0), Processors: 2}}
	m.gate.Read(m.now)
	return m
}

// run lets seconds pass, with so much done in each of them.
func (m *machine) run(seconds int, cpu time.Duration, packets, bytes uint64) {
	for range seconds {
		m.now.At = m.now.At.Add(time.Second)
		m.now.CPU += cpu
		m.now.Packets += packets
		m.now.Bytes += bytes
		m.gate.Read(m.now)
	}
}

func (m *machine) expect(t *testing.T, when string, begin, enter bool) {
	t.Helper()
	if m.gate.MayBegin() != begin || m.gate.MayEnter() != enter {
		t.Errorf("%s: new meetings %v, people %v; want %v, %v", when, m.gate.MayBegin(), m.gate.MayEnter(), begin, enter)
	}
}

func TestGateRefusesMeetingsBeforePeople(t *testing.T) {
	m := newMachine(Limits{CPU: 0.7})
	m.expect(t, "at first", true, true)
	m.run(10, 1300*time.Millisecond, 0, 0) // 65 % of two processors
	m.expect(t, "below the bound", true, true)
	m.run(10, 1500*time.Millisecond, 0, 0) // 75 %
	m.expect(t, "above the bound", false, true)
	if load := m.gate.Load(); load.CPU < 1.07 || load.CPU > 1.08 || load.Packets != 0 || load.Uplink != 0 {
		t.Errorf("the load is %+v", load)
	}
	m.run(10, 1840*time.Millisecond, 0, 0) // 92 %
	m.expect(t, "above the higher bound", false, false)
}

func TestGateLooksAtEachLimit(t *testing.T) {
	for _, test := range []struct {
		name           string
		limits         Limits
		packets, bytes uint64
		begin, enter   bool
	}{
		{"no limit", Limits{}, 1e9, 1e12, true, true},
		{"few packets", Limits{Packets: 1000}, 999, 1e9, true, true},
		{"many packets", Limits{Packets: 1000}, 1000, 0, false, true},
		{"too many packets", Limits{Packets: 1000}, 1250, 0, false, false},
		{"many bits", Limits{Uplink: 8e6}, 0, 1e6, false, true},
		{"too many bits", Limits{Uplink: 8e6, CPU: 1}, 0, 1.25e6, false, false},
	} {
		m := newMachine(test.limits)
		m.run(10, 0, test.packets, test.bytes)
		m.expect(t, test.name, test.begin, test.enter)
	}
}

func TestGateBearsABurst(t *testing.T) {
	m := newMachine(Limits{Packets: 1000})
	m.run(10, 0, 600, 0)
	m.run(1, 0, 2000, 0)
	m.expect(t, "after a burst", true, true)
	m.run(4, 0, 2000, 0)
	m.expect(t, "when it lasts", false, false)
}

func TestGateOpensLate(t *testing.T) {
	m := newMachine(Limits{Packets: 1000})
	m.run(10, 0, 1100, 0)
	m.run(60, 0, 900, 0)
	m.expect(t, "a little below the bound", false, true)
	m.run(10, 0, 800, 0)
	m.expect(t, "below for a moment", false, true)
	m.run(5, 0, 900, 0)
	m.run(12, 0, 800, 0)
	m.expect(t, "after a relapse", false, true)
	m.run(5, 0, 800, 0)
	m.expect(t, "below for long", true, true)
}

func TestWatcherReadsEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		reads := 0
		w := Watch(NewGate(Limits{Packets: 100}), func() (Reading, error) {
			reads++
			return Reading{At: time.Now(), Packets: uint64(reads * 200)}, nil
		}, slog.New(slog.NewTextHandler(&log, nil)))
		time.Sleep(5*time.Second + interval/2)
		w.Close()
		if reads != 6 || w.gate.MayBegin() {
			t.Errorf("%d readings, new meetings %v", reads, w.gate.MayBegin())
		}
		if !strings.Contains(log.String(), "new_meetings=refused") {
			t.Errorf("the log says %q", log.String())
		}
	})
}

// TestWatcherEndsWhenNothingCanBeRead, also at a moment when meetings are refused: nothing would ever take that back.
func TestWatcherEndsWhenNothingCanBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		w := Watch(NewGate(Limits{Packets: 100}), func() (Reading, error) {
			if reads++; reads > 3 {
				return Reading{}, errors.New("no")
			}
			return Reading{At: time.Now(), Packets: uint64(reads * 200)}, nil
		}, slog.New(slog.DiscardHandler))
		time.Sleep(2*time.Second + interval/2)
		if w.gate.MayBegin() || w.gate.MayEnter() {
			t.Error("the gate is open with twice as many packets as its limit")
		}
		w.running.Wait()
		w.Close()
		if !w.gate.MayBegin() || !w.gate.MayEnter() || w.gate.Load() != (Load{}) {
			t.Error("people are refused for a load that nobody knows")
		}
	})
}

func TestProcessUsesProcessors(t *testing.T) {
	before, err := Process()
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Millisecond); time.Now().Before(end); {
		continue // works
	}
	after, err := Process()
	if err != nil || after.CPU <= before.CPU || after.Processors < 1 || !after.At.After(before.At) {
		t.Errorf("from %+v to %+v, %v", before, after, err)
	}
}
