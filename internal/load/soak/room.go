package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// room is the guests of one meeting.
type room struct {
	run    *run
	name   string
	guests []*guest // residents first; a visitor who is gone leaves its place to the next
	pause  time.Duration
}

func newRoom(r *run, number int) *room {
	m := &room{run: r, name: fmt.Sprintf("soak-%d", number+1)}
	for i := range r.options.Residents + r.options.Visitors {
		dice := rand.New(rand.NewPCG(r.options.Seed, uint64(number)<<32|uint64(i)))
		m.guests = append(m.guests, &guest{
			room: m, seat: fmt.Sprintf("%s seat %d", m.name, i+1), resident: i < r.options.Residents, dice: dice,
		})
	}
	return m
}

// play lets all come, the visitors act, and compares what all know and receive.
func (m *room) play(ctx context.Context, acts int) error {
	if err := m.guests[0].come(ctx); err != nil { // and is the host
		return err
	}
	if err := m.each(m.guests[1:], func(g *guest) error { return g.come(ctx) }); err != nil {
		return err
	}
	err := m.each(m.guests, func(g *guest) error {
		if g.resident {
			return nil
		}
		return g.live(ctx, acts)
	})
	if err != nil {
		return err
	}
	return m.check(ctx)
}

// leave lets all go, the host last.
func (m *room) leave(ctx context.Context) {
	_ = m.each(m.guests[1:], func(g *guest) error { g.leave(ctx); return nil })
	m.guests[0].leave(ctx)
}

// each works on guests at the same time.
func (m *room) each(guests []*guest, work func(*guest) error) error {
	failed := make([]error, len(guests))
	var working sync.WaitGroup
	for i, g := range guests {
		working.Go(func() {
			if err := work(g); err != nil {
				failed[i] = fmt.Errorf("%s: %w", g, err)
			}
		})
	}
	working.Wait()
	return errors.Join(failed...)
}
