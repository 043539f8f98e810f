package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"stube/internal/load"
)

type loadCommand struct {
	URL          string        `name:"url" help:"The server, such as http://192.0.2.1:8080." required:""`
	Room         string        `help:"The room that they meet in." default:"load"`
	Publishers   int           `help:"How many send a camera and a microphone." default:"1"`
	Subscribers  int           `help:"How many receive everything." default:"10"`
	Duration     time.Duration `help:"How long to measure." default:"10s"`
	VideoBitrate int           `help:"Of each camera, in bit/s." default:"1500000"`
	FPS          int           `name:"fps" help:"Frames a second of each camera." default:"30"`
	Parallel     int           `help:"How many join at a time." default:"4"`
	TCP          bool          `name:"tcp" help:"Connect by TCP instead of UDP."`
	Insecure     bool          `help:"Take any certificate."`
	ServerPID    int           `name:"server-pid" help:"Process of the server on this machine, to measure its CPU time."`
	JSON         bool          `name:"json" help:"Print the result as JSON."`
}

// Run measures a server and prints what it found; progress goes to the other output.
func (c loadCommand) Run(s surroundings) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	report, err := load.Run(ctx, load.Options{
		URL: c.URL, Room: c.Room, Publishers: c.Publishers, Subscribers: c.Subscribers,
		Duration: c.Duration, VideoBitrate: c.VideoBitrate, FPS: c.FPS, Parallel: c.Parallel, TCP: c.TCP,
		Insecure: c.Insecure, ServerPID: c.ServerPID,
		Progress: func(line string) {
			_, _ = fmt.Fprintln(s.stderr, line) // nobody need read it
		},
	})
	if err != nil {
		return fmt.Errorf("load %s: %w", c.URL, err)
	}
	if !c.JSON {
		return report.Write(s.stdout)
	}
	out := json.NewEncoder(s.stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(report); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}
