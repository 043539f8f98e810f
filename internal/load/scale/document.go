package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// What a step has to keep to, to be carried.
const (
	maxLoss    = 0.001 // of packets, after repair
	maxLatency = 100 * time.Millisecond
	fullShare  = 0.85 // of the processors, beyond which they are what gives out
)

const head = `# How large it can get

Made by ` + "`make scale`" + ` on %s, on a machine with %d processors. The participants (` + "`internal/testpeer`" + `)
are on the same machine, open every packet and check it, and other programs may take their part too: where a row breaks,
mostly the machine gave out, and a server by itself goes further. *µs/packet* is the server's CPU time for each packet
that somebody received, and the figure to reckon with. Cameras send %d kbit/s in %d frames a second, one person of a
room speaks at a time. A step is carried when at most 0.1 %% of the packets are missing after repair, 99 of 100 come
within 100 ms, and no picture freezes.

`

const columns = `| rooms | send | receive | packets/s | lost | freezes | latency p99 | first media ` +
	`| server: CPUs | µs/packet | resident | heap | goroutines | participants: CPUs | |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
`

// document is the result for people.
func (s settings) document(found result) string {
	var text strings.Builder
	fmt.Fprintf(&text, head, found.Begun.Format("2 January 2006"), runtime.NumCPU(), s.bitrate/1000, s.fps)
	if found.Large != nil {
		fmt.Fprintf(&text, "## A meeting of %d\n\n%d send; each of the others sees %d of them and hears the audio slots.\n\n",
			s.people, senders, tiles)
		found.Large.write(&text)
	}
	if found.Small != nil {
		fmt.Fprintf(&text, "## %d meetings of %d\n\nAll send.\n\n", s.rooms, smallSize)
		found.Small.write(&text)
	}
	if m := found.Idle; m.People > 0 {
		fmt.Fprintf(&text, "## %d people who do nothing\n\n", m.People)
		fmt.Fprintf(&text, "Both of their transports are connected. Each takes %.0f KiB of the server's memory; heap %.0f "+
			"KiB, stacks %.0f KiB, %.1f goroutines.\n", m.Resident()/1024, each(m.Before.Heap, m.After.Heap, m.People)/1024,
			each(m.Before.Stacks, m.After.Stacks, m.People)/1024,
			each(uint64(m.Before.Goroutines), uint64(m.After.Goroutines), m.People))
	}
	return text.String()
}

func each(before, after uint64, people int) float64 {
	return (float64(after) - float64(before)) / float64(people)
}

func (s *scale) write(text *strings.Builder) {
	text.WriteString(columns)
	for _, one := range s.Steps {
		text.WriteString(one.row())
	}
	if s.Ended != "" {
		fmt.Fprintf(text, "\nIt went no further: %s.\n", s.Ended)
	}
	text.WriteString("\n")
}

func (s step) row() string {
	verdict := "carried"
	if why := s.gaveOut(); len(why) > 0 {
		verdict = "broke: " + strings.Join(why, ", ")
	}
	server := 0.0
	packet := 0.0
	if s.Server != nil {
		server, packet = s.Server.CPUSeconds/s.Seconds, s.Server.CPUPerPacket
	}
	return fmt.Sprintf("| %d | %d | %d | %.0f | %.3f %% | %d | %v | %v | %.2f | %.2f | %s | %s | %d | %.2f | %s |\n",
		s.Rooms, s.Senders, s.Receivers, float64(s.Received)/s.Seconds, 100*s.loss(), s.Freezes,
		s.Latency.P99.Duration().Round(100*time.Microsecond), s.FirstMedia.P50.Duration().Round(time.Millisecond), server,
		packet, mebibytes(s.Level.Resident), mebibytes(s.Level.Heap), s.Level.Goroutines, s.OwnSeconds/s.Seconds, verdict)
}

func (s step) loss() float64 {
	return float64(s.Lost) / max(float64(s.Lost)+float64(s.Received), 1)
}

// gaveOut tells what the step did not keep to, and what was at its end then; nothing when it was carried.
func (s step) gaveOut() []string {
	var why []string
	if s.loss() > maxLoss {
		why = append(why, "packets are missing")
	}
	if s.Freezes > 0 {
		why = append(why, "pictures freeze")
	}
	if s.Latency.P99.Duration() > maxLatency {
		why = append(why, "late")
	}
	if len(why) == 0 {
		return nil
	}
	if s.Server != nil && s.Server.CPUSeconds+s.OwnSeconds > fullShare*s.Seconds*float64(runtime.NumCPU()) {
		why = append(why, "the processors are full")
	}
	if s.Dropped > 0 {
		why = append(why, fmt.Sprintf("%d packets found a queue of the server full", s.Dropped))
	}
	if s.Kernel > 0 {
		why = append(why, fmt.Sprintf("%d datagrams a socket's buffer", s.Kernel))
	}
	return why
}

func mebibytes(bytes uint64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }
