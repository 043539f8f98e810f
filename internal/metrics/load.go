package metrics

import "github.com/prometheus/client_golang/prometheus"

// load are the metrics of what the server does against its limits.
func load() []family {
	const gauge = prometheus.GaugeValue
	return []family{
		{
			name: "stube_load_ratio", help: "Load against its limit: at 1 no new meeting begins; 0 where there is no limit.",
			kind: gauge, labels: []string{"resource"}, collect: func(m *moment, e emit) {
				e(m.load.CPU, "cpu")
				e(m.load.Packets, "packets")
				e(m.load.Uplink, "uplink")
			},
		},
		{
			name: "stube_admitting", help: "1 while new meetings, or people in meetings that go on, are taken; else 0.",
			kind: gauge, labels: []string{"what"}, collect: func(m *moment, e emit) {
				e(number(m.meetings), "meetings")
				e(number(m.people), "people")
			},
		},
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
