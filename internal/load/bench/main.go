// Command bench measures a Stube server beside the floor, the least that a media server can do, in turns on the same
// machine: CPU time of the process for each packet that a subscriber received, loss, latency, time to the first media;
// how much more two cores carry than one; and how much memory a participant takes who does nothing. `make bench` runs
// it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"stube/internal/load/idle"
	"stube/internal/load/program"
)

// settings say what is measured.
type settings struct {
	server      string // the program
	floor       string // the program
	subscribers []int  // of webinars
	meetings    []int  // sizes
	scaling     bool
	rounds      int
	duration    time.Duration
	idle        int
	settle      time.Duration
}

func main() { os.Exit(program.Run("bench", run)) }

func run(ctx context.Context) error {
	s := settings{subscribers: []int{1, 10, 50, 100, 200, 1000}, meetings: []int{10, 15}}
	flag.StringVar(&s.server, "server", "bin/stube", "the server's program")
	flag.StringVar(&s.floor, "floor", "bin/floor", "the floor's program")
	listed := func(name, usage string, target *[]int) {
		flag.Func(name, usage, func(list string) (err error) {
			*target, err = numbers(list)
			return err
		})
	}
	listed("subscribers", "sizes of webinars, in which one sends; empty: none (default 1,10,50,100,200,1000)",
		&s.subscribers)
	listed("meetings", "sizes of meetings, in which all send; empty: none (default 10,15)", &s.meetings)
	flag.BoolVar(&s.scaling, "scaling", true, "compare one core with two")
	flag.IntVar(&s.rounds, "rounds", 3, "how often server and floor are measured in turns")
	flag.DurationVar(&s.duration, "duration", 5*time.Second, "of each measurement")
	flag.IntVar(&s.idle, "idle", 500, "how many participants do nothing; 0 skips that part")
	flag.DurationVar(&s.settle, "settle", 20*time.Second, "from the last idle participant's joining to the measurement")
	flag.Parse()
	if s.rounds < 1 {
		return fmt.Errorf("rounds is %d: it can be 1 and more", s.rounds)
	}
	t := newTable(os.Stdout)
	for _, of := range s.shapes() {
		if err := compare(ctx, s, of, t); err != nil {
			return fmt.Errorf("measure a %v: %w", of, err)
		}
	}
	if s.scaling {
		if err := scaling(ctx, s, os.Stdout); err != nil {
			return err
		}
	}
	if s.idle == 0 {
		return nil
	}
	memory, err := idle.Measure(ctx, s.server, s.idle, s.settle)
	if err != nil {
		return fmt.Errorf("measure %d idle participants: %w", s.idle, err)
	}
	fmt.Printf("\nresident memory of an idle participant with two transports: %.0f KiB (%d of them)\n",
		memory.Resident()/1024, s.idle)
	return nil
}

// shapes are what is compared with the floor.
func (s settings) shapes() []shape {
	var all []shape
	for _, n := range s.subscribers {
		all = append(all, shape{people: n})
	}
	for _, n := range s.meetings {
		all = append(all, shape{people: n, meeting: true})
	}
	return all
}

// numbers reads a list such as 10,50.
func numbers(list string) ([]int, error) {
	if list == "" {
		return nil, nil
	}
	var all []int
	for field := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", field, err)
		}
		all = append(all, n)
	}
	return all, nil
}
