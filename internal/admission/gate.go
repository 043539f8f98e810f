// Package admission decides whether a server takes more on. Beyond a bound on what it does, new meetings are refused
// before those that go on would suffer; who comes to one of them is let in up to a higher bound.
//
// What the server does is read from outside; a Gate makes rates of it and answers, with a distance between closing and
// opening again, so that it does not swing. A Watcher owns the goroutine that reads once a second; Close ends it and
// waits. The package must not know what meetings, packets or settings are.
package admission

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// window is the time over which rates are measured: a burst of a second or two closes nothing.
	window = 5 * time.Second
	// opensBelow is the share of a bound below which the load must fall before the gate opens again, and calm is for
	// how long: what was refused may have been the very load that is missing now.
	opensBelow = 0.85
	calm       = 10 * time.Second
	// entryBound is how far above the bound of packets and bits people are still let into meetings that go on: who
	// belongs to a meeting brings a fraction of what a new one does.
	entryBound = 1.25
	// entryHeadroom is how much of the processors' rest people in meetings that go on may still fill.
	entryHeadroom = 2.0 / 3
)

// Limits are the bounds beyond which no new meeting begins; 0 sets none.
type Limits struct {
	CPU     float64 // share of the processors that the process may use, up to 1
	Packets float64 // a second, received and sent
	Uplink  float64 // bit/s, sent
}

// Reading is what a server has done since its start.
type Reading struct {
	At         time.Time
	CPU        time.Duration // of all threads
	Processors int           // that it may use
	Packets    uint64        // received and sent
	Bytes      uint64        // sent, on the wire
}

// Load is what a server does, as shares of its Limits: at 1 no new meeting begins. What has no limit is 0.
type Load struct{ CPU, Packets, Uplink float64 }

// Gate follows the load. Its methods are safe for concurrent use.
type Gate struct {
	limits Limits

	meetings, people atomic.Bool // refused

	mu       sync.Mutex // guards what follows
	readings []Reading  // of the window, the oldest first
	load     Load
	begin    latch
	enter    latch
}

// NewGate makes a gate that is open.
func NewGate(l Limits) *Gate { return &Gate{limits: l} }

// MayBegin tells whether a new meeting may begin.
func (g *Gate) MayBegin() bool { return !g.meetings.Load() }

// MayEnter tells whether somebody may come to a meeting that goes on.
func (g *Gate) MayEnter() bool { return !g.people.Load() }

// Load tells the load of the last window.
func (g *Gate) Load() Load {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.load
}

// Read takes a reading, about once a second.
func (g *Gate) Read(r Reading) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readings = append(g.readings, r)
	for len(g.readings) > 2 && r.At.Sub(g.readings[1].At) >= window {
		g.readings = append(g.readings[:0], g.readings[1:]...)
	}
	first := g.readings[0]
	passed := r.At.Sub(first.At).Seconds()
	if passed <= 0 {
		return
	}
	cpu := (r.CPU - first.CPU).Seconds() / passed / float64(max(r.Processors, 1))
	packets := float64(r.Packets-first.Packets) / passed
	uplink := float64(r.Bytes-first.Bytes) * 8 / passed
	l := g.limits
	g.load = Load{CPU: share(cpu, l.CPU), Packets: share(packets, l.Packets), Uplink: share(uplink, l.Uplink)}
	g.meetings.Store(g.begin.see(g.load.most(), r.At))
	entry := Load{
		CPU: share(cpu, l.CPU+(1-l.CPU)*entryHeadroom), Packets: g.load.Packets / entryBound,
		Uplink: g.load.Uplink / entryBound,
	}
	if l.CPU == 0 {
		entry.CPU = 0
	}
	g.people.Store(g.enter.see(entry.most(), r.At))
}

// open opens the gate, as the load is not known any more.
func (g *Gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readings, g.load, g.begin, g.enter = nil, Load{}, latch{}, latch{}
	g.meetings.Store(false)
	g.people.Store(false)
}

// share is a value in terms of a limit, if there is one.
func share(value, limit float64) float64 {
	if limit <= 0 {
		return 0
	}
	return value / limit
}

func (l Load) most() float64 { return max(l.CPU, l.Packets, l.Uplink) }

// latch closes at 1 and opens when the load has been well below for a while.
type latch struct {
	closed bool
	since  time.Time // when the load fell below; zero: it is not
}

// see takes a load and tells whether the latch is closed.
func (l *latch) see(load float64, now time.Time) bool {
	switch {
	case load >= 1:
		l.closed, l.since = true, time.Time{}
	case !l.closed:
	case load >= opensBelow:
		l.since = time.Time{}
	case l.since.IsZero():
		l.since = now
	case now.Sub(l.since) >= calm:
		*l = latch{}
	}
	return l.closed
}
