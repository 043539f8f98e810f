package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"stube/internal/sfu"
)

// tracks are the metrics of transports and of what is sent and received on them.
func tracks() []family {
	const gauge = prometheus.GaugeValue
	return []family{
		{
			name: "stube_transports", help: "Media connections; a participant has two.", kind: gauge,
			labels: []string{"state"}, collect: transports,
		},
		single("stube_media_tcp_connections", "Open TCP connections that carry media (ICE-TCP).", gauge,
			func(m *moment) float64 { return float64(m.survey.Connections) }),
		{
			name: "stube_producers", help: "Tracks that clients send, by whether they are muted.", kind: gauge,
			labels: []string{"kind", "paused"}, collect: eachKind(func(t sfu.Tracks, kind string, e emit) {
				e(float64(t.Producers-t.Paused), kind, "no")
				e(float64(t.Paused), kind, "yes")
			}),
		},
		{
			name: "stube_live_streams", help: "Streams on which packets come from clients, by simulcast layer.", kind: gauge,
			labels: []string{"kind", "layer"}, collect: eachKind(func(t sfu.Tracks, kind string, e emit) {
				for layer, n := range t.Live {
					e(float64(n), kind, strconv.Itoa(layer))
				}
			}),
		},
		{
			name: "stube_consumers", help: "Tracks that clients receive, by the layer that they carry; 0 is the smallest.",
			kind: gauge, labels: []string{"kind", "layer"}, collect: eachKind(func(t sfu.Tracks, kind string, e emit) {
				for layer, n := range t.Carried {
					e(float64(n), kind, strconv.Itoa(layer))
				}
				e(float64(t.Idle), kind, "none")
			}),
		},
		{
			name: "stube_consumers_limited", help: "Tracks that carry less than is shown, because of the receiver's network.",
			kind: gauge, labels: []string{"kind"},
			collect: eachKind(func(t sfu.Tracks, kind string, e emit) { e(float64(t.Limited), kind) }),
		},
	}
}

func eachKind(collect func(sfu.Tracks, string, emit)) func(*moment, emit) {
	return func(m *moment, e emit) {
		collect(m.survey.Audio, "audio", e)
		collect(m.survey.Video, "video", e)
	}
}

func transports(m *moment, e emit) {
	for state, n := range m.survey.Transports {
		e(float64(n), stateName(sfu.TransportState(state)))
	}
}

func stateName(s sfu.TransportState) string {
	switch s {
	case sfu.TransportNew:
		return "new"
	case sfu.TransportConnecting:
		return "connecting"
	case sfu.TransportConnected:
		return "connected"
	case sfu.TransportDisconnected:
		return "disconnected"
	case sfu.TransportFailed:
		return "failed"
	}
	return "closed"
}
