package room

import (
	"context"
	"slices"
	"time"

	"stube/internal/room/keep"
	"stube/internal/signal/protocol"
)

// expelled is who was taken out of a meeting, and who is not let in again. It ends with the meeting, but for accounts
// that are banned from a named room.
type expelled struct {
	keys     map[string]bool // of those who were removed or banned: they wait in the lobby, marked
	networks map[string]bool // from which guests of these came
	links    map[string]bool // personal links of these, by id: no good any more
	bans     []ban
}

// ban is somebody who is refused.
type ban struct {
	public protocol.Ban
	keys   []string
}

func newExpelled() expelled {
	return expelled{keys: map[string]bool{}, networks: map[string]bool{}, links: map[string]bool{}}
}

// expel notes that somebody was taken out: no link, cookie or account leads past the lobby any more (criterion 6).
func (s *state) expel(c *claim) {
	x := &s.meeting.expelled
	for _, key := range c.caller.keys() {
		x.keys[key] = true
		delete(s.meeting.hosts, key)
	}
	if c.personal() {
		x.links[c.invitation.ID] = true
	}
	if c.caller.Account == "" && c.caller.AddressKey != "" {
		x.networks[c.caller.AddressKey] = true
	}
}

// ban refuses somebody from now on.
func (s *state) ban(c *claim, name string) (protocol.Ban, error) {
	x := &s.meeting.expelled
	if len(x.bans) >= protocol.MaxBans {
		return protocol.Ban{}, refuse(protocol.ErrTooMany, "there are %d bans", len(x.bans))
	}
	s.expel(c)
	b := ban{keys: c.caller.keys(), public: protocol.Ban{
		ID: newID(), Name: name, Identity: c.identity, At: time.Now().UnixMilli(),
		Lasting: s.meeting.record != nil && c.caller.Account != "",
	}}
	x.bans = append(x.bans, b)
	return b.public, nil
}

// banned tells whether somebody is refused in this meeting.
func (s *state) banned(c *claim) bool {
	if s.meeting == nil || c.owner {
		return false
	}
	for _, b := range s.meeting.expelled.bans {
		for _, key := range c.caller.keys() {
			if slices.Contains(b.keys, key) {
				return true
			}
		}
	}
	return false
}

// expelledBefore tells whether somebody was taken out of this meeting.
func (s *state) expelledBefore(c *claim) bool {
	if s.meeting == nil || c.owner {
		return false
	}
	x := s.meeting.expelled
	for _, key := range c.caller.keys() {
		if x.keys[key] {
			return true
		}
	}
	return c.personal() && x.links[c.invitation.ID]
}

// lent tells whether a ticket is shown by somebody who was taken out, and is not theirs.
func (s *state) lent(holder *claim, by Caller) bool {
	return s.expelledBefore(&claim{caller: by}) && !s.expelledBefore(holder)
}

// nearExpelled tells whether a guest comes from a network from which a guest was taken out. That is no proof, and makes
// nobody wait who has a name that somebody stands for.
func (s *state) nearExpelled(c *claim) bool {
	if s.meeting == nil || c.caller.Account != "" {
		return false
	}
	networks := s.meeting.expelled.networks
	return networks[c.caller.AddressKey] || networks[c.caller.AddressKeyBefore]
}

// Bans lists who is not let in.
func (x *Session) Bans(ctx context.Context) (protocol.Bans, error) {
	named := false
	list, err := within(x, protocol.MethodListBans, func(s *state, _ *participant) (list protocol.Bans, err error) {
		list.Bans = []protocol.Ban{}
		named = s.meeting.record != nil
		for _, b := range s.meeting.expelled.bans {
			list.Bans = append(list.Bans, b.public)
		}
		return list, nil
	})
	if err != nil || !named {
		return list, err
	}
	kept, err := x.room.house.cfg.Bans.BansFrom(ctx, x.room.name.key)
	if err != nil {
		return list, refuse(protocol.ErrInternal, "list bans: %w", err)
	}
	for _, b := range kept {
		known := slices.ContainsFunc(list.Bans, func(other protocol.Ban) bool { return other.ID == b.Public.ID })
		if !known && len(list.Bans) < protocol.MaxList {
			list.Bans = append(list.Bans, b.Public)
		}
	}
	return list, nil
}

// LiftBan lets somebody knock again. Of a ban that is not there nothing is said.
func (x *Session) LiftBan(ctx context.Context, id string) error {
	list, err := x.Bans(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list.Bans, func(b protocol.Ban) bool { return b.ID == id })
	if i < 0 {
		return nil
	}
	named := false
	err = x.do(protocol.MethodLiftBan, func(s *state, p *participant) error {
		named = s.meeting.record != nil
		bans := &s.meeting.expelled.bans
		*bans = slices.DeleteFunc(*bans, func(b ban) bool { return b.public.ID == id })
		s.note(protocol.ActionLiftBan, p, list.Bans[i].Name, "")
		return nil
	})
	if err != nil || !named {
		return err
	}
	if err := x.room.house.cfg.Bans.DeleteBan(ctx, x.room.name.key, id); err != nil {
		return refuse(protocol.ErrInternal, "lift ban: %w", err)
	}
	return nil
}

// lastingBan is a ban with the account that it is of.
type lastingBan struct {
	account string
	public  protocol.Ban
}

// keepBan makes a ban outlive the meeting, if it is to.
func (x *Session) keepBan(ctx context.Context, b lastingBan) error {
	if !b.public.Lasting {
		return nil
	}
	store, key := x.room.house.cfg.Bans, x.room.name.key
	kept, err := store.BansFrom(ctx, key)
	if err == nil && len(kept) >= protocol.MaxBans { // the oldest goes
		err = store.DeleteBan(ctx, key, kept[0].Public.ID)
	}
	if err == nil {
		err = store.SaveBan(ctx, keep.Ban{Room: key, Account: b.account, Public: b.public})
	}
	if err != nil {
		return refuse(protocol.ErrInternal, "keep ban: %w", err)
	}
	return nil
}
