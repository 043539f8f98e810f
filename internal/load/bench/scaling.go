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

	"stube/internal/load/process"
)

const (
	scalingPeople = 50  // of each webinar
	evenShare     = 0.3 // of the packets that each of two Workers receives at least when they share the work
	attempts      = 8   // to have the kernel give each Worker a publisher
)

// scaling prints how much more a server carries on two cores than on one: one webinar on one core beside two webinars
// on two, in turns. It compares CPU time for a packet, as the machine is never saturated and others use it; and takes
// off how long threads waited for each other's locks, which is not CPU time.
func scaling(ctx context.Context, s settings, out io.Writer) error {
	var gains, waits, ones, twos []float64
	for range s.rounds {
		one, _, err := cores(ctx, s, 1)
		if err != nil {
			return fmt.Errorf("measure one core: %w", err)
		}
		two, waited, err := cores(ctx, s, 2)
		if err != nil {
			return fmt.Errorf("measure two cores: %w", err)
		}
		ones, twos = append(ones, one.cpuPerPacket), append(twos, two.cpuPerPacket)
		gains = append(gains, 2*one.cpuPerPacket/two.cpuPerPacket*(1-waited))
		waits = append(waits, waited)
	}
	_, err := fmt.Fprintf(out, "\nscaling from one core to two (a webinar of %d on each): %.2f "+
		"(%.2f and %.2f µs/packet, %.2f %% of the time waiting for locks)\n",
		scalingPeople, middle(gains), middle(ones), middle(twos), 100*middle(waits))
	if err != nil {
		return fmt.Errorf("print the scaling: %w", err)
	}
	return nil
}

// cores measures so many webinars on a server with so many cores, and the share of its time that a thread waited for
// locks. The kernel may give both publishers to one Worker; then it is tried again.
func cores(ctx context.Context, s settings, n int) (found result, waited float64, err error) {
	for range attempts {
		server, err := process.StartServer(ctx, s.server, "", "GOMAXPROCS="+strconv.Itoa(n))
		if err != nil {
			return result{}, 0, err
		}
		found, err = loadServer(ctx, server, s, shape{people: scalingPeople}, n)
		var text string
		if err == nil {
			text, err = server.Metrics(ctx)
		}
		if err = errors.Join(err, server.Stop()); err != nil {
			return result{}, 0, err
		}
		shares := values(text, "stube_worker_datagrams_total")
		if len(shares) != n {
			return result{}, 0, fmt.Errorf("the server has %d Workers", len(shares))
		}
		if slices.Min(shares) < evenShare*sum(shares) {
			continue
		}
		// Since the start, of which the measurement is the larger part; divided as if it were all.
		wait := sum(values(text, "go_sync_mutex_wait_total_seconds_total"))
		return found, wait / (s.duration.Seconds() * float64(n)), nil
	}
	return result{}, 0, fmt.Errorf("%d times the kernel gave both publishers to one Worker", attempts)
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
