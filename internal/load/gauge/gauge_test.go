package gauge

import (
	"context"
	"fmt"
	"testing"
	"time"
)

const page = `# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 12
go_memstats_heap_alloc_bytes 1.5e+06
process_open_fds 7
stube_transports{state="connected"} 4
stube_transports{state="new"} 2
stube_rooms 1
`

func from(text string) Source {
	return func(context.Context) (string, error) { return text, nil }
}

func TestReadAddsUpWhateverTheLabels(t *testing.T) {
	l, err := Read(t.Context(), from(page))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Level{Goroutines: 12, Heap: 1_500_000, Files: 7, Transports: 6, Rooms: 1}); l != want {
		t.Errorf("%+v, want %+v", l, want)
	}
	if l.Empty() {
		t.Error("a server with a room is empty")
	}
	for _, bad := range []string{"value\n", "value many\n"} {
		if _, err := Read(t.Context(), from(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestUntilEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := Until(ctx, from(page), Level.Empty); err == nil {
		t.Error("a server with a room became empty")
	}
}

// TestSettledTakesTheLeast: what waits to be collected is not counted, nor what an answer takes.
func TestSettledTakesTheLeast(t *testing.T) {
	asked := 0
	source := func(context.Context) (string, error) {
		asked++
		sawtooth := (asked * 7) % 10
		return fmt.Sprintf("go_memstats_heap_alloc_bytes %d\ngo_goroutines %d\ngo_gc_duration_seconds_count %d\n",
			100+sawtooth, 50+sawtooth%3, asked/4), nil
	}
	l, err := Settled(t.Context(), source)
	if err != nil || l.Heap != 100 || l.Goroutines != 50 || asked < 4*collections {
		t.Errorf("%+v after %d answers, %v", l, asked, err)
	}
}
