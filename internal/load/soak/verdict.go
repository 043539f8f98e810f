package soak

import (
	"errors"
	"fmt"
)

// What may be more at the end than at the start: buffers that once grew and stay, and the answer to the question.
const (
	slackHeap       = 8 << 20
	slackGoroutines = 2
	slackFiles      = 1
)

// Check is an error with each fault, and with everything of which more was left than there was at the start.
func (r Report) Check() error {
	var errs []error
	for _, fault := range r.Faults() {
		errs = append(errs, errors.New(fault))
	}
	before, after := r.Start, r.Last()
	if after.Goroutines > before.Goroutines+slackGoroutines {
		errs = append(errs, fmt.Errorf("%d goroutines are left of %d", after.Goroutines, before.Goroutines))
	}
	if after.Files > before.Files+slackFiles {
		errs = append(errs, fmt.Errorf("%d files are left open of %d", after.Files, before.Files))
	}
	if after.Heap > before.Heap+slackHeap {
		errs = append(errs, fmt.Errorf("%d bytes of heap are left of %d", after.Heap, before.Heap))
	}
	return errors.Join(errs...)
}
