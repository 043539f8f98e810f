// Command soak lets people come, go and act in meetings of a server of its own for a long time, and tells what is left
// of it. `make soak` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"stube/internal/load/process"
	"stube/internal/load/program"
	"stube/internal/load/soak"
)

// settings say how long it goes on, and where the result goes.
type settings struct {
	server  string // the program
	output  program.Output
	options soak.Options
}

// lingering is longer than the server takes to give up who vanished, 30 s, and to forget addresses, 10 s.
const lingering = 45 * time.Second

func main() { os.Exit(program.Run("soak", run)) }

func run(ctx context.Context) error {
	var s settings
	flag.StringVar(&s.server, "server", "bin/stube", "the server's program")
	s.output.Declare(flag.CommandLine)
	o := &s.options
	flag.DurationVar(&o.Duration, "duration", 30*time.Minute, "of all rounds")
	flag.IntVar(&o.Rooms, "rooms", 4, "meetings")
	flag.IntVar(&o.Residents, "residents", 2, "people of each who stay still")
	flag.IntVar(&o.Visitors, "visitors", 6, "people of each who act")
	flag.IntVar(&o.Acts, "acts", 200, "what each of them does in a round")
	flag.DurationVar(&o.Pause, "pause", 400*time.Millisecond, "between two acts of one, at the most")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the dice")
	flag.Parse()
	o.Vanish = true
	o.Linger = lingering
	o.Progress = func(line string) { fmt.Fprintln(os.Stderr, line) }
	report, err := play(ctx, s)
	if err != nil && len(report.Rounds) == 0 {
		return err
	}
	return errors.Join(err, s.print(report), report.Check())
}

// play starts a server and lets people meet in it.
func play(ctx context.Context, s settings) (soak.Report, error) {
	server, err := process.StartServer(ctx, s.server, "")
	if err != nil {
		return soak.Report{}, err
	}
	s.options.URL, s.options.Metrics = server.URL(), server.Metrics
	report, err := soak.Run(ctx, s.options)
	return report, errors.Join(err, server.Stop())
}

// print writes the result where it is wanted.
func (s settings) print(report soak.Report) error {
	var document strings.Builder
	fmt.Fprintf(&document, head, time.Now().Format("2 January 2006"), s.options.Rooms, s.options.Residents,
		s.options.Visitors, s.options.Acts)
	if err := report.Write(&document); err != nil {
		return err
	}
	return s.output.Print(os.Stdout, report, document.String())
}

const head = `# What is left of many meetings

Made by ` + "`make soak`" + ` on %s. In each of %d rooms %d people stay still and %d act by dice, %d times each; then
all stand still. Each of them must know the room as it is, receive everything that is sent and not paused, and nothing
that is paused. Then all leave, or have vanished before, and the server is looked at: what grows from row to row is a
leak. The heap is that after collections of garbage. *Longest pause* is the longest time in which somebody who stayed
still got no sound of another who did; the participants run on the same machine, and it is busy.

`
