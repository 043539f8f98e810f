package oneport

import (
	"context"

	"stube/internal/inventory"
)

const kindConnections = "connections"

// Kinds are what a Listener holds about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: kindConnections, Place: inventory.Memory,
		What: inventory.Text{
			English: "The network address of each open connection",
			German:  "Die Netzadresse jeder offenen Verbindung",
		},
		Until: inventory.Text{English: "until it is closed", German: "bis sie geschlossen wird"},
		Why: inventory.Text{
			English: "to answer there, and so that nobody takes all connections",
			German:  "um dorthin zu antworten, und damit niemand alle Verbindungen belegt",
		},
	}}
}

// Inventory implements inventory.Source.
func (l *Listener) Inventory(context.Context) ([]inventory.Count, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return []inventory.Count{{Kind: kindConnections, Count: len(l.open) + l.web.taken}}, nil
}
