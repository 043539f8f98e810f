package load

import (
	"time"

	"stube/internal/load/process"
	"stube/internal/testpeer/latency"
)

// count is what all participants have counted by some moment.
type count struct {
	at        time.Time
	cpu       time.Duration
	own       time.Duration // CPU time of this process
	resident  uint64
	sent      uint64
	good, bad received
	took      latency.Histogram // to those on good networks
}

// received is what came to some of the participants.
type received struct {
	packets, bytes, repaired, corrupt uint64
	lost                              int64
	freezes                           uint64
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
	var err error
	if c.own, err = r.own.CPU(); err != nil {
		return c, err
	}
	for _, p := range r.participants {
		s := p.peer.Stats()
		for _, o := range s.Sent {
			c.sent += o.Packets
		}
		if !p.receives {
			continue
		}
		to := &c.good
		if p.bad {
			to = &c.bad
		} else {
			c.took.Add(&s.Latency)
		}
		total := s.Total()
		to.packets += total.Packets
		to.bytes += total.Bytes
		to.lost += total.Lost
		to.repaired += total.Recovered
		to.corrupt += total.Corrupt + s.Stray.Unopened
		to.freezes += total.Freezes
	}
	return c, nil
}

// since is what came after an earlier count.
func (r received) since(before received) received {
	return received{
		packets: r.packets - before.packets, bytes: r.bytes - before.bytes, repaired: r.repaired - before.repaired,
		corrupt: r.corrupt - before.corrupt, lost: r.lost - before.lost, freezes: r.freezes - before.freezes,
	}
}
