package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"stube/internal/load"
	"stube/internal/load/gauge"
	"stube/internal/load/process"
)

const (
	senders   = 10 // of the large meeting
	tiles     = 9  // videos that each of the others sees
	smallSize = 3
	turns     = 2 * time.Second // for which each has the floor
	parallel  = 8               // people who join at the same time
)

// scale is a part that grew until it was complete, or until something gave out.
type scale struct {
	Steps []step `json:"steps"`
	Ended string `json:"ended,omitempty"` // why not all came; "" when all did
}

// step is what was measured with so many.
type step struct {
	load.Step
	Level   gauge.Level `json:"level"`   // of the server
	Dropped uint64      `json:"dropped"` // packets of this step that found a queue of the server full
	Kernel  uint64      `json:"kernel"`  // and datagrams that found a socket's buffer full, of any process
}

// largeMeeting is one in which few send, and each of the others sees some of them and hears the audio slots.
func (s settings) largeMeeting() load.Options {
	return load.Options{
		Room: "large", Publishers: senders, Subscribers: s.people - senders, Tiles: tiles, ViewHeight: 180, Turns: turns,
	}
}

// smallMeetings are many of three who all send.
func (s settings) smallMeetings() load.Options {
	return load.Options{Room: "small", Shape: load.Meeting, Rooms: s.rooms, Participants: smallSize, Turns: turns}
}

// measure brings a part into a server of its own. What gives out is a result.
func (s settings) measure(ctx context.Context, o load.Options) (*scale, error) {
	server, err := process.StartServer(ctx, s.server, "")
	if err != nil {
		return nil, err
	}
	found := &scale{}
	kernel, err := refused()
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	dropped := uint64(0)
	o.URL, o.ServerPID = server.URL(), server.PID()
	o.Steps, o.Duration, o.Parallel, o.VideoBitrate, o.FPS = s.steps, s.duration, parallel, s.bitrate, s.fps
	o.Progress = func(line string) { fmt.Fprintln(os.Stderr, line) }
	o.Measured = func(one load.Step) {
		level, failed := gauge.Read(ctx, server.Metrics)
		now, unknown := refused()
		err = errors.Join(err, failed, unknown)
		found.Steps = append(found.Steps, step{
			Step: one, Level: level, Dropped: level.Dropped - dropped, Kernel: now - kernel,
		})
		dropped, kernel = level.Dropped, now
	}
	report, ended := load.Run(ctx, o)
	switch {
	case ctx.Err() != nil:
		err = errors.Join(err, ctx.Err())
	case ended != nil:
		found.Ended = ended.Error()
	default:
		found.Ended = report.Refused
	}
	return found, errors.Join(err, server.Stop())
}
