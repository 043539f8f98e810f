package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stube/internal/load/process"
)

const (
	scalingPeople = 50  // of each webinar
	scalingRooms  = 2   // webinars
	scalingRounds = 5   // at the least: it is a quotient of two noisy figures
	evenShare     = 0.3 // of the packets that each of two Workers receives at least when they share the work
	attempts      = 8   // to have the kernel give each Worker a publisher
)

// scaling prints how much more a server carries on two cores than on one: the same two webinars with one Worker on one
// core, and with two Workers, a webinar on each, on two. Both servers run at the same time, so that what else the
// machine does strikes both.
//
// What is compared is the CPU time of the server for a packet: what a core carries is the inverse of that, and two
// carry twice that, as far as none waits for the other. How long threads waited for locks is not CPU time, and taken
// off. What it costs that state moves from one core's caches to the other's is in it. It is no measure of throughput:
// those who send and receive need the same two cores, which a server therefore can't fill. More than 2 is chance.
func scaling(ctx context.Context, s settings, out io.Writer) error {
	var gains, waits, ones, twos []float64
	for range max(s.rounds, scalingRounds) {
		one, two, err := oneAndTwo(ctx, s)
		if err != nil {
			return err
		}
		waited := two.waited / 2 // of the time of both cores
		ones, twos, waits = append(ones, one.cpuPerPacket), append(twos, two.cpuPerPacket), append(waits, waited)
		gains = append(gains, 2*one.cpuPerPacket/two.cpuPerPacket*(1-waited))
	}
	_, err := fmt.Fprintf(out, "\nscaling from one core to two (%d webinars of %d): %.2f, from %.2f to %.2f in %d rounds "+
		"(%.2f and %.2f µs/packet, %.2f %% of the time waiting for locks)\n",
		scalingRooms, scalingPeople, middle(gains), slices.Min(gains), slices.Max(gains), len(gains),
		middle(ones), middle(twos), 100*middle(waits))
	if err != nil {
		return fmt.Errorf("print the scaling: %w", err)
	}
	return nil
}

// oneAndTwo measures a server on one core and one on two at the same time. The kernel may give both publishers to one
// of two Workers; then it is tried again.
func oneAndTwo(ctx context.Context, s settings) (one, two result, err error) {
	for range attempts {
		var failed error
		var beside sync.WaitGroup
		beside.Go(func() { one, _, failed = cores(ctx, s, 1) })
		var even bool
		two, even, err = cores(ctx, s, 2)
		beside.Wait()
		if err = errors.Join(err, failed); err != nil || even {
			return one, two, err
		}
	}
	return one, two, fmt.Errorf("%d times the kernel gave both publishers to one Worker", attempts)
}

// cores measures the webinars on a server with so many cores, and tells whether its Workers shared the work.
func cores(ctx context.Context, s settings, n int) (found result, even bool, err error) {
	server, err := process.StartServer(ctx, s.server, "", "GOMAXPROCS="+strconv.Itoa(n))
	if err != nil {
		return result{}, false, err
	}
	found, err = loadServer(ctx, server, s, shape{people: scalingPeople}, scalingRooms)
	var text string
	if err == nil {
		text, err = server.Metrics(ctx)
	}
	if err = errors.Join(err, server.Stop()); err != nil {
		return result{}, false, fmt.Errorf("measure with %d of the cores: %w", n, err)
	}
	shares := values(text, "stube_worker_datagrams_total")
	if len(shares) != n {
		return result{}, false, fmt.Errorf("the server has %d Workers", len(shares))
	}
	return found, slices.Min(shares) >= evenShare*sum(shares), nil
}

// values are those of a metric, whatever its labels.
func values(metrics, name string) []float64 {
	var all []float64
	line := regexp.MustCompile(`(?m)^` + name + `(?:\{[^}]*\})? (\S+)$`)
	for _, match := range line.FindAllStringSubmatch(metrics, -1) {
		if value, err := strconv.ParseFloat(strings.TrimSpace(match[1]), 64); err == nil {
			all = append(all, value)
		}
	}
	return all
}

func sum(all []float64) (total float64) {
	for _, v := range all {
		total += v
	}
	return total
}

func middle(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)/2]
}
