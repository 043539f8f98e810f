package main

import (
	"strings"
	"testing"

	"stube/internal/load"
)

// TestARowTellsWhatGaveOut: what is carried is called so, and what isn't names its causes.
func TestARowTellsWhatGaveOut(t *testing.T) {
	carried := step{Step: load.Step{Seconds: 10, Way: load.Way{Received: 10_000, Lost: 1}}}
	if row := carried.row(); !strings.HasSuffix(row, "| carried |\n") {
		t.Error(row)
	}
	if got, want := strings.Count(carried.row(), "|"), strings.Count(strings.Split(columns, "\n")[1], "|"); got != want {
		t.Errorf("a row has %d bars, the table %d", got, want)
	}
	broken := step{Dropped: 5, Kernel: 7, Step: load.Step{
		Seconds: 10, OwnSeconds: 1e6, Server: &load.Server{CPUSeconds: 10},
		Way: load.Way{Received: 1000, Lost: 20, Freezes: 3}, Latency: load.Quantiles{P99: 200},
	}}
	for _, cause := range []string{
		"missing", "freeze", "late", "processors are full", "5 packets found a queue", "7 datagrams",
	} {
		if !strings.Contains(broken.row(), cause) {
			t.Errorf("%q is not in %s", cause, broken.row())
		}
	}
}

func TestReceiveErrorsAreFoundByName(t *testing.T) {
	n, err := receiveErrors("Ip: A\nIp: 1\nUdp: InDatagrams RcvbufErrors SndbufErrors\nUdp: 5 17 3\n")
	if err != nil || n != 17 {
		t.Errorf("%d, %v", n, err)
	}
	for _, bad := range []string{"", "Udp: InDatagrams\nUdp: 1\n", "Udp: RcvbufErrors\nUdp: x\n"} {
		if _, err := receiveErrors(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
