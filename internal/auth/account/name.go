package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest name of an account, in Unicode code points.
const MaxName = 64

// cleanName gives a name as it is shown, and the spelling in which equal names meet. It refuses what cannot be seen,
// or would turn the direction of writing.
func cleanName(name string) (shown, key string, ok bool) {
	if len(name) > MaxName*utf8.UTFMax || !utf8.ValidString(name) {
		return "", "", false
	}
	shown = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	if n := utf8.RuneCountInString(shown); n == 0 || n > MaxName {
		return "", "", false
	}
	for _, r := range shown {
		if !unicode.IsGraphic(r) {
			return "", "", false
		}
	}
	if strings.IndexFunc(shown, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }) < 0 {
		return "", "", false
	}
	return shown, norm.NFKC.String(cases.Fold().String(norm.NFKC.String(shown))), true
}

// Shown makes a name that a provider tells fit to be shown: it drops what cannot be seen, and cuts what is too long.
// The result may be empty.
func Shown(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, strings.ToValidUTF8(name[:min(len(name), 4*MaxName*utf8.UTFMax)], ""))
	shown := []rune(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
	return strings.TrimSpace(string(shown[:min(len(shown), MaxName)]))
}

// Key is one spelling for all spellings of a name; what is no name has one too.
func Key(name string) string {
	if _, key, ok := cleanName(name); ok {
		return key
	}
	return "\x00"
}
