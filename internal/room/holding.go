package room

import "context"

// Holdings counts what a House holds about persons now: by kind, never the content.
type Holdings struct {
	Participants int // names, roles and how they are known
	Waiting      int // the same of who waits in a lobby
	Messages     int // of chats
	LogEntries   int // of what hosts and moderators did
	Bans         int // with names
	Keys         int // hashes by which somebody is known again: as host, as removed, as having a standing
	Links        int // invitations to instant rooms, with the names of those invited
}

// Holdings asks all rooms.
func (h *House) Holdings(ctx context.Context) (Holdings, error) {
	h.mu.Lock()
	rooms := make([]*Room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	var all Holdings
	for _, r := range rooms {
		links, err := h.instant.InvitationsTo(ctx, r.name.key)
		if err != nil {
			return all, err
		}
		all.Links += len(links)
		one, err := ask(r, func(s *state) (Holdings, error) { return s.holdings(), nil })
		if err != nil { // the room has ended
			continue
		}
		all.Participants += one.Participants
		all.Waiting += one.Waiting
		all.Messages += one.Messages
		all.LogEntries += one.LogEntries
		all.Bans += one.Bans
		all.Keys += one.Keys
	}
	return all, nil
}

func (s *state) holdings() Holdings {
	held := Holdings{Participants: len(s.participants), Waiting: len(s.waiting)}
	if m := s.meeting; m != nil {
		held.Messages = m.chat.Len()
		held.LogEntries = len(m.journal.entries)
		held.Bans = len(m.expelled.bans)
		held.Keys = len(m.hosts) + len(m.standings) + len(m.expelled.keys) + len(m.expelled.networks)
	}
	return held
}
