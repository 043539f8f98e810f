package app_test

import (
	"os"
	"testing"
	"time"

	"stube/internal/load"
)

func TestLoadMeasuresTheServer(t *testing.T) {
	ctx, url := bounded(t), server(t)
	var progress []string
	report, err := load.Run(ctx, load.Options{
		URL: url, Room: "load", Publishers: 2, Subscribers: 5, Duration: 1200 * time.Millisecond, ServerPID: os.Getpid(),
		VideoBitrate: 300_000, Progress: func(line string) { progress = append(progress, line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Publishers != 2 || report.Subscribers != 5 || report.Lost != 0 || report.Corrupt != 0 {
		t.Errorf("report %+v", report)
	}
	if least := report.Sent * 4; report.Received < least || report.Received > report.Sent*6 {
		t.Errorf("%d packets were sent and %d received by five", report.Sent, report.Received)
	}
	if report.Latency.P50 <= 0 || report.Joining.P50 <= 0 || report.FirstMedia.P50 < report.Joining.P50 {
		t.Errorf("times: %+v, %+v, %+v", report.Latency, report.Joining, report.FirstMedia)
	}
	if report.Server == nil || report.Server.CPUPerPacket <= 0 || report.Server.Resident == 0 {
		t.Errorf("server: %+v", report.Server)
	}
	if len(progress) < 3 {
		t.Errorf("progress: %q", progress)
	}
}
