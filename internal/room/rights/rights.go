// Package rights is the one place that says who may do what in a meeting: the rights of roles, what of them holds in
// which state, what each method needs, and who may act on whom. It is made of pure functions over small values; it
// must not know rooms, participants or connections, which ask it before they do anything.
package rights

import "stube/internal/signal/protocol"

// Set is a set of rights.
type Set uint32

// The rights, in the order of [All].
const (
	Microphone Set = 1 << iota
	Camera
	Screen
	GroupChat
	PrivateChat
	File
	Whiteboard
	Poll
	Reaction
	Rename
	Record
	Invite
	Admit
	Moderate

	None       Set = 0
	Everything Set = Moderate<<1 - 1
)

// All lists the rights by their words in the protocol, that of the lowest bit first.
func All() []protocol.Right {
	return []protocol.Right{
		protocol.MayMicrophone, protocol.MayCamera, protocol.MayScreen, protocol.MayGroupChat, protocol.MayPrivateChat,
		protocol.MayFile, protocol.MayWhiteboard, protocol.MayPoll, protocol.MayReaction, protocol.MayRename,
		protocol.MayRecord, protocol.MayInvite, protocol.MayAdmit, protocol.MayModerate,
	}
}

// Of makes a set of words. It is false when one is not known or stands twice.
func Of(words []protocol.Right) (Set, bool) {
	set := None
	for _, word := range words {
		bit := None
		for i, known := range All() {
			if word == known {
				bit = 1 << i
			}
		}
		if bit == None || set&bit != 0 {
			return None, false
		}
		set |= bit
	}
	return set, true
}

// Words lists what is in the set; it is never nil.
func (s Set) Words() []protocol.Right {
	words := []protocol.Right{}
	for i, word := range All() {
		if s&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return words
}

// Has tells whether all of other is in the set.
func (s Set) Has(other Set) bool { return s&other == other }

// Person is what rights depend on about somebody.
type Person struct {
	Role    protocol.Role
	Allowed Set  // beyond what the role gives
	Denied  Set  // of what the role gives; counts more than Allowed
	Known   bool // signed in, or vouched for by another system: not a guest
	Owner   bool // of the room: nobody can act on the owner
	Halted  bool // by the panic button, and not brought back
}

// State is what rights depend on about the meeting.
type State struct {
	Table Table
	Held  bool // no host is there
}

// Effective is what somebody may do now. Hosts may do all, always: neither exceptions nor the panic button bind them.
func (s State) Effective(p Person) Set {
	switch {
	case p.Role == protocol.Host:
		return Everything
	case s.Held || p.Halted:
		return None
	}
	return (s.Table.Role(p.Role) | p.Allowed) &^ p.Denied
}

// MayActOn tells whether somebody with the right to moderate may do so to another. Nobody acts on a room's owner, only
// hosts act on hosts, a guest on no host who is known, and otherwise nobody on somebody who may moderate too.
func (s State) MayActOn(actor, target Person) bool {
	switch {
	case !s.Effective(actor).Has(Moderate), target.Owner:
		return false
	case target.Role == protocol.Host:
		return actor.Role == protocol.Host && (actor.Known || !target.Known)
	case actor.Role == protocol.Host:
		return true
	}
	standing := State{Table: s.Table}
	target.Halted = false // who is halted has not become less
	return !standing.Effective(target).Has(Moderate)
}
