package room

import (
	"context"

	"stube/internal/inventory"
)

const (
	kindRooms        = "rooms"
	kindParticipants = "participants"
)

// Kinds are what a House holds about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindRooms, Place: inventory.Memory,
			What:  inventory.Text{English: "The name of each running meeting", German: "Der Name jeder laufenden Besprechung"},
			Until: inventory.Text{English: "until the last one has left", German: "bis die letzte Person gegangen ist"},
			Why:   inventory.Text{English: "so that others find it", German: "damit andere sie finden"},
		},
		{
			ID: kindParticipants, Place: inventory.Memory,
			What: inventory.Text{
				English: "Who is in a meeting: the name they gave, what they may do and send, how good their line is",
				German: "Wer in einer Besprechung ist: der angegebene Name, was die Person darf und sendet, wie gut ihre " +
					"Leitung ist",
			},
			Until: inventory.Text{
				English: "until they leave, or 30 seconds after their connection was lost",
				German:  "bis die Person geht, oder 30 Sekunden nachdem ihre Verbindung abgerissen ist",
			},
			Why: inventory.Text{
				English: "so that everybody in the meeting sees who is there",
				German:  "damit alle in der Besprechung sehen, wer da ist",
			},
		},
	}
}

// Inventory implements inventory.Source.
func (h *House) Inventory(context.Context) ([]inventory.Count, error) {
	stats := h.Stats()
	return []inventory.Count{
		{Kind: kindRooms, Count: stats.Rooms}, {Kind: kindParticipants, Count: stats.Participants},
	}, nil
}
