package room

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stube/internal/signal/protocol"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"Anna":                              "Anna",
		"  Anna Müller\t":                   "Anna Müller",
		"Mu\u0308ller":                      "Müller",
		"نور":                               "نور",
		"می\u200cخواهم":                     "می\u200cخواهم",
		"👩\u200d👩\u200d👧":                   "👩\u200d👩\u200d👧",
		"7":                                 "7",
		"<script>":                          "<script>", // the page shows text as text
		strings.Repeat("ä", 64):             strings.Repeat("ä", 64),
		strings.Repeat("e\u0302\u0301", 64): strings.Repeat("ế", 64),
		"":                                  "",
		" \u00a0\u3000":                     "",
		"a\nb":                              "",
		"a\x00b":                            "",
		"a\u202eb":                          "", // right-to-left override
		"a\u2067b":                          "", // right-to-left isolate
		"a\u2028b":                          "",
		"\u200d":                            "",
		"\ufeffa":                           "",
		"\u200ba":                           "",
		"\u0301":                            "",
		"a\xffb":                            "",
		strings.Repeat("ä", 65):             "",
		strings.Repeat("a", 100000):         "",
	} {
		got, err := cleanName(name)
		if want == "" {
			refused(t, err, protocol.ErrInvalidName)
		} else if err != nil || got != want {
			t.Errorf("%q gave %q, %v", name, got, err)
		}
	}
}

func TestCleanRoomName(t *testing.T) {
	for name, want := range map[string]roomName{
		"Küche":                  {"Küche", "küche"},
		"KU\u0308CHE":            {"KÜCHE", "küche"},
		" My Room ":              {"My Room", "my room"},
		"STRASSE":                {"STRASSE", "strasse"},
		"Straße":                 {"Straße", "strasse"},
		"Ｗｉｄｅ":                   {"Ｗｉｄｅ", "wide"},
		"a\u200db":               {"a\u200db", "ab"},
		"abcde-fghij_1.2~3":      {"abcde-fghij_1.2~3", "abcde-fghij_1.2~3"},
		"":                       {},
		"-":                      {},
		"..":                     {},
		"a/b":                    {},
		"a\\b":                   {},
		"a?b":                    {},
		"a#b":                    {},
		"a%2fb":                  {},
		"a／b":                    {}, // a wide slash
		"External_API.js":        {},
		"\u202ea":                {},
		strings.Repeat("a", 101): {},
	} {
		got, err := cleanRoomName(name)
		if want.key == "" {
			refused(t, err, protocol.ErrInvalidRoom)
		} else if err != nil || got != want {
			t.Errorf("%q gave %q, %v", name, got, err)
		}
	}
}

// What was cleaned is clean, short and valid.
func FuzzCriterion31Names(f *testing.F) {
	for _, seed := range []string{"Anna", "Mu\u0308ller", "ﬃ", "a\u202eb", "\xff", "İ", "ς", "👩\u200d👧"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if clean, err := cleanName(name); err == nil {
			if again, err := cleanName(clean); err != nil || again != clean {
				t.Errorf("%q became %q, then %q, %v", name, clean, again, err)
			}
			if !utf8.ValidString(clean) || utf8.RuneCountInString(clean) > protocol.MaxName {
				t.Errorf("%q became %q", name, clean)
			}
		}
		if clean, err := cleanRoomName(name); err == nil {
			if again, err := cleanRoomName(clean.display); err != nil || again != clean || clean.key == "" {
				t.Errorf("%q became %q, then %q, %v", name, clean, again, err)
			}
		}
	})
}
