package soak

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"stube/internal/load/gauge"
)

// Write prints the report as a table in Markdown, a row for each round.
func (r Report) Write(w io.Writer) error {
	rows := []string{
		"| after | acts | longest pause | full: goroutines | heap | left: goroutines | heap | resident | files | faults |",
		"|---|---|---|---|---|---|---|---|---|---|",
		fmt.Sprintf("| the start | | | | | %s | |", left(r.Start)),
	}
	for _, one := range r.Rounds {
		acts := 0
		for _, n := range one.Acts {
			acts += n
		}
		rows = append(rows, fmt.Sprintf("| %.0f s | %d | %.0f ms | %d | %s | %s | %d |", one.Seconds, acts, one.Pause,
			one.Full.Goroutines, mebibytes(one.Full.Heap), left(one.Left), len(one.Faults)))
	}
	rows = append(rows, "", "What visitors did:", "")
	acts := r.Acts()
	for _, what := range slices.Sorted(maps.Keys(acts)) {
		rows = append(rows, fmt.Sprintf("- %d × %s", acts[what], what))
	}
	if faults := r.Faults(); len(faults) > 0 {
		rows = append(rows, "", "Faults:", "")
		for _, fault := range faults {
			rows = append(rows, "- "+strings.ReplaceAll(fault, "\n", " / "))
		}
	}
	_, err := fmt.Fprintln(w, strings.Join(rows, "\n"))
	if err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}

// left are the cells of a server in which nobody is.
func left(l gauge.Level) string {
	return fmt.Sprintf("%d | %s | %s | %d", l.Goroutines, mebibytes(l.Heap), mebibytes(l.Resident), l.Files)
}

func mebibytes(bytes uint64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
