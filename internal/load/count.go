package load

import (
	"time"

	"stube/internal/load/process"
	"stube/internal/testpeer/latency"
)

// count is what all participants have counted by some moment.
type count struct {
	at       time.Time
	cpu      time.Duration
	resident uint64
	sent     uint64
	received uint64
	lost     int64
	repaired uint64
	corrupt  uint64
	took     latency.Histogram
}

// count adds up. Without a meter the server's part stays zero.
func (r *run) count(meter *process.Meter) (count, error) {
	c := count{at: time.Now()}
	if meter != nil {
		var err error
		if c.cpu, err = meter.CPU(); err != nil {
			return c, err
		}
		if c.resident, err = meter.Resident(); err != nil {
			return c, err
		}
	}
	for _, p := range r.publishers {
		for _, s := range p.Stats().Sent {
			c.sent += s.Packets
		}
	}
	for _, p := range r.subscribers {
		s := p.Stats()
		total := s.Total()
		c.received += total.Packets
		c.lost += total.Lost
		c.repaired += total.Recovered
		c.corrupt += total.Corrupt + s.Stray.Unopened
		c.took.Add(&s.Latency)
	}
	return c, nil
}
