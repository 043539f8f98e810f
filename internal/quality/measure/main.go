// Command measure plays calls over bad networks against a Stube server and writes what it found as a table. `make
// quality` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"time"

	"stube/internal/load/process"
	"stube/internal/load/program"
	"stube/internal/quality"
)

// settings say what is measured.
type settings struct {
	server   string // the program
	out      string // the document
	chromium string // what browsers measured
	only     *regexp.Regexp
	lasts    time.Duration
	phases   quality.Phases
}

func main() { os.Exit(program.Run("measure", run)) }

func run(ctx context.Context) error {
	s := settings{only: regexp.MustCompile("")}
	flag.StringVar(&s.server, "server", "bin/stube", "the server's program")
	flag.StringVar(&s.out, "out", "", "the document that the table is written to; empty: none")
	flag.StringVar(&s.chromium, "chromium", "", "the file of what browsers measured, to go into the document; empty: none")
	flag.Func("only", "the scenarios whose names match (default all)", func(text string) (err error) {
		s.only, err = regexp.Compile(text)
		return err
	})
	flag.DurationVar(&s.lasts, "lasts", 20*time.Second, "of each bad network")
	phase := flag.Duration("phase", 20*time.Second, "of each part of the link that falls and rises")
	flag.Parse()
	s.phases = quality.Phases{Wide: *phase, Narrow: *phase, Again: *phase}
	d := document{begun: time.Now(), lasts: s.lasts, phase: *phase}
	for _, one := range scenarios(s) {
		if !s.only.MatchString(one.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, one.name)
		figures, held, err := one.measure(ctx, s.server)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		d.add(one.name, held, figures)
		d.print(os.Stdout, one.name, figures)
	}
	if s.chromium != "" {
		if err := d.addBrowsers(s.chromium); err != nil {
			return err
		}
	}
	if s.out == "" {
		return nil
	}
	return d.write(s.out)
}

// scenario is one row of the table.
type scenario struct {
	name string
	play func(context.Context, *quality.Network) ([]figure, error)
}

// measure plays the scenario on a server of its own. It tells the longest that this process was held up meanwhile: on a
// machine that is busy with other things everything comes late.
func (s scenario) measure(ctx context.Context, program string) (f []figure, held time.Duration, err error) {
	port, err := quality.FreePort(ctx)
	if err != nil {
		return nil, 0, err
	}
	address := netip.AddrPortFrom(quality.Behind(), port).String()
	server, err := process.StartServer(ctx, program, address, "STUBE_ANNOUNCE="+quality.Announced().String())
	if err != nil {
		return nil, 0, err
	}
	n, err := quality.Open(port, 1)
	if err != nil {
		return nil, 0, errors.Join(err, server.Stop())
	}
	stop := make(chan struct{})
	longest := make(chan time.Duration)
	go func() { longest <- heldUp(stop) }()
	f, err = s.play(ctx, n)
	close(stop)
	held = <-longest
	n.Close()
	return f, held, errors.Join(err, server.Stop())
}

// heldUp is how much longer than wanted a goroutine slept at the most.
func heldUp(stop <-chan struct{}) (longest time.Duration) {
	const nap = 10 * time.Millisecond
	timer := time.NewTimer(nap)
	defer timer.Stop()
	for {
		before := time.Now()
		timer.Reset(nap)
		select {
		case <-timer.C:
			longest = max(longest, time.Since(before)-nap)
		case <-stop:
			return longest
		}
	}
}
