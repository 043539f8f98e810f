package rights

import "stube/internal/signal/protocol"

// Table has the rights of those roles that don't have all.
type Table struct{ Moderator, Participant, Viewer Set }

const (
	media  = Microphone | Camera | Screen
	guests = media | GroupChat | PrivateChat | File | Whiteboard | Poll | Reaction | Rename
)

// Presets are the kinds of meetings that can be asked for.
func Presets() []protocol.Preset {
	return []protocol.Preset{protocol.Conversation, protocol.Class, protocol.Webinar}
}

// Preset gives the table of a kind of meeting; false for what cannot be asked for.
func Preset(p protocol.Preset) (Table, bool) {
	moderator := guests | Invite | Admit | Moderate
	switch p {
	case protocol.Conversation:
		return Table{Moderator: moderator, Participant: guests, Viewer: GroupChat | Reaction | Rename}, true
	case protocol.Class:
		return Table{Moderator: moderator, Participant: Camera | GroupChat | Reaction, Viewer: Reaction}, true
	case protocol.Webinar:
		return Table{Moderator: moderator, Participant: GroupChat | Reaction, Viewer: Reaction}, true
	}
	return Table{}, false
}

// Role gives the rights of a role.
func (t Table) Role(r protocol.Role) Set {
	switch r {
	case protocol.Host:
		return Everything
	case protocol.Moderator:
		return t.Moderator
	case protocol.Attendee:
		return t.Participant
	case protocol.Viewer:
		return t.Viewer
	}
	return None
}

// Words is the table as it stands in the protocol.
func (t Table) Words() protocol.RoleRights {
	return protocol.RoleRights{
		Moderator: t.Moderator.Words(), Participant: t.Participant.Words(), Viewer: t.Viewer.Words(),
	}
}

// TableOf reads a table; false when a word is not known or stands twice.
func TableOf(words protocol.RoleRights) (t Table, ok bool) {
	for _, row := range []struct {
		to    *Set
		words []protocol.Right
	}{{&t.Moderator, words.Moderator}, {&t.Participant, words.Participant}, {&t.Viewer, words.Viewer}} {
		if *row.to, ok = Of(row.words); !ok {
			return Table{}, false
		}
	}
	return t, true
}

// KnownRole tells whether there is such a role.
func KnownRole(r protocol.Role) bool {
	switch r {
	case protocol.Host, protocol.Moderator, protocol.Attendee, protocol.Viewer:
		return true
	}
	return false
}
