package load

import (
	"slices"
	"time"
)

// Report is what a Run found.
type Report struct {
	Version string `json:"version"` // of the server
	Shape   Shape  `json:"shape"`
	Steps   []Step `json:"steps"`
	// Refused is the code with which the server took nobody more; "" when all came.
	Refused string `json:"refused,omitempty"`
}

// Step is what was measured with so many participants.
type Step struct {
	Rooms     int     `json:"rooms"`
	Senders   int     `json:"senders"`
	Receivers int     `json:"receivers"` // senders of a meeting among them
	Seconds   float64 `json:"seconds"`

	Sent uint64 `json:"sent"` // packets, of all layers
	Way         // of receivers on good networks
	Bad  *Way   `json:"bad,omitempty"` // of those on bad ones

	Latency    Quantiles `json:"latency"`    // from sending to a receiver's socket, on good networks
	Joining    Quantiles `json:"joining"`    // of those who joined in this step: from the start to the server's answer
	FirstMedia Quantiles `json:"firstMedia"` // and to the first packet

	OwnSeconds float64 `json:"ownSeconds"` // CPU time of the process that all participants are in
	Server     *Server `json:"server,omitempty"`
}

// Way is what came to receivers.
type Way struct {
	Received  uint64  `json:"received"`  // packets, each once
	Bits      float64 `json:"bits"`      // of payload a second, of all together
	Lost      int64   `json:"lost"`      // packets that a receiver missed for good
	Recovered uint64  `json:"recovered"` // packets that came by retransmission
	Corrupt   uint64  `json:"corrupt"`   // packets that weren't authentic, or not what was sent
	Freezes   uint64  `json:"freezes"`   // times that a picture stood still
}

// Server is what the measurement cost the server's process.
type Server struct {
	CPUSeconds   float64 `json:"cpuSeconds"`   // user and system
	CPUPerPacket float64 `json:"cpuPerPacket"` // µs for each packet that was received
	Resident     uint64  `json:"resident"`     // bytes at the end
}

// Last is the measurement with everybody; zero when there was none.
func (r Report) Last() Step {
	if len(r.Steps) == 0 {
		return Step{}
	}
	return r.Steps[len(r.Steps)-1]
}

// Milliseconds is a duration, as JSON a number of milliseconds.
type Milliseconds float64

// Duration is the same as Go counts it, rounded to microseconds.
func (m Milliseconds) Duration() time.Duration {
	return time.Duration(float64(m) * float64(time.Millisecond)).Round(time.Microsecond)
}

func milliseconds(d time.Duration) Milliseconds {
	return Milliseconds(float64(d) / float64(time.Millisecond))
}

// Quantiles sum up durations.
type Quantiles struct {
	P50 Milliseconds `json:"p50"`
	P90 Milliseconds `json:"p90"`
	P99 Milliseconds `json:"p99"`
}

// quantiles sums up a few durations.
func quantiles(all []time.Duration) Quantiles {
	if len(all) == 0 {
		return Quantiles{}
	}
	sorted := slices.Sorted(slices.Values(all))
	at := func(percent int) Milliseconds { return milliseconds(sorted[(len(sorted)-1)*percent/100]) }
	return Quantiles{P50: at(50), P90: at(90), P99: at(99)}
}

// step compares two counts.
func (r *run) step(before, after count) Step {
	after.took.Subtract(&before.took)
	s := Step{
		Seconds: after.at.Sub(before.at).Seconds(), Sent: after.sent - before.sent,
		OwnSeconds: (after.own - before.own).Seconds(),
		Latency: Quantiles{
			P50: milliseconds(after.took.Quantile(0.5)),
			P90: milliseconds(after.took.Quantile(0.9)),
			P99: milliseconds(after.took.Quantile(0.99)),
		},
		Joining: quantiles(r.joining), FirstMedia: quantiles(r.firstMedia),
	}
	rooms := map[int]bool{}
	someBad := false
	for _, p := range r.participants {
		rooms[p.room] = true
		someBad = someBad || p.bad
		if p.sends {
			s.Senders++
		}
		if p.receives {
			s.Receivers++
		}
	}
	s.Rooms = len(rooms)
	s.Way = after.good.since(before.good).way(s.Seconds)
	if someBad {
		bad := after.bad.since(before.bad).way(s.Seconds)
		s.Bad = &bad
	}
	if after.cpu != 0 {
		spent := after.cpu - before.cpu
		s.Server = &Server{CPUSeconds: spent.Seconds(), Resident: after.resident}
		if all := after.good.packets + after.bad.packets - before.good.packets - before.bad.packets; all > 0 {
			s.Server.CPUPerPacket = float64(spent.Nanoseconds()) / 1000 / float64(all)
		}
	}
	return s
}

func (r received) way(seconds float64) Way {
	return Way{
		Received: r.packets, Bits: float64(r.bytes) * 8 / max(seconds, 1e-9), Lost: r.lost, Recovered: r.repaired,
		Corrupt: r.corrupt, Freezes: r.freezes,
	}
}
