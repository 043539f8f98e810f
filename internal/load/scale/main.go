// Command scale finds out how far a server and this machine carry large meetings and many small ones, and what gives
// out first. `make scale` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"stube/internal/load/idle"
	"stube/internal/load/program"
)

// settings say what is measured.
type settings struct {
	server   string // the program
	output   program.Output
	people   int // of the large meeting
	rooms    int // small ones
	idle     int
	steps    int
	duration time.Duration // of each measurement
	bitrate  int           // bit/s of each camera
	fps      int
}

// result is everything that was measured.
type result struct {
	Begun time.Time   `json:"begun"`
	Large *scale      `json:"large,omitempty"`
	Small *scale      `json:"small,omitempty"`
	Idle  idle.Memory `json:"idle"`
}

func main() { os.Exit(program.Run("scale", run)) }

func run(ctx context.Context) error {
	var s settings
	flag.StringVar(&s.server, "server", "bin/stube", "the server's program")
	s.output.Declare(flag.CommandLine)
	flag.IntVar(&s.people, "people", 500, "people of the large meeting, of whom 10 send; 0: none")
	flag.IntVar(&s.rooms, "rooms", 200, "small meetings, of 3; 0: none")
	flag.IntVar(&s.idle, "idle", 1000, "people who do nothing; 0: none")
	flag.IntVar(&s.steps, "steps", 5, "in which each part grows")
	flag.DurationVar(&s.duration, "duration", 10*time.Second, "of each measurement")
	flag.IntVar(&s.bitrate, "bitrate", 1_000_000, "bit/s of each camera")
	flag.IntVar(&s.fps, "fps", 30, "frames a second of each camera")
	flag.Parse()
	found := result{Begun: time.Now()}
	var err error
	if s.people > senders {
		found.Large, err = s.measure(ctx, s.largeMeeting())
	}
	if err == nil && s.rooms > 0 {
		found.Small, err = s.measure(ctx, s.smallMeetings())
	}
	if err == nil && s.idle > 0 {
		const settle = 20 * time.Second
		found.Idle, err = idle.Measure(ctx, s.server, s.idle, settle)
	}
	if err != nil && found.Large == nil && found.Small == nil { // what was measured another time stays
		return err
	}
	return errors.Join(err, s.output.Print(os.Stdout, found, s.document(found)))
}
