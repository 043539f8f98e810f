package main

import (
	"context"
	"errors"

	"stube/internal/load"
	"stube/internal/load/process"
)

// measureServer puts the shape into a room of a fresh server.
func measureServer(ctx context.Context, s settings, of shape) (result, error) {
	server, err := process.StartServer(ctx, s.server, "")
	if err != nil {
		return result{}, err
	}
	found, err := loadServer(ctx, server, s, of, 1)
	return found, errors.Join(err, server.Stop())
}

// loadServer puts webinars or meetings into rooms of their own, and measures what they cost.
func loadServer(ctx context.Context, server *process.Server, s settings, of shape, rooms int) (result, error) {
	o := of.options()
	o.URL, o.Room, o.Rooms, o.Duration, o.Parallel = server.URL(), "bench", rooms, s.duration, 1
	o.ServerPID = server.PID()
	report, err := load.Run(ctx, o)
	if err != nil {
		return result{}, err
	}
	found := report.Last()
	return result{
		cpuPerPacket: found.Server.CPUPerPacket,
		received:     found.Received, lost: found.Lost,
		p50: found.Latency.P50.Duration(), p99: found.Latency.P99.Duration(),
		firstMedia: found.FirstMedia.P50.Duration(),
	}, nil
}
