package room

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"stube/internal/signal/protocol"
)

// Joiners hold emoji and the letters of some scripts together, though nobody sees them; the tags make flags.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	firstTag, lastTag  = '\U000e0020', '\U000e007f'
)

// excluded are the characters that a room's name may not hold, as in Jitsi Meet's addresses, because they mean
// something in an address.
const excluded = `:?#[]@!$&'()*+,;=></"\%|^{}` + "`"

// maxRuneLength bounds the bytes of a visible character before it is put into form NFC.
const maxRuneLength = 16

// cleanName gives a participant's name in Unicode's form NFC without space around it, or refuses it.
func cleanName(name string) (string, error) {
	name, ok := cleanText(name, protocol.MaxName)
	if !ok {
		return "", refuse(protocol.ErrInvalidName, "name breaks the rules")
	}
	return name, nil
}

// roomName is the name of a room: what is shown, and the key under which different spellings meet.
type roomName struct {
	display, key string
}

// cleanRoomName reads the name of a room as it stands in an address. Case does not matter, nor does the Unicode
// form; what the server's own addresses need is refused.
func cleanRoomName(name string) (roomName, error) {
	invalid := refuse(protocol.ErrInvalidRoom, "room name breaks the rules")
	display, ok := cleanText(name, protocol.MaxRoomName)
	if !ok || strings.ContainsAny(display, excluded) {
		return roomName{}, invalid
	}
	key := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.Map(seen, display))))
	if strings.ContainsAny(key, excluded) { // a wide character may be a plain one in this form
		return roomName{}, invalid
	}
	switch key {
	case "-", ".", "..", "external_api.js", "robots.txt", "favicon.ico":
		return roomName{}, invalid
	}
	return roomName{display: display, key: key}, nil
}

// Fold gives the form of a room's name in which different spellings of it meet; what is no name stays as it is.
func Fold(name string) string {
	clean, err := cleanRoomName(name)
	if err != nil {
		return name
	}
	return clean.key
}

// seen drops what nobody sees.
func seen(r rune) rune {
	if unicode.IsGraphic(r) {
		return r
	}
	return -1
}

// cleanText normalizes a text that others see, and tells whether it has 1 to limit runes that all may be seen.
func cleanText(text string, limit int) (string, bool) {
	if len(text) > limit*maxRuneLength || !utf8.ValidString(text) {
		return "", false
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if utf8.RuneCountInString(text) > limit {
		return "", false
	}
	visible := false
	for _, r := range text {
		if !allowed(r) {
			return "", false
		}
		visible = visible || unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	}
	return text, visible
}

// allowed refuses control characters, those that turn the direction of writing, and all that has no picture.
func allowed(r rune) bool {
	return unicode.IsGraphic(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner || firstTag <= r && r <= lastTag
}
