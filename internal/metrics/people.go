package metrics

import "github.com/prometheus/client_golang/prometheus"

// people are the metrics of meetings and of who is in them.
func people() []family {
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	return []family{
		single("stube_rooms", "Meetings that go on.", gauge, func(m *moment) float64 { return float64(m.house.Rooms) }),
		single("stube_participants", "People in meetings.", gauge, func(m *moment) float64 {
			return float64(m.house.Participants)
		}),
		single("stube_waiting", "People in lobbies.", gauge, func(m *moment) float64 { return float64(m.house.Waiting) }),
		single("stube_connections", "Open WebSockets.", gauge, func(m *moment) float64 { return float64(m.signal.Open) }),
		single("stube_slow_readers_total", "WebSockets that were ended because too many messages waited to be taken.",
			counter, func(m *moment) float64 { return float64(m.signal.SlowReaders) }),
	}
}
