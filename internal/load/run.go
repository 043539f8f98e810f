package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"stube/internal/load/process"
	"stube/internal/sfu/dtls"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

const (
	joinTimeout  = 30 * time.Second // of one participant
	settleTime   = time.Second      // from the last one's first packet to the measurement
	leaveTimeout = 10 * time.Second
)

// run is a Run under way.
type run struct {
	options     Options
	target      target
	certificate *dtls.Certificate // of all peers: making one each would be measured as part of joining
	meter       *process.Meter    // nil when the server's process is not known
	own         *process.Meter    // of this process
	networks    networks

	mu           sync.Mutex // guards what follows
	participants []*participant
	joining      []time.Duration // of this step, from the start of joining to the server's answer
	firstMedia   []time.Duration // of this step, from the start of joining to the first packet of media
}

// Run joins the participants, measures after each step, and lets them leave. It refuses what isn't a Stube server.
// When ctx ends earlier, everybody leaves, and the error is ctx's; the report has the steps that were measured.
func Run(ctx context.Context, o Options) (Report, error) {
	o, err := o.complete()
	if err != nil {
		return Report{}, err
	}
	r := &run{options: o}
	if r.target, err = confirm(ctx, o); err != nil {
		return Report{}, err
	}
	o.Progress(fmt.Sprintf("this is a Stube server (%s); packets go to %s only", r.target.version, r.target.list()))
	if r.certificate, err = dtls.NewCertificate(); err != nil {
		return Report{}, fmt.Errorf("make a certificate: %w", err)
	}
	if o.ServerPID != 0 {
		if r.meter, err = process.New(o.ServerPID); err != nil {
			return Report{}, err
		}
	}
	if r.own, err = process.New(os.Getpid()); err != nil {
		return Report{}, err
	}
	report := Report{Version: r.target.version, Shape: o.Shape}
	defer r.networks.close()
	defer r.leave()
	if o.Turns > 0 {
		talking, hush := context.WithCancel(ctx)
		var speaking sync.WaitGroup
		speaking.Go(func() { r.turns(talking) })
		defer speaking.Wait()
		defer hush()
	}
	err = r.steps(ctx, &report)
	return report, err
}

// steps lets the load grow and measures each step. A server that takes nobody more ends it without an error.
func (r *run) steps(ctx context.Context, report *Report) error {
	plan := r.options.plan()
	for i, seats := range plan {
		r.mu.Lock()
		r.joining, r.firstMedia = nil, nil
		r.mu.Unlock()
		err := r.fill(ctx, seats)
		var refused *testpeer.ServerError
		if errors.As(err, &refused) && full(refused.Code) {
			report.Refused = string(refused.Code)
			r.options.Progress("the server takes nobody more: " + report.Refused)
			if i > 0 {
				return nil
			}
		}
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		r.options.Progress(fmt.Sprintf("step %d of %d: %d participants have joined", i+1, len(plan), len(r.participants)))
		if err := r.wait(ctx, settleTime, nil); err != nil {
			return err
		}
		r.options.Measuring()
		step, err := r.measure(ctx)
		if err != nil {
			return err
		}
		report.Steps = append(report.Steps, step)
		r.options.Measured(step)
	}
	return nil
}

// full tells the refusals of a server that has enough to do.
func full(code protocol.ErrorCode) bool {
	switch code {
	case protocol.ErrServerBusy, protocol.ErrServerFull, protocol.ErrRoomFull:
		return true
	}
	return false
}

// fill brings everybody of a step in, those who send before those who only receive, and waits until everybody receives
// everything.
func (r *run) fill(ctx context.Context, seats []seat) error {
	for _, sends := range []bool{true, false} {
		some := slices.DeleteFunc(slices.Clone(seats), func(s seat) bool { return s.sends != sends })
		err := r.each(ctx, len(some), func(ctx context.Context, i int) error { return r.join(ctx, some[i]) })
		if err != nil {
			return fmt.Errorf("join: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	for _, p := range r.participants {
		if !p.receives {
			continue
		}
		if err := p.peer.Until(ctx, func() bool { return r.receivesAll(p) }); err != nil {
			return fmt.Errorf("wait until everybody receives everything: %w", err)
		}
	}
	return nil
}

// each runs work n times, Parallel at a time, and stops early with the first error.
func (r *run) each(ctx context.Context, n int, work func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan int)
	var workers sync.WaitGroup
	for range min(r.options.Parallel, n) {
		workers.Go(func() {
			for i := range turns {
				if err := work(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case turns <- i:
		case <-ctx.Done():
		}
	}
	close(turns)
	workers.Wait()
	return context.Cause(ctx)
}

func (r *run) keep(p *participant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.participants = append(r.participants, p)
}

// leave lets everybody go, whatever happened before.
func (r *run) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	r.mu.Lock()
	all := slices.Clone(r.participants)
	r.mu.Unlock()
	slices.Reverse(all)
	_ = r.each(ctx, len(all), func(ctx context.Context, i int) error {
		_ = all[i].peer.Leave(ctx) // closed either way; the server notices by itself
		return nil
	})
	for _, p := range all {
		p.peer.Close() // those whose turn didn't come
	}
}
