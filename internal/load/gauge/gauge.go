// Package gauge reads a server's metrics page: how much memory, how many goroutines, rooms and people it has.
package gauge

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Source is where a page of metrics comes from, in the text form of Prometheus.
type Source func(context.Context) (string, error)

// Level is what a server has at one moment.
type Level struct {
	Goroutines   int    `json:"goroutines"`
	Heap         uint64 `json:"heap"`     // bytes of objects, those that nobody needs any more among them
	Stacks       uint64 `json:"stacks"`   // bytes
	Resident     uint64 `json:"resident"` // bytes of the process in memory
	Files        int    `json:"files"`    // open files and sockets
	Rooms        int    `json:"rooms"`
	Participants int    `json:"participants"`
	Transports   int    `json:"transports"`
	Connections  int    `json:"connections"` // WebSockets
	Collections  int    `json:"collections"` // of garbage so far
	Dropped      uint64 `json:"dropped"`     // packets so far that found a queue full
}

// Empty tells whether nobody is there.
func (l Level) Empty() bool { return l.Rooms+l.Participants+l.Transports+l.Connections == 0 }

// Read asks for the level now.
func Read(ctx context.Context, from Source) (Level, error) {
	text, err := from(ctx)
	if err != nil {
		return Level{}, fmt.Errorf("read the server's level: %w", err)
	}
	sums, err := parse(text)
	if err != nil {
		return Level{}, fmt.Errorf("read the server's level: %w", err)
	}
	return Level{
		Goroutines: int(sums["go_goroutines"]), Heap: uint64(sums["go_memstats_heap_alloc_bytes"]),
		Stacks: uint64(sums["go_memstats_stack_inuse_bytes"]), Resident: uint64(sums["process_resident_memory_bytes"]),
		Files: int(sums["process_open_fds"]), Rooms: int(sums["stube_rooms"]),
		Participants: int(sums["stube_participants"]), Transports: int(sums["stube_transports"]),
		Connections: int(sums["stube_connections"]), Collections: int(sums["go_gc_duration_seconds_count"]),
		Dropped: uint64(sums["stube_queue_drops_total"]),
	}, nil
}

// askAgain is the time between two looks at a server that is waited for.
const askAgain = 50 * time.Millisecond

// Until looks until a condition holds, or ctx ends: then it returns the last level with ctx's error.
func Until(ctx context.Context, from Source, condition func(Level) bool) (Level, error) {
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		l, err := Read(ctx, from)
		if err != nil || condition(l) {
			return l, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return l, fmt.Errorf("wait for the server: %w", ctx.Err())
		}
	}
}

// collections of garbage after which only what is needed is left: pools give up what they hold in the second, and what
// has a finalizer goes one after the other.
const collections = 10

// Settled waits until nobody is there and garbage was collected often enough since. To answer so often makes garbage
// enough for that. The least of what was seen counts, as answering takes something too.
func Settled(ctx context.Context, from Source) (Level, error) {
	l, err := Until(ctx, from, Level.Empty)
	if err != nil {
		return l, err
	}
	enough := l.Collections + collections
	least := l
	for l.Collections < enough {
		if l, err = Read(ctx, from); err != nil {
			return l, err
		}
		heap, goroutines, files := least.Heap, least.Goroutines, least.Files
		least = l
		least.Heap, least.Goroutines = min(l.Heap, heap), min(l.Goroutines, goroutines)
		least.Files = min(l.Files, files)
	}
	return least, nil
}

// parse adds up the values of each metric, whatever their labels.
func parse(text string) (map[string]float64, error) {
	sums := make(map[string]float64)
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		if at < 0 {
			return nil, fmt.Errorf("no value in %q", line)
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("read a metric: %w", err)
		}
		name, _, _ := strings.Cut(line[:at], "{")
		sums[name] += value
	}
	return sums, lines.Err()
}
