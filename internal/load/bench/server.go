package main

import (
	"context"
	"errors"
	"strconv"

	"stube/internal/load"
	"stube/internal/load/process"
)

// crowd is how many people take so long to come one by one that two come at a time.
const crowd = 250

// measureServer puts the shape into a room of a fresh server.
func measureServer(ctx context.Context, s settings, of shape) (result, error) {
	capacity := "STUBE_ROOM_PARTICIPANTS=" + strconv.Itoa(of.people+1)
	server, err := process.StartServer(ctx, s.server, "", capacity)
	if err != nil {
		return result{}, err
	}
	found, err := loadServer(ctx, server, s, of, 1)
	return found, errors.Join(err, server.Stop())
}

// loadServer puts webinars or meetings into rooms of their own, and measures what they cost.
func loadServer(ctx context.Context, server *process.Server, s settings, of shape, rooms int) (_ result, failed error) {
	o := of.options()
	o.URL, o.Room, o.Rooms, o.Duration = server.URL(), "bench", rooms, s.duration
	o.Parallel = 1 + of.people/crowd
	o.ServerPID = server.PID()
	waited := func(seconds *float64) {
		text, err := server.Metrics(ctx)
		failed = errors.Join(failed, err)
		*seconds = sum(values(text, "go_sync_mutex_wait_total_seconds_total"))
	}
	var before, after float64
	o.Measuring = func() { waited(&before) }
	o.Measured = func(load.Step) { waited(&after) }
	report, err := load.Run(ctx, o)
	if err = errors.Join(err, failed); err != nil {
		return result{}, err
	}
	found := report.Last()
	return result{
		cpuPerPacket: found.Server.CPUPerPacket,
		received:     found.Received, lost: found.Lost,
		p50: found.Latency.P50.Duration(), p99: found.Latency.P99.Duration(),
		firstMedia: found.FirstMedia.P50.Duration(),
		waited:     (after - before) / s.duration.Seconds(),
	}, nil
}
