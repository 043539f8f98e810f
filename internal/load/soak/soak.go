// Package soak lets people come, go and do whatever people do in meetings, for as long as one likes, and looks whether
// the server stays as it was. A Run has rounds: all come; visitors act by their own dice while residents stay still;
// everybody stands still, and what each of them knows and receives is compared with what was done; all leave, and the
// server's memory, goroutines and sockets are read. What grows from round to round is a leak.
//
// A Run owns a goroutine for each guest that acts or is looked at, and the peers; it waits for all of them. It must not
// know the server's insides.
package soak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"stube/internal/load/gauge"
	"stube/internal/sfu/dtls"
)

// Options says who comes, and for how long.
type Options struct {
	URL     string       // of the server, where anyone may start meetings
	Metrics gauge.Source // of the server

	Rooms     int           // 0 means 2
	Residents int           // of each room: they stay still; 0 means 2
	Visitors  int           // of each room: they act; 0 means 4
	Acts      int           // of each visitor in a round; 0 means 20
	Pause     time.Duration // between two acts of a visitor, at the most; 0 means 100 ms
	Duration  time.Duration // of all rounds: one that has begun comes to its end; 0 means one round
	// Vanish lets visitors go without a word too. The server gives them up after a while, and a round waits for it.
	Vanish   bool
	Linger   time.Duration // from when all have left until the server is looked at: it forgets addresses by and by
	Seed     uint64
	Progress func(string) // is told what goes on; may be nil
}

// Report is what a Run found.
type Report struct {
	Start  gauge.Level `json:"start"` // nobody is there, but somebody was
	Rounds []Round     `json:"rounds"`
}

// Round is what happened in one round.
type Round struct {
	Seconds float64        `json:"seconds"` // since the Run's beginning, at the round's end
	Acts    map[string]int `json:"acts"`    // how often each was done
	Full    gauge.Level    `json:"full"`    // when all stood still
	Left    gauge.Level    `json:"left"`    // when all had left
	Faults  []string       `json:"faults"`  // what wasn't as it has to be
	// Jumps is how often timestamps jumped for residents, as where a layer begins that was not measured yet.
	Jumps uint64 `json:"jumps"`
	// Pause is the longest time in which a resident got no sound of another, in milliseconds.
	Pause float64 `json:"pause"`
}

// Faults are those of all rounds.
func (r Report) Faults() []string {
	var all []string
	for i, round := range r.Rounds {
		for _, fault := range round.Faults {
			all = append(all, fmt.Sprintf("round %d: %s", i+1, fault))
		}
	}
	return all
}

// Last is how the server was left; as at the start when there was no round.
func (r Report) Last() gauge.Level {
	if len(r.Rounds) == 0 {
		return r.Start
	}
	return r.Rounds[len(r.Rounds)-1].Left
}

// Acts adds up what was done.
func (r Report) Acts() map[string]int {
	all := make(map[string]int)
	for _, round := range r.Rounds {
		for what, n := range round.Acts {
			all[what] += n
		}
	}
	return all
}

const (
	joinTimeout   = 30 * time.Second
	stillTimeout  = 60 * time.Second // until all agree: who vanished is kept for 30 s
	emptyTimeout  = 3 * time.Minute  // until the server has given up everybody
	defaultPause  = 100 * time.Millisecond
	defaultRooms  = 2
	defaultStay   = 2
	defaultVisits = 4
	defaultActs   = 20
)

// run is a Run under way.
type run struct {
	options     Options
	certificate *dtls.Certificate // of all peers
	rooms       []*room
	log         log
}

// Run plays rounds until the duration is over, one at least. A fault does not end it; an error does.
func Run(ctx context.Context, o Options) (Report, error) {
	o.Rooms = cmp.Or(o.Rooms, defaultRooms)
	o.Residents, o.Visitors = cmp.Or(o.Residents, defaultStay), cmp.Or(o.Visitors, defaultVisits)
	o.Acts, o.Pause = cmp.Or(o.Acts, defaultActs), cmp.Or(o.Pause, defaultPause)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return Report{}, fmt.Errorf("make a certificate: %w", err)
	}
	r := &run{options: o, certificate: certificate}
	for i := range o.Rooms {
		r.rooms = append(r.rooms, newRoom(r, i))
	}
	warm, err := r.round(ctx, max(o.Acts/2, 1)) // buffers grow to what is needed, and stay
	if err != nil {
		return Report{Rounds: []Round{warm}}, fmt.Errorf("warm up: %w", err)
	}
	report := Report{Start: warm.Left}
	begun := time.Now()
	for len(report.Rounds) == 0 || time.Since(begun) < o.Duration {
		round, err := r.round(ctx, o.Acts)
		if len(report.Rounds) == 0 {
			round.Faults = append(warm.Faults, round.Faults...)
		}
		round.Seconds = time.Since(begun).Seconds()
		report.Rounds = append(report.Rounds, round)
		if err != nil {
			return report, fmt.Errorf("round %d: %w", len(report.Rounds), err)
		}
		o.Progress(fmt.Sprintf("round %d, %.0f s: %d acts, %d goroutines and %.1f MiB of heap are left, %d faults",
			len(report.Rounds), round.Seconds, r.log.total(), round.Left.Goroutines, float64(round.Left.Heap)/(1<<20),
			len(round.Faults)))
	}
	return report, nil
}

// round lets all come, act, stand still and leave.
func (r *run) round(ctx context.Context, acts int) (Round, error) {
	r.log.reset()
	err := r.each(func(m *room) error { return m.play(ctx, acts) })
	var round Round
	if err == nil {
		round.Full, err = gauge.Read(ctx, r.options.Metrics)
	}
	round.Pause = float64(r.longestPause()) / float64(time.Millisecond)
	leaving := r.each(func(m *room) error { m.leave(ctx); return nil })
	if err = errors.Join(err, leaving); err == nil {
		empty, cancel := context.WithTimeout(ctx, emptyTimeout)
		defer cancel()
		r.linger(empty)
		if round.Left, err = gauge.Settled(empty, r.options.Metrics); err != nil {
			err = fmt.Errorf("wait until nobody is left (%+v): %w", round.Left, err)
		}
	}
	round.Acts, round.Faults = r.log.take()
	round.Jumps = r.log.jumps
	return round, err
}

// linger lets the server forget.
func (r *run) linger(ctx context.Context) {
	enough := time.NewTimer(r.options.Linger)
	defer enough.Stop()
	select {
	case <-enough.C:
	case <-ctx.Done():
	}
}

func (r *run) longestPause() time.Duration {
	var longest time.Duration
	for _, m := range r.rooms {
		longest = max(longest, m.pause)
	}
	return longest
}

// each works on all rooms at the same time.
func (r *run) each(work func(*room) error) error {
	failed := make([]error, len(r.rooms))
	var working sync.WaitGroup
	for i, m := range r.rooms {
		working.Go(func() { failed[i] = work(m) })
	}
	working.Wait()
	return errors.Join(failed...)
}
