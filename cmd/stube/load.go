package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os/signal"
	"syscall"
	"time"

	"stube/internal/load"
	"stube/internal/relay/schedule"
)

type loadCommand struct {
	URL    string       `name:"url" help:"The server, such as http://192.0.2.1:8080. Load goes nowhere else." required:""`
	Media  []netip.Addr `help:"More addresses of the server, if it announces others." placeholder:"ADDRESS"`
	Room   string       `help:"The room that they meet in." default:"load"`
	Invite string       `help:"Secret of a link into the room: what stands behind # in the link."`
	Token  string       `help:"Token (JWT) to join by." env:"LOAD_TOKEN"`

	Shape        string        `help:"webinar: a few send; meeting: all do." enum:"webinar,meeting" default:"webinar"`
	Rooms        int           `help:"How many rooms of this shape." default:"1"`
	Publishers   *int          `help:"How many of a webinar send a camera and a microphone; 1 if left out."`
	Subscribers  *int          `help:"How many of a webinar receive everything; 10 if left out."`
	Participants *int          `help:"How many are in a meeting; 4 if left out."`
	Steps        int           `help:"In how many steps it grows: in rooms, or in people of the one room." default:"1"`
	Duration     time.Duration `help:"How long to measure each step." default:"10s"`
	Tiles        int           `help:"How many videos one sees at the most; 0: all." default:"0"`
	ViewHeight   int           `help:"Height of a tile in pixels." default:"720"`
	Turns        time.Duration `help:"How long each speaks before the next; 0s: all at the same time." default:"0s"`

	VideoBitrate int  `help:"Of each camera, in bit/s." default:"1500000"`
	Simulcast    bool `help:"Send three layers, as browsers do."`
	FPS          int  `name:"fps" help:"Frames a second of each camera." default:"30"`

	Bad     float64 `help:"Percentage of those who receive that are behind a bad network." default:"0"`
	Network string  `help:"What that does to what they receive." default:"delay=40ms jitter=20ms loss=2% rate=2M"`

	Parallel  int  `help:"How many join at a time." default:"4"`
	TCP       bool `name:"tcp" help:"Connect by TCP instead of UDP."`
	Insecure  bool `help:"Take any certificate."`
	ServerPID int  `name:"server-pid" help:"Process of the server on this machine, to measure its CPU time."`
	JSON      bool `name:"json" help:"Print the result as JSON."`
}

// Run measures a server and prints what it found; progress goes to the other output.
func (c loadCommand) Run(s surroundings) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	options, err := c.options()
	if err != nil {
		return err
	}
	options.Progress = func(line string) {
		_, _ = fmt.Fprintln(s.stderr, line) // nobody need read it
	}
	report, err := load.Run(ctx, options)
	if err != nil {
		err = fmt.Errorf("load %s: %w", c.URL, err)
	}
	if len(report.Steps) == 0 {
		return err
	}
	return errors.Join(c.print(s, report), err)
}

// options are what the flags ask for.
func (c loadCommand) options() (load.Options, error) {
	network, err := schedule.Parse(c.Network)
	if err != nil {
		return load.Options{}, fmt.Errorf("network: %w", err)
	}
	const percent = 100
	if c.Bad < 0 || c.Bad > percent {
		return load.Options{}, fmt.Errorf("bad is %v: it is a percentage from 0 to 100", c.Bad)
	}
	o := load.Options{
		URL: c.URL, Media: c.Media, Room: c.Room, Invite: c.Invite, Token: c.Token,
		Shape: load.Shape(c.Shape), Rooms: c.Rooms, Publishers: or(c.Publishers, 0), Subscribers: or(c.Subscribers, 0),
		Participants: or(c.Participants, 0), Steps: c.Steps, Duration: c.Duration, Tiles: c.Tiles,
		ViewHeight: c.ViewHeight, Turns: c.Turns, VideoBitrate: c.VideoBitrate, Simulcast: c.Simulcast, FPS: c.FPS,
		Bad: c.Bad / percent, Network: network, Parallel: c.Parallel, TCP: c.TCP, Insecure: c.Insecure,
		ServerPID: c.ServerPID,
	}
	if o.Shape == load.Meeting {
		o.Participants = or(c.Participants, 4)
	} else {
		o.Publishers, o.Subscribers = or(c.Publishers, 1), or(c.Subscribers, 10)
	}
	return o, nil
}

// or is a number that was given, or else the usual one.
func or(given *int, usual int) int {
	if given == nil {
		return usual
	}
	return *given
}

func (c loadCommand) print(s surroundings, report load.Report) error {
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
