package inventory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func kind(id string, place Place) Kind {
	text := func(s string) Text { return Text{English: s + " of " + id, German: s + " von " + id} }
	return Kind{ID: id, Place: place, What: text("What"), Until: text("until"), Why: text("why")}
}

type source struct {
	counts []Count
	err    error
}

func (s source) Inventory(context.Context) ([]Count, error) { return s.counts, s.err }

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Kind)
		want   string // a part of the error; "" means valid
	}{
		{"nothing", func(*Kind) {}, ""},
		{"id", func(k *Kind) { k.ID = "Kind 1" }, `"Kind 1" is no name`},
		{"same id", func(k *Kind) { k.ID = "other" }, `"other" is no name for a kind, or that of two`},
		{"place", func(k *Kind) { k.Place = "cloud" }, `no known place: "cloud"`},
		{"no German", func(k *Kind) { k.Why.German = "" }, "kind: why: "},
		{"no capital", func(k *Kind) { k.What.German = "klein" }, "capital"},
		{"not translated", func(k *Kind) { k.Until.German = k.Until.English }, "is not translated"},
		{"table", func(k *Kind) { k.What.English = "a | b" }, "kind: what: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := kind("kind", Memory)
			test.change(&k)
			got := ""
			if err := Validate([]Kind{kind("other", Disk), k}); err != nil {
				got = err.Error()
			}
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

func TestTake(t *testing.T) {
	kinds := []Kind{kind("one", Memory), kind("two", Disk), kind("page", Browser), kind("lines", Log)}
	one, two := Count{"one", 1}, Count{"two", 2}
	tests := []struct {
		name    string
		sources []Source
		want    string // a part of the error
	}{
		{"all", []Source{source{counts: []Count{two}}, source{counts: []Count{one}}}, ""},
		{"one missing", []Source{source{counts: []Count{two}}}, "one was not counted"},
		{"twice", []Source{source{counts: []Count{one, two, one}}}, "one was counted twice"},
		{"unknown", []Source{source{counts: []Count{one, two, {"three", 0}}}}, "three was counted"},
		{"in the browser", []Source{source{counts: []Count{one, two, {"page", 0}}}}, "page was counted"},
		{"failed", []Source{source{counts: []Count{one, two}, err: errors.New("disk")}}, "inventory.source holds: disk"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			counts, err := Take(t.Context(), kinds, test.sources...)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want %q", err, test.want)
				}
				return
			}
			if err != nil || !slices.Equal(counts, []Count{one, two}) {
				t.Errorf("%v, error %v", counts, err)
			}
		})
	}
}

func TestPrint(t *testing.T) {
	var out strings.Builder
	if err := Print(&out, []Kind{kind("one", Memory)}, []Count{{"one", 12}}); err != nil {
		t.Fatal(err)
	}
	want := "count  kind  place   what\n12     one   memory  What of one\n"
	if out.String() != want {
		t.Errorf("\n%s, want\n%s", out.String(), want)
	}
}

func TestDocumentHasEverything(t *testing.T) {
	kinds := []Kind{kind("one", Memory), kind("two", Browser)}
	text := Document(kinds)
	for _, k := range kinds {
		for _, part := range []Text{k.What, k.Until, k.Why, words()[k.Place]} {
			if !strings.Contains(text, "| "+part.English+" |") || !strings.Contains(text, "| "+part.German+" |") {
				t.Errorf("%q or %q is missing in\n%s", part.English, part.German, text)
			}
		}
	}
}

// criterion 29: whoever reads about privacy learns what the operator could do, and is promised nothing that is not so.
func TestCriterion29HonestWording(t *testing.T) {
	text := strings.Join(strings.Fields(Document(nil)), " ")
	for _, said := range []string{
		"whoever operates it could listen, and also serves the page that you see", "The server itself decrypts them",
		"Wer ihn betreibt, könnte mithören, und liefert auch die Seite aus", "Der Server selbst entschlüsselt sie",
	} {
		if !strings.Contains(text, said) {
			t.Errorf("it is not said that %q", said)
		}
	}
	for _, promise := range []string{"end-to-end", "Ende-zu-Ende", "100 %", "nobody can listen", "abhörsicher"} {
		if strings.Contains(text, promise) {
			t.Errorf("%q is promised", promise)
		}
	}
}
