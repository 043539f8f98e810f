package app

import (
	"stube/internal/admission"
	"stube/internal/config"
)

// newGate makes the decision on what the server takes on.
func newGate(l config.Limit) *admission.Gate {
	const percent, megabit = 1.0 / 100, 1e6
	return admission.NewGate(admission.Limits{
		CPU: float64(l.CPU) * percent, Packets: float64(l.Packets), Uplink: float64(l.Uplink) * megabit,
	})
}

// watchLoad has the gate told what the server does.
func (a *App) watchLoad() {
	a.load = admission.Watch(a.gate, func() (admission.Reading, error) {
		reading, err := admission.Process()
		traffic := a.media.Traffic()
		reading.Packets, reading.Bytes = traffic.Packets(), traffic.WireOut()
		return reading, err
	}, a.log)
}
