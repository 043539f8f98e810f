package load

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stube/internal/relay/schedule"
)

func TestOptionsAreBounded(t *testing.T) {
	webinar := Options{URL: "http://192.0.2.1", Room: "r", Publishers: 1, Subscribers: 1, Duration: time.Second}
	meeting := Options{URL: "http://192.0.2.1", Room: "r", Shape: Meeting, Participants: 3, Duration: time.Second}
	for _, valid := range []Options{webinar, meeting} {
		if _, err := valid.complete(); err != nil {
			t.Fatalf("valid options: %v", err)
		}
	}
	for name, change := range map[string]func(*Options){
		"publishers":    func(o *Options) { o.Publishers = maxPublishers + 1 },
		"subscribers":   func(o *Options) { o.Subscribers = -1 },
		"streams":       func(o *Options) { o.Publishers, o.Subscribers = maxPublishers, maxSubscribers },
		"in all rooms":  func(o *Options) { o.Rooms, o.Subscribers = maxRooms, 100 },
		"rooms":         func(o *Options) { o.Rooms = -1 },
		"steps":         func(o *Options) { o.Steps = maxSteps + 1 },
		"parallel":      func(o *Options) { o.Parallel = maxParallel + 1 },
		"video-bitrate": func(o *Options) { o.VideoBitrate = 1 },
		"fps":           func(o *Options) { o.FPS = -1 },
		"tiles":         func(o *Options) { o.Tiles = -1 },
		"view-height":   func(o *Options) { o.ViewHeight = -1 },
		"turns":         func(o *Options) { o.Turns = time.Millisecond },
		"duration":      func(o *Options) { o.Duration = time.Millisecond },
		"nobody":        func(o *Options) { o.Publishers, o.Subscribers = 0, 0 },
		"url":           func(o *Options) { o.URL = "" },
		"shape":         func(o *Options) { o.Shape = "party" },
		"participants":  func(o *Options) { o.Participants = 1 },
		"of a webinar":  func(o *Options) { o.Shape = Meeting },
		"a share":       func(o *Options) { o.Bad = 2 },
		"UDP only": func(o *Options) {
			o.Bad, o.TCP, o.Network = 0.5, true, schedule.Steady(schedule.Profile{Loss: 0.1})
		},
		"say what": func(o *Options) { o.Bad = 0.5 },
	} {
		o := webinar
		change(&o)
		if _, err := o.complete(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s out of bounds: %v", name, err)
		}
	}
}

// TestPlanGrowsEvenly: everybody comes once, those who send first, and bad networks are spread.
func TestPlanGrowsEvenly(t *testing.T) {
	for name, test := range map[string]struct {
		options Options
		sizes   []int
		bad     int
	}{
		"webinar": {Options{Shape: Webinar, Rooms: 1, Publishers: 2, Subscribers: 10, Steps: 1}, []int{12}, 0},
		"its ramp": {
			Options{Shape: Webinar, Rooms: 1, Publishers: 2, Subscribers: 10, Steps: 4, Bad: 0.3}, []int{5, 2, 3, 2}, 3,
		},
		"only sending": {Options{Shape: Webinar, Rooms: 1, Publishers: 3, Steps: 2}, []int{3}, 0},
		"no sender":    {Options{Shape: Webinar, Rooms: 1, Subscribers: 3, Steps: 1}, []int{3}, 0},
		"meeting":      {Options{Shape: Meeting, Rooms: 1, Participants: 4, Steps: 2, Bad: 0.5}, []int{2, 2}, 2},
		"rooms":        {Options{Shape: Meeting, Rooms: 6, Participants: 3, Steps: 3}, []int{6, 6, 6}, 0},
		"webinars":     {Options{Shape: Webinar, Rooms: 3, Publishers: 1, Subscribers: 2, Steps: 2, Bad: 1}, []int{6, 3}, 6},
		"large steps":  {Options{Shape: Meeting, Rooms: 2, Participants: 2, Steps: 9}, []int{2, 2}, 0},
	} {
		plan := test.options.plan()
		var sizes []int
		seen, bad := map[seat]bool{}, 0
		for _, step := range plan {
			sizes = append(sizes, len(step))
			for _, s := range step {
				if s.bad {
					bad++
				}
				s.bad = false
				if seen[s] {
					t.Errorf("%s: %+v comes twice", name, s)
				}
				seen[s] = true
			}
		}
		if len(sizes) != len(test.sizes) || bad != test.bad {
			t.Errorf("%s: steps of %v with %d on bad networks, want %v and %d", name, sizes, bad, test.sizes, test.bad)
			continue
		}
		for i, want := range test.sizes {
			if sizes[i] != want {
				t.Errorf("%s: steps of %v, want %v", name, sizes, test.sizes)
				break
			}
		}
	}
}

