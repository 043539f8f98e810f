package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestOptionsAreBounded(t *testing.T) {
	valid := Options{URL: "http://192.0.2.1", Room: "r", Publishers: 1, Subscribers: 1, Duration: time.Second}
	if _, err := valid.complete(); err != nil {
		t.Fatalf("valid options: %v", err)
	}
	for name, change := range map[string]func(*Options){
		"publishers":                   func(o *Options) { o.Publishers = maxPublishers + 1 },
		"subscribers":                  func(o *Options) { o.Subscribers = -1 },
		"publishers times subscribers": func(o *Options) { o.Publishers, o.Subscribers = maxPublishers, maxSubscribers },
		"parallel":                     func(o *Options) { o.Parallel = maxParallel + 1 },
		"video-bitrate":                func(o *Options) { o.VideoBitrate = 1 },
		"fps":                          func(o *Options) { o.FPS = -1 },
		"duration":                     func(o *Options) { o.Duration = time.Millisecond },
		"nobody":                       func(o *Options) { o.Publishers, o.Subscribers = 0, 0 },
		"url":                          func(o *Options) { o.URL = "" },
	} {
		o := valid
		change(&o)
		if _, err := o.complete(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s out of bounds: %v", name, err)
		}
	}
}

func TestRunRefusesOtherServers(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := Run(ctx, Options{URL: other.URL, Room: "r", Subscribers: 1, Duration: time.Second})
	if err == nil {
		t.Error("something that isn't a Stube server is loaded")
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

func TestReportIsATable(t *testing.T) {
	var out strings.Builder
	report := Report{
		Publishers: 1, Subscribers: 2, Seconds: 2, Received: 1000, Lost: 10, Latency: Quantiles{P50: 0.25},
		Server: &Server{CPUSeconds: 1, CPUPerPacket: 2.5, Resident: 3 << 20},
	}
	if err := report.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1 publishers, 2 subscribers", "500 a second", "0.9901 %", "250µs", "2.50 µs", "3.0 MiB",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table doesn't say %q:\n%s", want, out.String())
		}
	}
}
