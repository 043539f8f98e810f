package admission

import (
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// interval is the time between two readings.
const interval = time.Second

// Watcher reads what the server does and tells a Gate.
type Watcher struct {
	gate    *Gate
	read    func() (Reading, error)
	log     *slog.Logger
	stop    chan struct{}
	once    sync.Once
	running sync.WaitGroup
}

// Watch begins to read, until Close.
func Watch(g *Gate, read func() (Reading, error), log *slog.Logger) *Watcher {
	w := &Watcher{gate: g, read: read, log: log, stop: make(chan struct{})}
	w.running.Go(w.run)
	return w
}

// Close ends the reading and waits for it. The gate stays as it is. It may be called more than once.
func (w *Watcher) Close() {
	w.once.Do(func() { close(w.stop) })
	w.running.Wait()
}

func (w *Watcher) run() {
	pace := time.NewTicker(interval)
	defer pace.Stop()
	for {
		if !w.look() {
			return
		}
		select {
		case <-pace.C:
		case <-w.stop:
			return
		}
	}
}

// look takes a reading, and says when the gate opens or closes by it. When nothing can be read it opens the gate and
// is false.
func (w *Watcher) look() bool {
	reading, err := w.read()
	if err != nil {
		w.gate.open()
		w.log.Error("the load cannot be read; meetings are not refused for it", "error", err)
		return false
	}
	begin, enter := w.gate.MayBegin(), w.gate.MayEnter()
	w.gate.Read(reading)
	if now := w.gate.MayBegin(); now != begin {
		w.log.Warn("load", "new_meetings", verdict(now))
	}
	if now := w.gate.MayEnter(); now != enter {
		w.log.Warn("load", "people_in_running_meetings", verdict(now))
	}
	return true
}

func verdict(taken bool) string {
	if taken {
		return "taken again"
	}
	return "refused"
}

// Process reads what this process has used of the processors.
func Process() (Reading, error) {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return Reading{}, fmt.Errorf("read the time of the process: %w", err)
	}
	return Reading{
		At: time.Now(), CPU: time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), Processors: runtime.GOMAXPROCS(0),
	}, nil
}
