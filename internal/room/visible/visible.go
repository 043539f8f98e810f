// Package visible judges what people write for others to read, such as names and messages: it has to show what it is.
// It knows no rules but those of Unicode, and owns no goroutine.
package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRuneLength bounds the bytes of a visible character before it is put into form NFC.
const maxRuneLength = 16

// Joiners hold emoji and the letters of some scripts together, though nobody sees them; the tags make flags.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	firstTag, lastTag  = '\U000e0020', '\U000e007f'
)

// Line gives a text in Unicode's form NFC without space around it. It is false for one that is empty or has more than
// limit characters, and for one with control characters, such as line breaks and those that turn the direction of
// writing: it could show something else than it is.
func Line(text string, limit int) (string, bool) { return clean(text, limit, "") }

// Lines is the same for a text that may have line breaks and tabs; the line breaks of other systems become "\n".
func Lines(text string, limit int) (string, bool) {
	if len(text) > limit*maxRuneLength {
		return "", false
	}
	return clean(strings.ReplaceAll(text, "\r\n", "\n"), limit, "\n\t")
}

// clean takes some control characters besides what can be seen.
func clean(text string, limit int, controls string) (string, bool) {
	if len(text) > limit*maxRuneLength || !utf8.ValidString(text) {
		return "", false
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if utf8.RuneCountInString(text) > limit {
		return "", false
	}
	seen := false
	for _, r := range text {
		if !allowed(r) && !strings.ContainsRune(controls, r) {
			return "", false
		}
		seen = seen || unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	}
	return text, seen
}

// allowed refuses control characters, those that turn the direction of writing, and all that has no picture.
func allowed(r rune) bool {
	return unicode.IsGraphic(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner || firstTag <= r && r <= lastTag
}
