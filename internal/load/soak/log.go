package soak

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// maxFaults bounds the faults that are kept of a round: one cause often has many.
const maxFaults = 20

// log collects what happens in a round. It is safe for concurrent use.
type log struct {
	mu     sync.Mutex
	acts   map[string]int
	faults []string
	more   int // faults that were left out
	jumps  uint64
}

func (l *log) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acts, l.faults, l.more, l.jumps = make(map[string]int), nil, 0, 0
}

func (l *log) did(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acts[what]++
}

func (l *log) fault(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) == maxFaults {
		l.more++
		return
	}
	l.faults = append(l.faults, fmt.Sprintf(format, values...))
}

func (l *log) faulty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.faults) > 0
}

func (l *log) jumped(times uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.jumps += times
}

func (l *log) total() (sum int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.acts {
		sum += n
	}
	return sum
}

// take copies what was collected.
func (l *log) take() (acts map[string]int, faults []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	faults = slices.Clone(l.faults)
	if l.more > 0 {
		faults = append(faults, fmt.Sprintf("and %d more", l.more))
	}
	return maps.Clone(l.acts), faults
}
