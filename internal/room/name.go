package room

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"stube/internal/room/visible"
	"stube/internal/signal/protocol"
)

// excluded are the characters that a room's name may not hold, as in Jitsi Meet's addresses, because they mean
// something in an address.
const excluded = `:?#[]@!$&'()*+,;=></"\%|^{}` + "`"

// cleanName gives a participant's name in Unicode's form NFC without space around it, or refuses it.
func cleanName(name string) (string, error) {
	name, ok := visible.Line(name, protocol.MaxName)
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
	display, ok := visible.Line(name, protocol.MaxRoomName)
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
