// Package token reads what other systems vouch for: JSON Web Tokens (RFC 7519) with the claims of Jitsi Meet, by which
// a learning platform or a chat sends its people into a meeting, as hosts or as guests.
//
// It owns no goroutine, and must not know rooms. A token is signed by the one algorithm that the operator chose and
// by nothing else, and its JSON is read strictly, as two readers of one token must not see two things.
package token

import (
	"fmt"
	"regexp"
	"time"
)

// Grant is what a token gives its holder.
type Grant struct {
	Room      string // name as the token spells it, or a pattern; "*" is any
	Subject   string // of the person, in the system that made the token; may be empty
	Name      string // as it is to be shown; may be empty
	Moderator bool
	Lobby     bool // may pass it
	// Features that the token grants or refuses, where it names them.
	Features map[Feature]bool
	Expires  time.Time

	pattern *regexp.Regexp // nil: Room is no pattern
}

// Feature is something that a token can grant or refuse.
type Feature string

// The features that mean something here. Others of Jitsi Meet are read over.
const (
	Recording   Feature = "recording"
	Screen      Feature = "screen-sharing"
	GroupChat   Feature = "send-groupchat"
	PrivateChat Feature = "send-private-message"
	Files       Feature = "file-upload"
	Polls       Feature = "create-polls"
	Moderation  Feature = "moderation"
	Lobbies     Feature = "lobby"
)

func known(name string) (Feature, bool) {
	switch f := Feature(name); f {
	case Recording, Screen, GroupChat, PrivateChat, Files, Polls, Moderation, Lobbies:
		return f, true
	}
	return "", false
}

// Admits tells whether the token is for a room. Names are compared after fold, which makes one spelling of all.
func (g Grant) Admits(room string, fold func(string) string) bool {
	switch {
	case g.Room == "*":
		return true
	case g.pattern != nil:
		return g.pattern.MatchString(fold(room))
	}
	return fold(g.Room) == fold(room)
}

// Lengths of claims in bytes, beyond which a token is refused.
const (
	maxRoom     = 400
	maxName     = 512
	maxSubject  = 255
	maxFeatures = 64
)

// grant makes the Grant of claims that were verified.
func (c *claims) grant() (Grant, error) {
	g := Grant{
		Room: c.Room, Subject: string(c.Context.User.ID), Name: c.Context.User.Name, Expires: c.Expires.Time,
		Moderator: bool(c.Context.User.Moderator) || bool(c.Moderator) ||
			c.Context.User.Affiliation == "owner" || c.Context.User.Affiliation == "moderator",
		Lobby: bool(c.Context.User.LobbyBypass), Features: map[Feature]bool{},
	}
	switch {
	case g.Room == "" || len(g.Room) > maxRoom:
		return Grant{}, fmt.Errorf("%w: no room, or one with a long name", ErrInvalid)
	case len(g.Name) > maxName || len(g.Subject) > maxSubject || len(c.Context.Features) > maxFeatures:
		return Grant{}, fmt.Errorf("%w: a claim is too long", ErrInvalid)
	}
	if c.Context.Room.Regex && g.Room != "*" {
		if _, err := regexp.Compile(g.Room); err != nil { // alone, so that it cannot reach out of the brackets
			return Grant{}, fmt.Errorf("%w: the pattern of rooms is malformed", ErrInvalid)
		}
		pattern, err := regexp.Compile(`(?i)^(?:` + g.Room + `)$`) // matches in time linear to the name's length
		if err != nil {
			return Grant{}, fmt.Errorf("%w: the pattern of rooms is malformed", ErrInvalid)
		}
		g.pattern = pattern
	}
	for name, granted := range c.Context.Features {
		if feature, ok := known(name); ok {
			g.Features[feature] = bool(granted)
		}
	}
	return g, nil
}
