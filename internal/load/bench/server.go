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
	return result{
		cpuPerPacket: report.Server.CPUPerPacket,
		received:     report.Received, lost: report.Lost,
		p50: report.Latency.P50.Duration(), p99: report.Latency.P99.Duration(),
		firstMedia: report.FirstMedia.P50.Duration(),
	}, nil
}
