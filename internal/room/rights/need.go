package rights

import "stube/internal/signal/protocol"

// Need is what a method asks of the participant who calls it.
type Need struct {
	Right Set  // all of it
	Host  bool // only hosts
}

// Met tells whether somebody may call a method that needs this.
func (n Need) Met(s State, p Person) bool {
	return s.Effective(p).Has(n.Right) && (!n.Host || p.Role == protocol.Host)
}

// Needs is the table of all methods that participants call. What a method needs beyond, because it depends on its
// parameters, is told by [ForSource] and [ForChat], and for settings by [Change].
func Needs() map[protocol.Method]Need {
	host := Need{Host: true}
	moderate := Need{Right: Moderate}
	return map[protocol.Method]Need{
		protocol.MethodLeave:           {},
		protocol.MethodConnect:         {},
		protocol.MethodRestartICE:      {},
		protocol.MethodProduce:         {}, // by source
		protocol.MethodUpdateProducer:  {},
		protocol.MethodPauseProducer:   {},
		protocol.MethodResumeProducer:  {}, // by source
		protocol.MethodCloseProducer:   {},
		protocol.MethodConsume:         {}, // everyone in the roster receives
		protocol.MethodResumeConsumers: {},
		protocol.MethodCloseConsumers:  {},
		protocol.MethodView:            {},
		protocol.MethodDownlink:        {},
		protocol.MethodRename:          {Right: Rename},

		protocol.MethodAdmit:  {Right: Admit},
		protocol.MethodRefuse: {Right: Admit},

		protocol.MethodStopMedia:         moderate,
		protocol.MethodAskForMedia:       moderate,
		protocol.MethodRenameParticipant: moderate,
		protocol.MethodRemove:            moderate,
		protocol.MethodLowerHands:        moderate,
		protocol.MethodPanic:             moderate,
		protocol.MethodUpdateSettings:    moderate, // by setting
		protocol.MethodSetRole:           host,
		protocol.MethodSetRights:         host,
		protocol.MethodRestore:           host,
		protocol.MethodEnd:               host,
		protocol.MethodReadLog:           host,
		protocol.MethodListBans:          host,
		protocol.MethodLiftBan:           host,

		protocol.MethodSendChat:    {}, // by receiver
		protocol.MethodRetractChat: {}, // the own ones; those of others with the right to moderate
		protocol.MethodReadChat:    {},
		protocol.MethodRaiseHand:   {Right: Reaction},
		protocol.MethodReact:       {Right: Reaction},

		protocol.MethodInvite:           {Right: Invite},
		protocol.MethodListInvitations:  {Right: Invite},
		protocol.MethodRevokeInvitation: {Right: Invite},
	}
}

// ForSource gives the right to send what a source shows; false for a source that is not known.
func ForSource(s protocol.Source) (Set, bool) {
	switch s {
	case protocol.Microphone:
		return Microphone, true
	case protocol.Camera:
		return Camera, true
	case protocol.Screen, protocol.ScreenAudio:
		return Screen, true
	}
	return None, false
}

// ForChat gives the right to write to everybody or to one.
func ForChat(private bool) Set {
	if private {
		return PrivateChat
	}
	return GroupChat
}

// Change gives what a change of settings needs: moderators open and close the door, the rest is for hosts.
func Change(c protocol.SettingsChange) Need {
	c.Locked, c.Lobby = nil, nil
	return Need{Right: Moderate, Host: c != (protocol.SettingsChange{})}
}

// Inviting gives what an invitation needs: nobody gives away more than moderating but hosts.
func Inviting(role protocol.Role) Need {
	return Need{Right: Invite, Host: role == protocol.Host || role == protocol.Moderator}
}
