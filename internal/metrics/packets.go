package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"stube/internal/sfu"
)

// packets are the metrics of what passed and of what did not.
func packets() []family {
	const counter = prometheus.CounterValue
	return []family{
		flows("stube_packets_total", "RTP packets, without those sent again.",
			func(f sfu.Flow) (in, out uint64) { return f.PacketsIn, f.PacketsOut }),
		flows("stube_payload_bytes_total", "Bytes in RTP packets, without headers.",
			func(f sfu.Flow) (in, out uint64) { return f.BytesIn, f.BytesOut }),
		flows("stube_retransmitted_packets_total", "Packets that were sent again (RTX) and were of use.",
			func(f sfu.Flow) (in, out uint64) { return f.RepairedIn, f.RepairedOut }),
		flows("stube_lost_packets_total", "Packets that a report named as missing; some came later.",
			func(f sfu.Flow) (in, out uint64) { return f.LostIn, f.LostOut }),
		{
			name: "stube_nack_packets_total", help: "Packets asked for again: in by clients, out by the server.",
			kind: counter, labels: []string{"direction"},
			collect: func(m *moment, e emit) { both(e, m.traffic.AskedIn, m.traffic.AskedOut) },
		},
		single("stube_withheld_repairs_total", "Packets asked for again that did not go at once: repairs take at most half "+
			"of what a receiver's network carries, and none of pictures goes into a long queue.", counter,
			func(m *moment) float64 { return float64(m.traffic.Withheld) }),
		single("stube_paced_packets_total", "Video packets that were held back for a moment, not to pile up in front of a "+
			"narrow link.", counter, func(m *moment) float64 { return float64(m.traffic.Held) }),
		{
			name: "stube_key_frame_requests_total", help: "Key frames asked for: in by clients, out by the server.",
			kind: counter, labels: []string{"direction"},
			collect: func(m *moment, e emit) { both(e, m.traffic.PicturesIn, m.traffic.PicturesOut) },
		},
		single("stube_layer_switches_total", "Times that a receiver was given another layer of a video.", counter,
			func(m *moment) float64 { return float64(m.traffic.Switches) }),
		{
			name: "stube_queue_drops_total", help: "Packets that were not sent because a queue was full.", kind: counter,
			labels: []string{"queue"}, collect: func(m *moment, e emit) {
				e(float64(m.traffic.Dropped), "udp")
				e(float64(m.counters.TCPQueueFull), "tcp")
			},
		},
		{
			name: "stube_discarded_packets_total", help: "Packets that were received and not taken.", kind: counter,
			labels: []string{"reason"}, collect: discarded,
		},
		{
			name: "stube_worker_datagrams_total", help: "Packets that each Worker received: even when all cores share the work.",
			kind: counter, labels: []string{"worker"}, collect: func(m *moment, e emit) {
				for i, n := range m.datagrams {
					e(float64(n), strconv.Itoa(i))
				}
			},
		},
	}
}

func flows(name, help string, of func(sfu.Flow) (in, out uint64)) family {
	return family{
		name: name, help: help, kind: prometheus.CounterValue, labels: []string{"kind", "direction"},
		collect: func(m *moment, e emit) {
			for _, one := range []struct {
				kind string
				flow sfu.Flow
			}{{"audio", m.traffic.Audio}, {"video", m.traffic.Video}} {
				in, out := of(one.flow)
				e(float64(in), one.kind, "in")
				e(float64(out), one.kind, "out")
			}
		},
	}
}

func both(e emit, in, out uint64) {
	e(float64(in), "in")
	e(float64(out), "out")
}

func discarded(m *moment, e emit) {
	c := m.counters
	e(float64(c.UnknownAddress), "unknown_address")
	e(float64(c.Malformed), "malformed")
	e(float64(c.Unauthentic), "unauthentic")
	e(float64(c.Replayed), "replayed")
	e(float64(c.Unroutable), "unroutable")
	e(float64(c.NotReady), "not_ready")
}
