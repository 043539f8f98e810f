package inventory

import (
	"fmt"
	"strings"
)

// chapter is the document in one language.
type chapter struct {
	language func(Text) string
	title    string
	opening  string
	columns  [4]string
	closing  string
}

// Document is the text of docs/privacy.md.
func Document(kinds []Kind) string {
	var out strings.Builder
	out.WriteString("# Privacy · Datenschutz\n\n" +
		"<!-- Made from the kinds that the code declares: go run ./internal/app/privacydoc > docs/privacy.md -->\n")
	for _, c := range []chapter{english(), german()} {
		fmt.Fprintf(&out, "\n## %s\n\n%s\n\n", c.title, strings.TrimSpace(c.opening))
		fmt.Fprintf(&out, "| %s |\n|---|---|---|---|\n", strings.Join(c.columns[:], " | "))
		for _, k := range kinds {
			row := []Text{k.What, words()[k.Place], k.Until, k.Why}
			for _, text := range row {
				fmt.Fprintf(&out, "| %s ", c.language(text))
			}
			out.WriteString("|\n")
		}
		fmt.Fprintf(&out, "\n%s\n", strings.TrimSpace(c.closing))
	}
	return out.String()
}

func english() chapter {
	return chapter{
		language: func(t Text) string { return t.English },
		title:    "What this program holds about people",
		opening: `
This is all of it. A meeting lives in the server's memory and is gone when its last participant has left. The page
loads nothing from anybody else, and the program sends nothing to anybody else, unless the operator sets up log-in
with another provider or certificates for a domain.`,
		columns: [4]string{"what", "where", "for how long", "why"},
		closing: `
Sound and pictures are encrypted on the way to the server and from there to the others. The server itself decrypts
them to pass them on: whoever operates it could listen, and also serves the page that you see. Trust the operator as
you would trust the owner of a house that you talk in.`,
	}
}

func german() chapter {
	return chapter{
		language: func(t Text) string { return t.German },
		title:    "Was dieses Programm über Menschen weiß",
		opening: `
Das ist alles. Ein Treffen lebt im Arbeitsspeicher des Servers und ist fort, wenn die letzte Person gegangen
ist. Die Seite lädt nichts von Dritten, und das Programm sendet nichts an Dritte, außer wenn der Betreiber die
Anmeldung bei einem anderen Anbieter oder Zertifikate für eine Domain einrichtet.`,
		columns: [4]string{"was", "wo", "wie lange", "wozu"},
		closing: `
Ton und Bild sind auf dem Weg zum Server und von dort zu den anderen verschlüsselt. Der Server selbst entschlüsselt
sie, um sie weiterzugeben: Wer ihn betreibt, könnte mithören, und liefert auch die Seite aus, die Sie sehen.
Vertrauen Sie dem Betreiber so weit, wie Sie dem Besitzer eines Hauses vertrauen, in dem Sie sich unterhalten.`,
	}
}
