package main

import (
	"context"
	"errors"

	"stube/internal/load"
	"stube/internal/load/process"
)

// measureServer puts a publisher and subscribers into a room of a fresh server.
func measureServer(ctx context.Context, s settings, subscribers int) (result, error) {
	server, err := process.StartServer(ctx, s.server, "")
	if err != nil {
		return result{}, err
	}
	report, err := load.Run(ctx, load.Options{
		URL: server.URL(), Room: "bench", Publishers: 1, Subscribers: subscribers, Duration: s.duration, Parallel: 1,
		ServerPID: server.PID(),
	})
	if err = errors.Join(err, server.Stop()); err != nil {
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
