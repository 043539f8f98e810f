package room

import (
	"context"
	"errors"
	"time"

	"stube/internal/room/keep"
	"stube/internal/signal/protocol"
)

// Pass is what a token of another system says about who holds it.
type Pass struct {
	Room string // the name of the only room that it is good for, or "*"; not heeded together with Admits
	// Admits tells whether it is good for a room, whose name comes as Fold makes it; nil: by Room.
	Admits   func(room string) bool
	Account  string // a stable id within all systems; "" when the token has none
	Name     string
	Provider string // the system's name, as people know it
	Host     bool
	Bypass   bool             // whether its holder need not wait in any lobby
	Denied   []protocol.Right // what its holder may not do though the role gives it
}

// Tokens reads the tokens of other systems. What is wrong with one is nobody's business but the log's.
type Tokens interface {
	Pass(ctx context.Context, token string) (Pass, error)
}

// claim is all that somebody brings who wants to enter, checked as far as it can be without the room. It is made
// outside of the loop, as stores may take their time, and doesn't change afterwards but for the password.
type claim struct {
	caller     Caller
	name       string
	identity   protocol.Identity
	record     *keep.Room       // of the named room; nil for an instant one
	invitation *keep.Invitation // of a valid link
	pass       *Pass
	owner      bool   // of the named room
	banned     bool   // lastingly
	password   string // the hash that the password given was found to fit
}

// starts tells whether the claim is enough to begin a meeting, as its host. The owner of a named room must still be
// one of those who may create.
func (c *claim) starts() bool {
	return c.caller.MayCreate && (c.record == nil || c.owner) || c.sent()
}

// leads tells whether the claim makes a host, whoever is in the room.
func (c *claim) leads() bool { return c.owner || c.sent() }

// sent tells whether another system or an invitation makes a host.
func (c *claim) sent() bool {
	return c.pass != nil && c.pass.Host || c.invitation != nil && c.invitation.Role == protocol.Host
}

// known tells whether more than a guest's own word is behind the claim.
func (c *claim) known() bool {
	return c.identity.Kind == protocol.Account || c.identity.Kind == protocol.TokenHolder
}

// personal tells whether the claim rests on a link for one person.
func (c *claim) personal() bool {
	return c.invitation != nil && c.invitation.Kind == protocol.PersonalLink
}

// keys are by what a standing is known again: those of the caller, and the personal link.
func (c *claim) keys() []string {
	keys := c.caller.keys()
	if c.personal() {
		keys = append(keys, "link "+c.invitation.ID)
	}
	return keys
}

// role is what the claim makes of somebody who isn't host.
func (c *claim) role() protocol.Role {
	if c.invitation != nil {
		return c.invitation.Role
	}
	return protocol.Attendee
}

// claim gathers what an entry rests on. All stores are asked in the same order, whatever there is.
func (h *House) claim(ctx context.Context, name roomName, e Entry) (*claim, error) {
	if h.cfg.Open {
		e.Caller.MayCreate = true
	}
	c := &claim{caller: e.Caller, name: e.Name, identity: e.Caller.identity()}
	if err := h.readPass(ctx, name, e.Token, c); err != nil {
		return nil, err
	}
	record, found, err := h.cfg.Rooms.Room(ctx, name.key)
	if err != nil {
		return nil, refuse(protocol.ErrInternal, "find named room: %w", err)
	}
	if found {
		c.record = &record
		c.owner = c.caller.Account != "" && c.caller.Account == record.Account
	}
	if err := h.readInvite(ctx, name, e.Invite, c); err != nil {
		return nil, err
	}
	if found && c.caller.Account != "" && !c.owner {
		if c.banned, err = h.cfg.Bans.Banned(ctx, name.key, c.caller.Account); err != nil {
			return nil, refuse(protocol.ErrInternal, "find ban: %w", err)
		}
	}
	return c, nil
}

// readPass takes a token of another system in the place of a log-in.
func (h *House) readPass(ctx context.Context, name roomName, token string, c *claim) error {
	if token == "" {
		return nil
	}
	invalid := func(err error) error { return refuse(protocol.ErrTokenInvalid, "read token: %w", err) }
	if h.cfg.Tokens == nil {
		return invalid(errors.New("no other system is trusted"))
	}
	pass, err := h.cfg.Tokens.Pass(ctx, token)
	if err != nil {
		return invalid(err)
	}
	if !pass.admits(name) {
		return invalid(errors.New("it is for another room"))
	}
	c.pass = &pass
	if vouched, err := cleanName(pass.Name); err == nil {
		c.name = vouched
	}
	c.identity = protocol.Identity{Kind: protocol.TokenHolder, Provider: pass.Provider, Name: pass.Name}
	c.caller.Account, c.caller.Session = "", "" // the token speaks, not who else is signed in here
	if pass.Account != "" {
		c.caller.Account = "token " + pass.Account
	}
	c.caller.MayCreate = pass.Host
	return nil
}

// admits tells whether a token is good for a room.
func (p Pass) admits(name roomName) bool {
	if p.Admits != nil {
		return p.Admits(name.key)
	}
	only, err := cleanRoomName(p.Room)
	return p.Room == "*" || err == nil && only.key == name.key
}

// readInvite finds the invitation that a link's secret stands for.
func (h *House) readInvite(ctx context.Context, name roomName, secret string, c *claim) error {
	if secret == "" {
		return nil
	}
	i, found, err := h.links(c.record != nil).Invitation(ctx, name.key, keep.Hash(secret))
	if err != nil {
		return refuse(protocol.ErrInternal, "find invitation: %w", err)
	}
	if !found || !i.Valid(time.Now()) {
		return refuse(protocol.ErrInviteInvalid, "no such invitation")
	}
	c.invitation = &i
	if i.Kind == protocol.PersonalLink && c.identity.Kind == protocol.Guest {
		c.identity = protocol.Identity{Kind: protocol.InvitedPerson, Name: i.Name}
		c.name = i.Name
	}
	return nil
}

// links is the store of a room's invitations: those of instant rooms live as long as their meeting.
func (h *House) links(named bool) keep.Invitations {
	if named {
		return h.cfg.Invitations
	}
	return h.instant
}
