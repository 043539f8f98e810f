package metrics

import "github.com/prometheus/client_golang/prometheus"

// network are the metrics of how good the ways to the clients are.
func network() []family {
	const gauge = prometheus.GaugeValue
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
