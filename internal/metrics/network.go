package metrics

import "github.com/prometheus/client_golang/prometheus"

// network are the metrics of how good the ways to the clients are.
func network() []family {
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	return []family{
		{
			name: "stube_downlink_estimate_bits_per_second",
			help: "What receivers of video can take, where a limit is known, as quantiles over them.", kind: gauge,
			labels: []string{"quantile"}, collect: func(m *moment, e emit) { quantiles(e, m.survey.Estimates) },
		},
		single("stube_downlinks_limited", "Receivers of video for whom a limit is known.", gauge,
			func(m *moment) float64 { return float64(len(m.survey.Estimates)) }),
		single("stube_downlinks_unlimited", "Receivers of video for whom no limit is known.", gauge,
			func(m *moment) float64 { return float64(m.survey.Unlimited) }),
		single("stube_downlinks_sound_only", "Receivers without video because their networks carry too little.", gauge,
			func(m *moment) float64 { return float64(m.survey.SoundOnly) }),
		{
			name: "stube_downlink_queue_seconds",
			help: "By how much video comes later than it could, where receivers tell it, as quantiles over them.", kind: gauge,
			labels: []string{"quantile"}, collect: func(m *moment, e emit) { quantiles(e, m.survey.Queues) },
		},
		single("stube_probes_total", "Times that it was tried whether a receiver's network carries more.", counter,
			func(m *moment) float64 { return float64(m.traffic.Probes) }),
		single("stube_successful_probes_total", "Those of them that found that it does.", counter,
			func(m *moment) float64 { return float64(m.traffic.SuccessfulProbes) }),
		single("stube_probe_bytes_total", "Bytes sent for that besides media, with all headers.", counter,
			func(m *moment) float64 { return float64(m.traffic.ProbeBytes) }),
		{
			name: "stube_round_trip_seconds", help: "From the server to receivers and back, as quantiles over them.",
			kind: gauge, labels: []string{"quantile"},
			collect: func(m *moment, e emit) { quantiles(e, m.survey.RoundTrips) },
		},
		{
			name: "stube_loss_ratio",
			help: "Share of packets missing in the newest reports, as quantiles over clients: in from them, out to them.",
			kind: gauge, labels: []string{"direction", "quantile"}, collect: func(m *moment, e emit) {
				quantiles(e, m.survey.LossIn, "in")
				quantiles(e, m.survey.LossOut, "out")
			},
		},
	}
}
