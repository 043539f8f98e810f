package visible_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stube/internal/room/visible"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		" Anna ":                "Anna",
		"Ju\u0308rg":            "Jürg",
		"👩\u200d👩\u200d👧":       "👩\u200d👩\u200d👧",
		"🏴\U000e0067\U000e007f": "🏴\U000e0067\U000e007f",
		"":                      "",
		" \t":                   "",
		"\u200d":                "",
		"a\nb":                  "",
		"a\tb":                  "",
		"a\u202eb":              "",
		"a\x00b":                "",
		"a\xff":                 "",
		"12345":                 "12345",
		"123456":                "",
	} {
		if got, ok := visible.Line(text, 5); ok != (want != "") || ok && got != want {
			t.Errorf("%q gave %q, %t", text, got, ok)
		}
	}
}

func TestLines(t *testing.T) {
	for text, want := range map[string]string{
		" a\r\nb\tc\n":            "a\nb\tc",
		"a\rb":                    "",
		"\r\n":                    "",
		"a\u202eb":                "",
		strings.Repeat("\r\n", 3): "",
	} {
		if got, ok := visible.Lines(text, 5); ok != (want != "") || ok && got != want {
			t.Errorf("%q gave %q, %t", text, got, ok)
		}
	}
}

// criterion 31: what people write.
func FuzzCriterion31Visible(f *testing.F) {
	f.Add(" a\r\nb ", 10)
	f.Add("e\u0301\u202e", 3)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = min(max(limit, 0), 1000)
		for name, clean := range map[string]func(string, int) (string, bool){"Line": visible.Line, "Lines": visible.Lines} {
			got, ok := clean(text, limit)
			if !ok {
				continue
			}
			if again, ok := clean(got, limit); !ok || again != got {
				t.Errorf("%s: %q became %q, then %q, %t", name, text, got, again, ok)
			}
			if !utf8.ValidString(got) || got == "" || utf8.RuneCountInString(got) > limit {
				t.Errorf("%s: %q became %q", name, text, got)
			}
		}
	})
}
