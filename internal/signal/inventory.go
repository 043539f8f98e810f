package signal

import "stube/internal/inventory"

// Kinds are what signalling holds about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: "guest-cookie", Place: inventory.Browser,
		What: inventory.Text{
			English: "A cookie of random bits; the server keeps only a code made of it, while a meeting needs that",
			German: "Ein Cookie aus Zufallsbits; der Server behält nur einen daraus gemachten Code, solange ein " +
				"Treffen ihn braucht",
		},
		Until: inventory.Text{
			English: "until the browser is closed", German: "bis der Browser geschlossen wird",
		},
		Why: inventory.Text{
			English: "so that who was taken out of a meeting doesn't come back as a stranger, and who reloads the page is known",
			German: "damit nicht als fremd zurückkommt, wer aus einem Treffen entfernt wurde, und erkannt wird, wer die " +
				"Seite neu lädt",
		},
	}}
}
