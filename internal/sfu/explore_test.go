package sfu

import (
	"net/netip"
	"testing"
	"time"

	"stube/internal/sfu/bwe"
)

// TestExplore: of a way that is explored it is soon known whether it carries a sharp picture, though a small one is
// sent, and few probes tell it; of another nothing is tried.
func TestExplore(t *testing.T) {
	for name, c := range map[string]struct {
		rate        float64
		explored    bool
		least, most uint64 // bit/s that are known; 0: none are
		probes      uint64 // at the most
	}{
		"of no interest": {rate: 20_000_000},
		"wide":           {rate: 20_000_000, explored: true, least: explored, most: 4_000_000, probes: 2},
		"as wide":        {rate: 3_000_000, explored: true, least: 2_300_000, most: 3_300_000, probes: 12},
		"narrow":         {rate: 500_000, explored: true, least: 350_000, most: 600_000, probes: 12},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				w := way{
					rate: func(time.Duration) float64 { return c.rate }, buffer: 300 * time.Millisecond,
					distance: 20 * time.Millisecond, layers: []int{300_000}, fps: 15, seed: seed,
				}
				w.open(1)
				if c.explored {
					w.transport.server = &Server{epoch: time.Now().Add(-time.Duration(w.pipe.now))}
					w.transport.Explore(time.Minute)
				}
				w.run(t, 20*time.Second)
				s := w.transport.congestion.sender
				if got, _ := s.Known(w.pipe.now); got < c.least || got > c.most {
					t.Errorf("seed %d: %d bit/s are known, want %d to %d", seed, got, c.least, c.most)
				}
				if got := s.Probes().Begun; got > c.probes || c.explored && got == 0 {
					t.Errorf("seed %d: %d probes, want %d at the most", seed, got, c.probes)
				}
			}
		})
	}
}

// TestExploreNobody: nothing is tried towards an address before who is there has proved itself by keys.
func TestExploreNobody(t *testing.T) {
	tr := &Transport{server: &Server{epoch: time.Now()}, consumers: map[string]*Consumer{"c": {wide: true, rtxSSRC: 1}}}
	tr.congestion.sender = bwe.NewSender(0)
	tr.path.udp.Remote = netip.MustParseAddrPort("192.0.2.1:4000")
	tr.Explore(time.Minute)
	tr.want(nil, 0, 0)
	if tr.probe(&pipeline{traffic: &traffic{}}) || tr.congestion.sender.Probes().Begun != 0 {
		t.Error("it is tried what the way to a stranger carries")
	}
}
