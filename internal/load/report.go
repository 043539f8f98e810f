package load

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// Report is what a Run found.
type Report struct {
	Publishers  int     `json:"publishers"`
	Subscribers int     `json:"subscribers"`
	Seconds     float64 `json:"seconds"`

	Sent      uint64 `json:"sent"`      // packets that the publishers sent
	Received  uint64 `json:"received"`  // packets that the subscribers received, each once
	Lost      int64  `json:"lost"`      // packets that a subscriber missed for good
	Recovered uint64 `json:"recovered"` // packets that came by retransmission
	Corrupt   uint64 `json:"corrupt"`   // packets that weren't authentic, or not what was sent

	Latency    Quantiles `json:"latency"`    // from sending to a subscriber's socket
	Joining    Quantiles `json:"joining"`    // from the start of joining to the server's answer
	FirstMedia Quantiles `json:"firstMedia"` // from the start of joining to the first packet

	Server *Server `json:"server,omitempty"`
}

// Server is what the measurement cost the server's process.
type Server struct {
	CPUSeconds   float64 `json:"cpuSeconds"`   // user and system
	CPUPerPacket float64 `json:"cpuPerPacket"` // µs for each packet that a subscriber received
	Resident     uint64  `json:"resident"`     // bytes at the end
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

// report compares two counts.
func (r *run) report(before, after count) Report {
	after.took.Subtract(&before.took)
	report := Report{
		Publishers: len(r.publishers), Subscribers: len(r.subscribers),
		Seconds:   after.at.Sub(before.at).Seconds(),
		Sent:      after.sent - before.sent,
		Received:  after.received - before.received,
		Lost:      after.lost - before.lost,
		Recovered: after.repaired - before.repaired,
		Corrupt:   after.corrupt - before.corrupt,
		Latency: Quantiles{
			P50: milliseconds(after.took.Quantile(0.5)),
			P90: milliseconds(after.took.Quantile(0.9)),
			P99: milliseconds(after.took.Quantile(0.99)),
		},
		Joining: quantiles(r.joining), FirstMedia: quantiles(r.firstMedia),
	}
	if after.cpu != 0 {
		spent := after.cpu - before.cpu
		report.Server = &Server{CPUSeconds: spent.Seconds(), Resident: after.resident}
		if report.Received > 0 {
			report.Server.CPUPerPacket = float64(spent.Nanoseconds()) / 1000 / float64(report.Received)
		}
	}
	return report
}

// Write prints the report as a table.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, values ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, values...)...)
	}
	row("participants", "%d publishers, %d subscribers", r.Publishers, r.Subscribers)
	row("measured for", "%.1f s", r.Seconds)
	row("sent", "%d packets", r.Sent)
	row("received", "%d packets, %.0f a second", r.Received, float64(r.Received)/max(r.Seconds, 1e-9))
	row("lost", "%d packets, %.4f %%", r.Lost, 100*float64(r.Lost)/max(float64(r.Received)+float64(r.Lost), 1))
	row("recovered", "%d packets", r.Recovered)
	row("corrupt", "%d packets", r.Corrupt)
	for _, q := range []struct {
		name string
		of   Quantiles
	}{{"latency", r.Latency}, {"joining", r.Joining}, {"first media", r.FirstMedia}} {
		row(q.name, "p50 %v, p90 %v, p99 %v", q.of.P50.Duration(), q.of.P90.Duration(), q.of.P99.Duration())
	}
	if s := r.Server; s != nil {
		row("server", "%.2f s CPU, %.2f µs a packet received, %.1f MiB resident",
			s.CPUSeconds, s.CPUPerPacket, float64(s.Resident)/(1<<20))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}
