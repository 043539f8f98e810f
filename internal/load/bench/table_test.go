package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRowHasMediansAndTheirRatio(t *testing.T) {
	var out strings.Builder
	cost := func(costs ...float64) []result {
		var all []result
		for _, c := range costs {
			all = append(all, result{cpuPerPacket: c, received: 990, lost: 10, p50: time.Millisecond, p99: 2 * time.Millisecond})
		}
		return all
	}
	if err := newTable(&out).row(shape{people: 100}, cost(9, 3, 2), cost(1, 2, 2)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	fields := strings.Fields(lines[len(lines)-1])
	want := []string{"webinar", "of", "100", "3.00", "2.00", "1.50", "1.0000", "1ms", "2ms", "1ms", "2ms", "0s"}
	if !slices.Equal(fields, want) {
		t.Errorf("row %q, want %q", fields, want)
	}
}

func TestNumbers(t *testing.T) {
	if got, err := numbers("10,50"); err != nil || !slices.Equal(got, []int{10, 50}) {
		t.Errorf("numbers = %v, %v", got, err)
	}
	if got, err := numbers(""); err != nil || got != nil {
		t.Errorf("no numbers = %v, %v", got, err)
	}
	if _, err := numbers("10,"); err == nil {
		t.Error("an empty number is no error")
	}
}