// TestRunSendsNothingToOthers: what is no Stube server gets one request, and nobody else gets any.
func TestRunSendsNothingToOthers(t *testing.T) {
	var elsewhere atomic.Int32
	victim := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer victim.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, handler := range map[string]http.Handler{
		"nothing":    http.NotFoundHandler(),
		"a redirect": http.RedirectHandler(victim.URL+"/-/ws", http.StatusTemporaryRedirect),
	} {
		other := httptest.NewServer(handler)
		_, err := Run(ctx, Options{URL: other.URL, Room: "r", Subscribers: 1, Duration: time.Second})
		if err == nil || !strings.Contains(err.Error(), "confirm that this is a Stube server") {
			t.Errorf("%s is loaded: %v", name, err)
		}
		other.Close()
	}
	if elsewhere.Load() != 0 {
		t.Error("a redirect leads load elsewhere")
	}
}

func TestPacketsGoToTheAddressGivenOnly(t *testing.T) {
	own := netip.MustParseAddr("192.0.2.1")
	r := run{target: target{addresses: []netip.Addr{own}}}
	route := r.route(seat{})
	for address, want := range map[string]bool{
		"192.0.2.1:1": true, "[::ffff:192.0.2.1]:1": true, "192.0.2.2:1": false, "[2001:db8::1]:1": false,
	} {
		announced := netip.MustParseAddrPort(address)
		if to, ok := route(announced); ok != want || ok && to != announced {
			t.Errorf("packets for %v go to %v: %v", announced, to, ok)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var all []time.Duration
	for i := range 101 {
		all = append(all, time.Duration(100-i)*time.Millisecond)
	}
	if got, want := quantiles(all), (Quantiles{P50: 50, P90: 90, P99: 99}); got != want {
		t.Errorf("quantiles = %+v, want %+v", got, want)
	}
	if got := quantiles(nil); got != (Quantiles{}) {
		t.Errorf("quantiles of nothing = %+v", got)
	}
}

func TestReportIsATableAndJSON(t *testing.T) {
	report := Report{Version: "1", Shape: Webinar, Refused: "server_busy", Steps: []Step{{
		Rooms: 1, Senders: 1, Receivers: 2, Seconds: 2, Way: Way{Received: 1000, Lost: 10, Bits: 2.5e6, Corrupt: 3},
		Bad: &Way{Received: 75, Lost: 25, Freezes: 7}, Latency: Quantiles{P50: 0.25},
		Server: &Server{CPUSeconds: 1, CPUPerPacket: 2.5, Resident: 3 << 20},
	}}}
	var out strings.Builder
	if err := report.Write(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	cells := strings.Join(strings.Fields(lines[1]), " ")
	if want := "1 1 2 500 2.5 0.990 0 250µs 0s 0s 0s 0.50 2.50 3 0.0 25.000 7"; cells != want {
		t.Errorf("the row is %q, want %q", cells, want)
	}
	for _, want := range []string{"3 packets were not what was sent", "nobody more: server_busy"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table doesn't say %q:\n%s", want, out.String())
		}
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var again Report
	if err := json.Unmarshal(text, &again); err != nil || again.Last().Received != 1000 || again.Last().Bad.Lost != 25 {
		t.Errorf("JSON %s becomes %+v, %v", text, again, err)
	}
}
