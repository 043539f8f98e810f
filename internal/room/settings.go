package room

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"stube/internal/room/keep"
	"stube/internal/room/rights"
	"stube/internal/room/visible"
	"stube/internal/signal/protocol"
)

// Safe are the settings of an instant room unless the Config says otherwise: nobody is in without a host, guests
// wait in the lobby.
func Safe() protocol.Settings {
	return protocol.Settings{Lobby: protocol.LobbyGuests, ChatHistory: true, Preset: protocol.Conversation}
}

// Casual are settings for a server among friends: whoever has the address comes in, with or without a host.
func Casual() protocol.Settings {
	s := Safe()
	s.Lobby, s.EarlyEntry = protocol.LobbyOff, true
	return s
}

// settings are those with which a meeting begins: of a named room, or of instant ones.
func (h *House) settings(record *keep.Room) (protocol.Settings, rights.Table) {
	s := *h.cfg.Instant
	var own *protocol.RoleRights
	if record != nil {
		r := record.Settings
		own = r.Rights
		s = protocol.Settings{
			Title: r.Title, Language: r.Language, Lobby: r.Lobby, Password: record.PasswordHash != "", Private: r.Private,
			EarlyEntry: r.EarlyEntry, ChatHistory: r.ChatHistory, MaxParticipants: r.MaxParticipants,
			MaxMinutes: r.MaxMinutes, Preset: r.Preset,
		}
	}
	if s.MaxParticipants == 0 || s.MaxParticipants > h.cfg.MaxParticipants {
		s.MaxParticipants = h.cfg.MaxParticipants
	}
	table, ok := rights.Preset(s.Preset)
	if !ok && own != nil {
		table, _ = rights.TableOf(*own)
	}
	s.Rights = table.Words()
	return s, table
}

// UpdateSettings changes what a change holds, or nothing when any of it breaks a rule.
func (x *Session) UpdateSettings(ctx context.Context, change protocol.SettingsChange) error {
	// Rights first: nobody else makes the server hash passwords. They are checked again below.
	err := x.do(protocol.MethodUpdateSettings, func(s *state, p *participant) error {
		return s.meets(p, rights.Change(change))
	})
	if err != nil {
		return err
	}
	hash := ""
	if change.Password != nil && *change.Password != "" {
		if hash, err = x.room.house.hashPassword(ctx, *change.Password); err != nil {
			return err
		}
	}
	return x.do(protocol.MethodUpdateSettings, func(s *state, p *participant) error {
		if err := s.meets(p, rights.Change(change)); err != nil {
			return err
		}
		return s.change(p, change, hash)
	})
}

// change applies a change of settings as a whole.
func (s *state) change(p *participant, change protocol.SettingsChange, hash string) error {
	now, table, err := s.changed(change)
	if err != nil {
		return err
	}
	m := s.meeting
	if change.Password != nil {
		m.passwordHash = hash
		now.Password = hash != ""
	}
	locked := m.settings.Locked
	length := m.settings.MaxMinutes != now.MaxMinutes
	m.settings, m.table = now, table
	s.news.settings = true
	if length {
		s.limitLength()
		s.news.condition = true
	}
	if now.Locked != locked {
		action := protocol.ActionUnlock
		if now.Locked {
			action = protocol.ActionLock
		}
		s.note(action, p, "", "")
	}
	if names := changedNames(change); names != "" {
		s.note(protocol.ActionSettings, p, "", names)
	}
	s.watchHosts()
	s.refreshAll()
	s.reconsider()
	return nil
}

// changed gives the settings and the table as they would be.
func (s *state) changed(change protocol.SettingsChange) (protocol.Settings, rights.Table, error) {
	now, table := s.meeting.settings, s.meeting.table
	set(&now.Lobby, change.Lobby)
	set(&now.Locked, change.Locked)
	set(&now.Private, change.Private)
	set(&now.EarlyEntry, change.EarlyEntry)
	set(&now.ChatHistory, change.ChatHistory)
	set(&now.MaxParticipants, change.MaxParticipants)
	set(&now.MaxMinutes, change.MaxMinutes)
	set(&now.Title, change.Title)
	set(&now.Language, change.Language)
	invalid := refuse(protocol.ErrInvalidParams, "settings break the rules")
	var ok bool
	if now.Title, ok = cleanTitle(now.Title); !ok {
		return now, table, refuse(protocol.ErrInvalidText, "title breaks the rules")
	}
	limit := s.room.house.cfg.MaxParticipants
	if !knownLobby(now.Lobby) || !knownLanguage(now.Language) || now.MaxParticipants < 1 ||
		now.MaxParticipants > limit || now.MaxMinutes < 0 || now.MaxMinutes > protocol.MaxMinutes ||
		change.Preset != nil && change.Rights != nil {
		return now, table, invalid
	}
	if change.Preset != nil {
		if table, ok = rights.Preset(*change.Preset); !ok {
			return now, table, invalid
		}
		now.Preset = *change.Preset
	}
	if change.Rights != nil {
		if table, ok = rights.TableOf(*change.Rights); !ok {
			return now, table, invalid
		}
		now.Preset = protocol.Custom
	}
	now.Rights = table.Words()
	return now, table, nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// changedNames lists what a change holds, but for the lock, by the names in the protocol.
func changedNames(change protocol.SettingsChange) string {
	var names []string
	for _, field := range []struct {
		name string
		is   bool
	}{
		{"title", change.Title != nil},
		{"language", change.Language != nil},
		{"lobby", change.Lobby != nil},
		{"password", change.Password != nil},
		{"private", change.Private != nil},
		{"earlyEntry", change.EarlyEntry != nil},
		{"chatHistory", change.ChatHistory != nil},
		{"maxParticipants", change.MaxParticipants != nil},
		{"maxMinutes", change.MaxMinutes != nil},
		{"preset", change.Preset != nil},
		{"rights", change.Rights != nil},
	} {
		if field.is {
			names = append(names, field.name)
		}
	}
	return strings.Join(names, " ")
}

func knownLobby(mode protocol.LobbyMode) bool {
	return slices.Contains([]protocol.LobbyMode{
		protocol.LobbyOff, protocol.LobbyGuests, protocol.LobbyEveryone,
	}, mode)
}

// knownLanguage takes nothing, or a tag like "de" or "pt-BR" (BCP 47, as far as it is needed).
func knownLanguage(tag string) bool {
	return tag == "" || len(tag) <= 35 && regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`).MatchString(tag)
}

// cleanTitle gives the title of a meeting in form NFC; it may be empty.
func cleanTitle(title string) (string, bool) {
	if title == "" {
		return "", true
	}
	return visible.Line(title, protocol.MaxTitle)
}
