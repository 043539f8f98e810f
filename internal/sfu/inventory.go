package sfu

import (
	"context"
	"maps"
	"slices"

	"stube/internal/inventory"
)

const (
	kindPaths   = "media-paths"
	kindStreams = "media-streams"
)

// Kinds are what a Server holds about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindPaths, Place: inventory.Memory,
			What: inventory.Text{
				English: "The network addresses at which a participant sends and receives sound and pictures; no other " +
					"participant learns them",
				German: "Die Netzadressen, an denen jemand Ton und Bild sendet und empfängt; andere im Treffen " +
					"erfahren sie nicht",
			},
			Until: inventory.Text{
				English: "until they leave the meeting",
				German:  "bis die Person das Treffen verlässt",
			},
			Why: inventory.Text{English: "to send them there", German: "um sie dorthin zu senden"},
		},
		{
			ID: kindStreams, Place: inventory.Memory,
			What: inventory.Text{
				English: "Of each microphone, camera and screen that is sent, the packets of the last seconds",
				German: "Von jedem Mikrofon, jeder Kamera und jedem Bildschirm, die gesendet werden, die Pakete der " +
					"letzten Sekunden",
			},
			Until: inventory.Text{
				English: "until newer ones take their place, or sending ends",
				German:  "bis neuere an ihre Stelle treten oder das Senden endet",
			},
			Why: inventory.Text{
				English: "to send again what was lost on the way",
				German:  "um noch einmal zu senden, was unterwegs verloren ging",
			},
		},
	}
}

// Inventory implements inventory.Source.
func (s *Server) Inventory(context.Context) ([]inventory.Count, error) {
	s.mu.Lock()
	routers := slices.Collect(maps.Keys(s.routers))
	s.mu.Unlock()
	transports, producers := 0, 0
	for _, r := range routers {
		r.mu.Lock()
		transports += len(r.transports)
		producers += len(r.producers)
		r.mu.Unlock()
	}
	return []inventory.Count{{Kind: kindPaths, Count: transports}, {Kind: kindStreams, Count: producers}}, nil
}
