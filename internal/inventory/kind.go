// Package inventory says which personal data the program holds: of each kind what it is, where, for how long and why,
// in words for the people it is about. A kind is declared by the package that holds it, in a file inventory.go; the
// same package counts what a running server has of it. From the kinds docs/privacy.md is made.
//
// It owns no goroutine. It must not know any kind, and its counts never hold content.
package inventory

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place is where data of a kind is.
type Place string

// The places.
const (
	Memory  Place = "memory"  // of the server; gone when it stops
	Disk    Place = "disk"    // of the server
	Log     Place = "log"     // what the server writes about its work; the operator decides how long it is kept
	Browser Place = "browser" // of the person it is about
)

// Text is a sentence or two in each language that the page speaks.
type Text struct {
	English string `json:"en"`
	German  string `json:"de"`
}

// Kind is one kind of personal data. Its JSON is what a page about privacy shows.
type Kind struct {
	ID    string `json:"id"` // lower-case words with hyphens; it stays, also when the words change
	Place Place  `json:"place"`
	What  Text   `json:"what"`
	Until Text   `json:"until"` // for how long, as "until …"
	Why   Text   `json:"why"`
}

// Counted tells whether a running server can say how much it has of the kind.
func (k Kind) Counted() bool { return k.Place == Memory || k.Place == Disk }

// Validate reports all that is missing or stands twice.
func Validate(kinds []Kind) error {
	var errs []error
	seen := map[string]bool{}
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, k := range kinds {
		if !id.MatchString(k.ID) || seen[k.ID] {
			errs = append(errs, fmt.Errorf("%q is no name for a kind, or that of two", k.ID))
		}
		seen[k.ID] = true
		if _, ok := words()[k.Place]; !ok {
			errs = append(errs, fmt.Errorf("%s is in no known place: %q", k.ID, k.Place))
		}
		if !capital(k.What.English) || !capital(k.What.German) {
			errs = append(errs, fmt.Errorf("%s: what: it stands first, and begins with a capital letter", k.ID))
		}
		for field, text := range map[string]Text{"what": k.What, "until": k.Until, "why": k.Why} {
			if err := text.validate(); err != nil {
				errs = append(errs, fmt.Errorf("%s: %s: %w", k.ID, field, err))
			}
		}
	}
	return errors.Join(errs...)
}

func capital(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(first)
}

func (t Text) validate() error {
	for _, text := range []string{t.English, t.German} {
		if text == "" || text != strings.TrimSpace(text) || strings.ContainsAny(text, "|\n") {
			return fmt.Errorf("%q is empty or cannot stand in a table", text)
		}
	}
	if t.English == t.German {
		return fmt.Errorf("%q is not translated", t.English)
	}
	return nil
}

// words are the places' names for people.
func words() map[Place]Text {
	return map[Place]Text{
		Memory:  {"the server's memory", "Arbeitsspeicher des Servers"},
		Disk:    {"the server's disk", "Festplatte des Servers"},
		Log:     {"the server's log", "Protokoll des Servers"},
		Browser: {"your own browser", "Ihr eigener Browser"},
	}
}
