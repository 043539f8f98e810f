package web

import "stube/internal/inventory"

// Kinds are what the page keeps in the browser of who uses it: src/call/preferences.svelte.ts for long, and
// src/call/kept-entrance.ts for as long as a tab is open.
func Kinds() []inventory.Kind {
	return []inventory.Kind{{
		ID: "preferences", Place: inventory.Browser,
		What: inventory.Text{
			English: "The name you gave last, and your choice of devices, pictures, language and colours",
			German:  "Der zuletzt angegebene Name und die Wahl von Geräten, Bildern, Sprache und Farben",
		},
		Until: inventory.Text{
			English: "until you delete this site's data in the browser",
			German:  "bis Sie die Daten dieser Seite im Browser löschen",
		},
		Why: inventory.Text{
			English: "so that you need not choose again",
			German:  "damit Sie nicht noch einmal wählen müssen",
		},
	}, {
		ID: "entrance", Place: inventory.Browser,
		What: inventory.Text{
			English: "For a meeting that you came to by a link or wait for: its name, the link's secret, and that of your place",
			German: "Zu einem Treffen, zu dem Sie über einen Link kamen oder auf das Sie warten: sein Name, das Geheimnis " +
				"des Links und das Ihres Platzes",
		},
		Until: inventory.Text{
			English: "until you close the tab",
			German:  "bis Sie den Tab schließen",
		},
		Why: inventory.Text{
			English: "so that a reload of the page loses neither",
			German:  "damit beim Neuladen der Seite beides erhalten bleibt",
		},
	}}
}
