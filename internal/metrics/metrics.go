// Package metrics tells Prometheus how a server does: how much it carries, how well, and what it drops. The numbers are
// taken from the parts' own counts when somebody asks, so that carrying packets costs nothing more for being counted.
//
// No number stands for a person or a meeting: labels have a handful of values that the code knows beforehand, and
// never a name, a room, an address or an identifier (docs/metrics.md lists all of them).
//
// A Listener owns the goroutine that serves HTTP; Close ends it and waits. The package knows the parts that it asks;
// none of them knows it.
package metrics

import (
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"stube/internal/admission"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal"
	"stube/internal/signal/protocol"
)

// Media is what is asked of the media server.
type Media interface {
	Traffic() sfu.Traffic
	Survey() sfu.Survey
	Counters() sfu.Counters
	Datagrams() []uint64
}

// House is what is asked of the house of the meetings.
type House interface{ Stats() room.Stats }

// Signal is what is asked of signalling.
type Signal interface{ Stats() signal.Stats }

// Gate is what is asked of the decision on what the server takes on.
type Gate interface {
	Load() admission.Load
	MayBegin() bool
	MayEnter() bool
}

// Sources are the parts of a server that are asked.
type Sources struct {
	Media  Media
	House  House
	Signal Signal
	Gate   Gate
}

// Metrics gathers the numbers of one server.
type Metrics struct {
	registry *prometheus.Registry
	joins    prometheus.Histogram
	refusals *prometheus.CounterVec
}

const (
	joinsName, joinsHelp       = "stube_join_seconds", "How long it took to let somebody into a meeting."
	refusalsName, refusalsHelp = "stube_join_refusals_total", "Attempts to join that ended otherwise, by the code of " +
		"the answer (docs/protocol.md)."
)

// New makes the metrics of a server of this version. They have no more than those of the process before Watch.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		joins: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: joinsName, Help: joinsHelp, Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 10),
		}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: refusalsName, Help: refusalsHelp}, []string{"code"}),
	}
	m.registry.MustRegister(
		m.joins, m.refusals,
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.GoRuntimeMetricsRule{
			Matcher: regexp.MustCompile(`^/(sync/mutex/wait/total:seconds|sched/latencies:seconds)$`),
		})),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "stube_build_info", Help: buildHelp, ConstLabels: prometheus.Labels{"version": version},
		}, func() float64 { return 1 }),
	)
	return m
}

const buildHelp = "Always 1; the label names the version that runs."

// Watch adds the numbers of the parts. It may be called once.
func (m *Metrics) Watch(s Sources) { m.registry.MustRegister(newCollector(s)) }

// Joined notes an attempt to join: how long the answer took, and the code of a refusal; "" for none.
func (m *Metrics) Joined(took time.Duration, refusal protocol.ErrorCode) {
	if refusal == "" {
		m.joins.Observe(took.Seconds())
		return
	}
	m.refusals.WithLabelValues(string(refusal)).Inc()
}
