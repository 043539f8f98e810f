package metrics

import (
	"slices"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"stube/internal/admission"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal"
)

// family is a metric: its name, what it says, and where its values come from.
type family struct {
	name    string
	help    string
	kind    prometheus.ValueType
	labels  []string
	collect func(*moment, emit)
}

// emit takes a value with those of the family's labels.
type emit func(value float64, labels ...string)

// moment is what the parts said at one time.
type moment struct {
	traffic   sfu.Traffic
	survey    sfu.Survey
	counters  sfu.Counters
	datagrams []uint64
	house     room.Stats
	signal    signal.Stats
	load      admission.Load
	meetings  bool // may begin
	people    bool // may come to meetings that go on
}

// families are all metrics that are collected.
func families() []family {
	return slices.Concat(people(), load(), tracks(), packets(), network())
}

// collector asks the parts whenever Prometheus asks it.
type collector struct {
	sources      Sources
	families     []family
	descriptions []*prometheus.Desc // of the families
}

func newCollector(s Sources) *collector {
	c := &collector{sources: s, families: families()}
	for _, f := range c.families {
		c.descriptions = append(c.descriptions, prometheus.NewDesc(f.name, f.help, f.labels, nil))
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descriptions {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	m := moment{
		traffic: c.sources.Media.Traffic(), survey: c.sources.Media.Survey(), counters: c.sources.Media.Counters(),
		datagrams: c.sources.Media.Datagrams(), house: c.sources.House.Stats(), signal: c.sources.Signal.Stats(),
		load: c.sources.Gate.Load(), meetings: c.sources.Gate.MayBegin(), people: c.sources.Gate.MayEnter(),
	}
	for i, f := range c.families {
		f.collect(&m, func(value float64, labels ...string) {
			out <- prometheus.MustNewConstMetric(c.descriptions[i], f.kind, value, labels...)
		})
	}
}

// single is a metric without labels.
func single(name, help string, kind prometheus.ValueType, value func(*moment) float64) family {
	return family{name: name, help: help, kind: kind, collect: func(m *moment, e emit) { e(value(m)) }}
}

// quantiles emits some quantiles of values that are there now, behind more labels; of no values none.
func quantiles(e emit, values []float64, labels ...string) {
	if len(values) == 0 {
		return
	}
	sorted := slices.Sorted(slices.Values(values))
	for _, percent := range []int{10, 50, 90} {
		label := strconv.FormatFloat(float64(percent)/100, 'f', -1, 64)
		e(sorted[(len(sorted)-1)*percent/100], append(slices.Clone(labels), label)...)
	}
}
