package web

import "stube/internal/inventory"

// Kinds are what the page keeps in the browser of who uses it (src/call/preferences.svelte.ts).
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: "preferences", Place: inventory.Browser,
		What: inventory.Text{
			English: "The name you gave last, and your choice of devices, language and colours",
			German:  "Der zuletzt angegebene Name und die Wahl von Geräten, Sprache und Farben",
		},
		Until: inventory.Text{
			English: "until you delete this site's data in the browser",
			German:  "bis Sie die Daten dieser Seite im Browser löschen",
		},
		Why: inventory.Text{
			English: "so that you need not choose again",
			German:  "damit Sie nicht noch einmal wählen müssen",
		},
	}}
}
