package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// result is one measurement of either program.
type result struct {
	cpuPerPacket float64 // µs
	received     uint64
	lost         int64
	p50, p99     time.Duration // latency
	firstMedia   time.Duration // median; 0 for the floor, which nobody joins
	waited       float64       // how long threads waited for locks, of the time; 0 for the floor, which has none
}

// table prints a row for each shape.
type table struct {
	out io.Writer
}

const (
	columns = "%-14s  %9s  %9s  %6s  %8s  %21s  %21s  %11s\n"
	cells   = "%-14v  %9.2f  %9.2f  %6.2f  %8.4f  %10v %10v  %10v %10v  %11v\n"
)

func newTable(out io.Writer) *table {
	fmt.Fprintf(out, columns, "", "server", "floor", "", "lost", "server's latency", "floor's latency", "first media")
	fmt.Fprintf(out, columns, "", "µs/packet", "µs/packet", "ratio", "%",
		"p50        p99", "p50        p99", "p50")
	return &table{out: out}
}

// row prints medians of several measurements; the ratio is the median of those of each round, as what else the machine
// does changes slowly; loss is that of all of the server's together.
func (t *table) row(of shape, server, floor []result) error {
	cpu := func(r result) float64 { return r.cpuPerPacket }
	p50 := func(r result) time.Duration { return r.p50 }
	p99 := func(r result) time.Duration { return r.p99 }
	first := func(r result) time.Duration { return r.firstMedia }
	var ratios []float64
	for i := range min(len(server), len(floor)) {
		ratios = append(ratios, server[i].cpuPerPacket/floor[i].cpuPerPacket)
	}
	received, lost := 0.0, 0.0
	for _, r := range server {
		received += float64(r.received)
		lost += float64(r.lost)
	}
	_, err := fmt.Fprintf(t.out, cells, of,
		median(server, cpu), median(floor, cpu), middle(ratios),
		100*lost/max(received+lost, 1),
		rounded(median(server, p50)), rounded(median(server, p99)),
		rounded(median(floor, p50)), rounded(median(floor, p99)),
		rounded(median(server, first)))
	if err != nil {
		return fmt.Errorf("print a row: %w", err)
	}
	return nil
}

func rounded(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// median of what of finds in the results; of an even number the lower one in the middle.
func median[T float64 | time.Duration](results []result, of func(result) T) T {
	values := make([]T, 0, len(results))
	for _, r := range results {
		values = append(values, of(r))
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}
