package signal

import (
	"context"

	"stube/internal/inventory"
)

const kindCallers = "callers"

// Kinds are what signalling holds about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: kindCallers, Place: inventory.Memory,
		What: inventory.Text{
			English: "Of each page that is open: who has logged in there, and codes made of its cookie and of its network " +
				"address, the latter with a key that is thrown away after two days",
			German: "Zu jeder offenen Seite: wer dort angemeldet ist, und Codes aus ihrem Cookie und ihrer Netzadresse, " +
				"letzterer mit einem Schlüssel, der nach zwei Tagen weggeworfen wird",
		},
		Until: inventory.Text{English: "until the page is closed", German: "bis die Seite geschlossen wird"},
		Why: inventory.Text{
			English: "to know what may be done from there, and so that nobody asks without end",
			German:  "um zu wissen, was von dort aus erlaubt ist, und damit niemand endlos fragt",
		},
	}, {
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

// Inventory implements inventory.Source.
func (s *Server) Inventory(context.Context) ([]inventory.Count, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []inventory.Count{{Kind: kindCallers, Count: len(s.open)}}, nil
}
