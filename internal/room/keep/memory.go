package keep

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
)

// ErrTaken is what saving a room gives whose key is that of another account's.
var ErrTaken = errors.New("the room is another account's")

// Memory keeps in memory what the interfaces of this package ask for. Its methods never fail but with ErrTaken.
type Memory struct {
	mu          sync.Mutex
	rooms       map[string]Room                  // by key
	invitations map[string]map[string]Invitation // by room and id
	bans        map[string]map[string]Ban        // by room and id
}

// NewMemory makes an empty Memory.
func NewMemory() *Memory {
	return &Memory{
		rooms: map[string]Room{}, invitations: map[string]map[string]Invitation{}, bans: map[string]map[string]Ban{},
	}
}

// Room finds a room.
func (m *Memory) Room(_ context.Context, key string) (Room, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.rooms[key]
	return r, found, nil
}

// RoomsOf lists the rooms of an account by name.
func (m *Memory) RoomsOf(_ context.Context, account string) ([]Room, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rooms := slices.Collect(maps.Values(m.rooms))
	rooms = slices.DeleteFunc(rooms, func(r Room) bool { return r.Account != account })
	slices.SortFunc(rooms, func(a, b Room) int { return cmp.Compare(a.Key, b.Key) })
	return rooms, nil
}

// SaveRoom keeps a room.
func (m *Memory) SaveRoom(_ context.Context, r Room) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, found := m.rooms[r.Key]; found && old.Account != r.Account {
		return ErrTaken
	}
	m.rooms[r.Key] = r
	return nil
}

// DeleteRoom takes a room away.
func (m *Memory) DeleteRoom(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rooms, key)
	return nil
}

// Invitation finds a link by hash.
func (m *Memory) Invitation(_ context.Context, room, hash string) (Invitation, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.invitations[room] {
		if i.Hash == hash {
			return i, true, nil
		}
	}
	return Invitation{}, false, nil
}

// InvitationsTo lists the links to a room, the oldest first.
func (m *Memory) InvitationsTo(_ context.Context, room string) ([]Invitation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Collect(maps.Values(m.invitations[room]))
	slices.SortFunc(all, func(a, b Invitation) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// SaveInvitation keeps a link.
func (m *Memory) SaveInvitation(_ context.Context, i Invitation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	put(m.invitations, i.Room, i.ID, i)
	return nil
}

// DeleteInvitation takes a link away.
func (m *Memory) DeleteInvitation(_ context.Context, room, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.invitations[room], id)
	return nil
}

// DeleteInvitationsTo takes all links to a room away.
func (m *Memory) DeleteInvitationsTo(_ context.Context, room string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.invitations, room)
	return nil
}

// Banned tells whether an account is banned.
func (m *Memory) Banned(_ context.Context, room, account string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.bans[room] {
		if b.Account == account {
			return true, nil
		}
	}
	return false, nil
}

// BansFrom lists the bans from a room, the oldest first.
func (m *Memory) BansFrom(_ context.Context, room string) ([]Ban, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Collect(maps.Values(m.bans[room]))
	slices.SortFunc(all, func(a, b Ban) int {
		return cmp.Or(cmp.Compare(a.Public.At, b.Public.At), cmp.Compare(a.Public.ID, b.Public.ID))
	})
	return all, nil
}

// SaveBan keeps a ban.
func (m *Memory) SaveBan(_ context.Context, b Ban) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	put(m.bans, b.Room, b.Public.ID, b)
	return nil
}

// DeleteBan lifts a ban.
func (m *Memory) DeleteBan(_ context.Context, room, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.bans[room], id)
	return nil
}

// DeleteBansFrom lifts all bans from a room.
func (m *Memory) DeleteBansFrom(_ context.Context, room string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.bans, room)
	return nil
}

func put[T any](to map[string]map[string]T, room, id string, value T) {
	if to[room] == nil {
		to[room] = map[string]T{}
	}
	to[room][id] = value
}
