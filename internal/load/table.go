package load

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Write prints the report as a table, a row for each step.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := []string{
		"rooms", "send", "receive", "packets/s", "Mbit/s", "lost %", "freezes", "latency p50", "p99", "joining p50",
		"first media",
	}
	measured, bad := r.Last().Server != nil, r.Last().Bad != nil
	if measured {
		head = append(head, "CPUs", "µs/packet", "MiB")
	}
	if bad {
		head = append(head, "bad: Mbit/s", "lost %", "freezes")
	}
	fmt.Fprintln(t, strings.Join(head, "\t")+"\t")
	for _, s := range r.Steps {
		cells := s.cells()
		if measured {
			cells = append(cells, s.Server.cells(s.Seconds)...)
		}
		if bad {
			cells = append(cells, s.badCells()...)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if corrupt := r.corrupt(); corrupt > 0 {
		fmt.Fprintf(w, "\n%d packets were not what was sent\n", corrupt)
	}
	if r.Refused != "" {
		fmt.Fprintf(w, "\nthe server took nobody more: %s\n", r.Refused)
	}
	return nil
}

func (s Step) cells() []string {
	return []string{
		strconv.Itoa(s.Rooms), strconv.Itoa(s.Senders), strconv.Itoa(s.Receivers),
		fixed(float64(s.Received)/max(s.Seconds, 1e-9), 0), fixed(s.Bits/1e6, 1), s.lostPercent(),
		strconv.FormatUint(s.Freezes, 10), short(s.Latency.P50), short(s.Latency.P99), short(s.Joining.P50),
		short(s.FirstMedia.P50),
	}
}

func (s *Server) cells(seconds float64) []string {
	if s == nil {
		return []string{"", "", ""}
	}
	return []string{
		fixed(s.CPUSeconds/max(seconds, 1e-9), 2), fixed(s.CPUPerPacket, 2), fixed(float64(s.Resident)/(1<<20), 0),
	}
}

func (s Step) badCells() []string {
	if s.Bad == nil {
		return []string{"", "", ""}
	}
	return []string{fixed(s.Bad.Bits/1e6, 1), s.Bad.lostPercent(), strconv.FormatUint(s.Bad.Freezes, 10)}
}

func (w Way) lostPercent() string {
	return fixed(100*float64(w.Lost)/max(float64(w.Received)+float64(w.Lost), 1), 3)
}

func (r Report) corrupt() (sum uint64) {
	for _, s := range r.Steps {
		sum += s.Corrupt
		if s.Bad != nil {
			sum += s.Bad.Corrupt
		}
	}
	return sum
}

func fixed(value float64, digits int) string { return strconv.FormatFloat(value, 'f', digits, 64) }

func short(m Milliseconds) string { return m.Duration().Round(10 * time.Microsecond).String() }
