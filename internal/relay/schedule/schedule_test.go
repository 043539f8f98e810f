package schedule_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"stube/internal/relay/schedule"
)

const ms = time.Millisecond

func TestParse(t *testing.T) {
	three := schedule.Profile{Delay: 40 * ms, Loss: 0.01, Rate: 3_000_000, Queue: 150 * ms}
	half := three
	half.Rate = 500_000
	for text, want := range map[string]schedule.Schedule{
		"":                        nil,
		"  ":                      nil,
		"loss=0%":                 schedule.Steady(schedule.Profile{}),
		"delay=100ms jitter=30ms": schedule.Steady(schedule.Profile{Delay: 100 * ms, Jitter: 30 * ms}),
		"burst=2%x5 reorder=1.5%+20ms": schedule.Steady(schedule.Profile{
			Burst: 0.02, BurstLength: 5, Reorder: 0.015, ReorderBy: 20 * ms,
		}),
		"rate=250k queue=16kB": schedule.Steady(schedule.Profile{Rate: 250_000, QueueBytes: 16_000}),
		"delay=40ms loss=1% rate=3M queue=150ms; at=10s rate=500k;at=30s rate=3M": {
			{Profile: three}, {At: 10 * time.Second, Profile: half}, {At: 30 * time.Second, Profile: three},
		},
		"rate=1M burst=5%x2; at=1s rate=none burst=0%": {
			{Profile: schedule.Profile{Rate: 1_000_000, Burst: 0.05, BurstLength: 2}}, {At: time.Second},
		},
	} {
		got, err := schedule.Parse(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, names := range map[string]string{
		"loss":                          "key=value",
		"loss=1":                        "loss",
		"loss=101%":                     "loss",
		"loss=-1%":                      "loss",
		"loss=1e1%":                     "loss",
		"loss=NaN%":                     "loss",
		"loss=1% loss=2%":               "twice",
		"speed=3M":                      "speed",
		"delay=10":                      "delay",
		"delay=-1ms":                    "delay",
		"delay=1h":                      "delay",
		"rate=3G":                       "rate",
		"rate=0":                        "rate",
		"queue=0s":                      "queue",
		"queue=64":                      "queue",
		"queue=0kB":                     "queue",
		"burst=2%":                      "burst",
		"burst=2%x":                     "burst",
		"burst=0%x":                     "burst",
		"burst=2%x0.5":                  "burst",
		"burst=95%x5":                   "burst",
		"reorder=2%":                    "reorder",
		"reorder=2%+0s":                 "reorder",
		"at=1s loss=1%":                 "at stands",
		"loss=1%;":                      "step 2",
		"loss=1%; loss=2%":              "at stands",
		"loss=1%; loss=2% at=3s":        "at stands",
		"loss=1%; at=0s loss=2%":        "not after",
		"loss=1%; at=2s loss=2%; at=2s": "step 3",
	} {
		if got, err := schedule.Parse(text); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("Parse(%q) = %+v, %v; want an error that names %q", text, got, err, names)
		}
	}
	_, err := schedule.Parse("loss=x delay=y; at=z")
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not everything that is wrong is told: %v", err)
	}
}

func TestProfileAtATime(t *testing.T) {
	s, err := schedule.Parse("rate=3M; at=10s rate=1M; at=20s rate=none")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Duration]int{
		0: 3_000_000, 10*time.Second - 1: 3_000_000, 10 * time.Second: 1_000_000, time.Minute: 0,
	} {
		if got := s.Profile(at).Rate; got != want {
			t.Errorf("rate at %v = %d, want %d", at, got, want)
		}
	}
	if schedule.Schedule(nil).Profile(time.Second) != (schedule.Profile{}) {
		t.Error("the empty schedule does something")
	}
}

func TestCapacity(t *testing.T) {
	for want, p := range map[int]schedule.Profile{
		25_000: {Rate: 1_000_000}, 12_500: {Rate: 1_000_000, Queue: 100 * ms}, 7: {Rate: 1_000_000, QueueBytes: 7},
	} {
		if got := p.Capacity(); got != want {
			t.Errorf("capacity of %+v = %d, want %d", p, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("delay=40ms jitter=10ms loss=1% rate=3M queue=150ms; at=10s rate=500k burst=2%x5 reorder=1%+20ms")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := schedule.Parse(text)
		if err != nil {
			return
		}
		before := time.Duration(-1)
		for _, step := range s {
			p := step.Profile
			if step.At <= before || p.Loss < 0 || p.Loss > 1 || p.Burst < 0 || p.Burst > 0.9 || p.Delay < 0 ||
				p.Burst > 0 && p.BurstLength < 1 || p.Rate < 0 || p.Rate > 0 && p.Capacity() < 0 {
				t.Fatalf("Parse(%q) = %+v", text, s)
			}
			before = step.At
		}
	})
}
