package privlog

import "stube/internal/inventory"

// Kinds are what logs hold about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: "log", Place: inventory.Log,
		What: inventory.Text{
			English: "When somebody came, went or met a fault, under a number made up for this meeting; no name, no address",
			German: "Wann jemand kam, ging oder auf einen Fehler stieß, unter einer für dieses Treffen ausgedachten " +
				"Nummer; kein Name, keine Adresse",
		},
		Until: inventory.Text{
			English: "as long as the operator keeps the log",
			German:  "solange der Betreiber das Protokoll aufhebt",
		},
		Why: inventory.Text{English: "to find faults", German: "um Fehler zu finden"},
	}}
}
