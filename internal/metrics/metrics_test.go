package metrics

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stube/internal/admission"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal"
	"stube/internal/signal/protocol"
)

// parts are a server that has seen everything once.
type parts struct{}

func (parts) Traffic() sfu.Traffic {
	flow := sfu.Flow{
		PacketsIn: 1, BytesIn: 2, RepairedIn: 3, LostIn: 4, PacketsOut: 5, BytesOut: 6, RepairedOut: 7, LostOut: 8,
	}
	return sfu.Traffic{
		Audio: flow, Video: flow, AskedOut: 9, AskedIn: 10, PicturesOut: 11, PicturesIn: 12, Switches: 13, Dropped: 14,
		Probes: 24, SuccessfulProbes: 25, ProbeBytes: 26, Withheld: 27, Held: 29,
	}
}

func (parts) Survey() sfu.Survey {
	return sfu.Survey{
		Estimates: []float64{3e6, 1e6, 2e6}, Unlimited: 4, SoundOnly: 28, Queues: []float64{0.05},
		RoundTrips: []float64{0.02}, LossOut: []float64{0.5},
		LossIn: []float64{0.25}, Video: sfu.Tracks{Producers: 3, Paused: 1, Idle: 2, Limited: 5},
	}
}

func (parts) Counters() sfu.Counters { return sfu.Counters{Replayed: 15, TCPQueueFull: 16} }
func (parts) Datagrams() []uint64    { return []uint64{17, 18} }

type house struct{}

func (house) Stats() room.Stats { return room.Stats{Rooms: 19, Participants: 20, Waiting: 21} }

type gate struct{}

func (gate) Load() admission.Load { return admission.Load{CPU: 0.5, Packets: 1.5, Uplink: 0.25} }
func (gate) MayBegin() bool       { return false }
func (gate) MayEnter() bool       { return true }

type sockets struct{}

func (sockets) Stats() signal.Stats { return signal.Stats{Open: 22, SlowReaders: 23} }

func watched() *Metrics {
	m := New("test")
	m.Watch(Sources{Media: parts{}, House: house{}, Signal: sockets{}, Gate: gate{}})
	m.Joined(3*time.Millisecond, "")
	m.Joined(time.Millisecond, protocol.ErrLocked)
	return m
}

// names are those of the metrics that Prometheus gets.
func names(t *testing.T) map[string]bool {
	t.Helper()
	families, err := watched().registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, f := range families {
		all[f.GetName()] = true
	}
	return all
}

func TestMetricsSayWhatThePartsSay(t *testing.T) {
	answer := httptest.NewRecorder()
	watched().Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, Path, http.NoBody))
	text := answer.Body.String()
	for _, want := range []string{
		"stube_rooms 19", "stube_participants 20", "stube_waiting 21", "stube_connections 22",
		"stube_slow_readers_total 23",
		`stube_packets_total{direction="in",kind="audio"} 1`, `stube_packets_total{direction="out",kind="video"} 5`,
		`stube_payload_bytes_total{direction="out",kind="audio"} 6`,
		`stube_retransmitted_packets_total{direction="in",kind="video"} 3`,
		`stube_lost_packets_total{direction="out",kind="video"} 8`,
		`stube_nack_packets_total{direction="in"} 10`, `stube_key_frame_requests_total{direction="out"} 11`,
		"stube_layer_switches_total 13", `stube_queue_drops_total{queue="udp"} 14`,
		`stube_queue_drops_total{queue="tcp"} 16`, `stube_discarded_packets_total{reason="replayed"} 15`,
		`stube_worker_datagrams_total{worker="1"} 18`, `stube_producers{kind="video",paused="yes"} 1`,
		`stube_producers{kind="video",paused="no"} 2`, `stube_consumers{kind="video",layer="none"} 2`,
		`stube_consumers_limited{kind="video"} 5`, `stube_downlink_estimate_bits_per_second{quantile="0.5"} 2e+06`,
		"stube_downlinks_limited 3", "stube_downlinks_unlimited 4", `stube_round_trip_seconds{quantile="0.9"} 0.02`,
		"stube_probes_total 24", "stube_successful_probes_total 25", "stube_probe_bytes_total 26",
		"stube_withheld_repairs_total 27", "stube_paced_packets_total 29", "stube_downlinks_sound_only 28",
		`stube_downlink_queue_seconds{quantile="0.1"} 0.05`,
		`stube_loss_ratio{direction="in",quantile="0.1"} 0.25`, "stube_join_seconds_count 1",
		`stube_join_refusals_total{code="locked"} 1`, `stube_build_info{version="test"} 1`,
		`stube_load_ratio{resource="packets"} 1.5`, `stube_admitting{what="meetings"} 0`, `stube_admitting{what="people"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("they do not say %q", want)
		}
	}
}

// TestLabelsHaveFewValues: a label whose values are not of this list may stand for somebody.
func TestLabelsHaveFewValues(t *testing.T) {
	allowed := map[string]string{
		"direction": "in|out", "kind": "audio|video", "layer": "[0-3]|none", "paused": "yes|no", "queue": "udp|tcp",
		"quantile": `0\.1|0\.5|0\.9`, "reason": "[a-z_]+", "state": "[a-z]+", "worker": "[0-9]+", "code": "[a-z_]+",
		"version": ".*", "resource": "cpu|packets|uplink", "what": "meetings|people",
	}
	families, err := watched().registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		name := family.GetName()
		if !strings.HasPrefix(name, "stube_") {
			continue
		}
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				pattern, known := allowed[label.GetName()]
				if !known || !regexp.MustCompile("^("+pattern+")$").MatchString(label.GetValue()) {
					t.Errorf("%s has the label %s=%q", name, label.GetName(), label.GetValue())
				}
			}
		}
	}
}

// TestDocument: docs/metrics.md says what the code declares.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != Document() {
		t.Error("the metrics have changed: go run ./internal/metrics/metricsdoc > docs/metrics.md")
	}
	for name := range names(t) {
		if strings.HasPrefix(name, "stube_") && !strings.Contains(string(text), "| `"+name+"` |") {
			t.Errorf("docs/metrics.md does not name %s", name)
		}
	}
}

// TestDashboard: each metric of docs/grafana.json exists, and each of ours is shown.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("../../docs/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	all := names(t)
	shown := map[string]bool{}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			for _, name := range regexp.MustCompile(`\b(stube|process|go)_[a-z0-9_]+`).FindAllString(target.Expr, -1) {
				if base, ok := strings.CutSuffix(name, "_bucket"); ok && all[base] {
					name = base
				}
				if shown[name] = true; !all[name] {
					t.Errorf("%q asks for %s, which does not exist", target.Expr, name)
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(name, "stube_") && name != "stube_build_info" && !shown[name] {
			t.Errorf("%s is not shown", name)
		}
	}
}
