package load

import (
	"context"
	"fmt"
	"time"
)

// measure counts for as long as the options say.
func (r *run) measure(ctx context.Context) (Step, error) {
	before, err := r.count(r.meter)
	if err != nil {
		return Step{}, err
	}
	if err := r.wait(ctx, r.options.Duration, &before); err != nil {
		return Step{}, err
	}
	after, err := r.count(r.meter)
	if err != nil {
		return Step{}, err
	}
	return r.step(before, after), nil
}

// wait lets time pass, with a line of progress each second once there is something to compare with.
func (r *run) wait(ctx context.Context, d time.Duration, since *count) error {
	end := time.NewTimer(d)
	defer end.Stop()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-end.C:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("measure: %w", ctx.Err())
		case <-second.C:
			if since != nil {
				r.tell(*since)
			}
		}
	}
}

// tell reports what was received so far.
func (r *run) tell(since count) {
	now, err := r.count(nil)
	if err != nil {
		return
	}
	step := r.step(since, now)
	r.options.Progress(fmt.Sprintf("%3.0f s: received %d packets, lost %d, latency p99 %v",
		step.Seconds, step.Received, step.Lost, step.Latency.P99.Duration()))
}
