package protocol

// RoomRef names a room by its name: one of the caller's named rooms, or nothing for the room that the caller is in.
type RoomRef struct {
	Room string `json:"room,omitempty"`
}

// InvitationKind tells how a link admits.
type InvitationKind string

// The kinds of links.
const (
	PersonalLink InvitationKind = "personal" // for one named person, one holder at a time
	GroupLink    InvitationKind = "group"    // for any number; guests go through the lobby
)

// Invite makes a link: the room's address with the secret in its fragment. Only hosts invite hosts and moderators.
type Invite struct {
	Room    string         `json:"room,omitempty"` // as in RoomRef
	Kind    InvitationKind `json:"kind"`
	Name    string         `json:"name,omitempty"` // of the person; needed for a personal link
	Role    Role           `json:"role"`
	Minutes int            `json:"minutes,omitzero"` // how long it is valid; 0: as long as the room, at most a year
}

// Invited answers Invite. The secret is told this one time; the server keeps a hash of it.
type Invited struct {
	Secret     string     `json:"secret"`
	Invitation Invitation `json:"invitation"`
}

// Invitation is a link, as hosts see it in the list.
type Invitation struct {
	ID        string         `json:"id"`
	Kind      InvitationKind `json:"kind"`
	Name      string         `json:"name,omitempty"`
	Role      Role           `json:"role"`
	Inviter   Person         `json:"inviter"`
	CreatedAt int64          `json:"createdAt"`          // milliseconds since 1970
	ExpiresAt int64          `json:"expiresAt,omitzero"` // milliseconds since 1970
	InUse     bool           `json:"inUse,omitzero"`     // its holder is in the room or in the lobby
}

// Invitations answers invitations.list.
type Invitations struct {
	Invitations []Invitation `json:"invitations"`
}

// RevokeInvitation ends a link. Who is in the room stays.
type RevokeInvitation struct {
	Room         string `json:"room,omitempty"` // as in RoomRef
	InvitationID string `json:"invitationId"`
}

// NamedRoom is a room that an account keeps. In rooms.save, Password is what to set: absent leaves it, "" takes it
// away; answers have HasPassword instead.
type NamedRoom struct {
	Name            string      `json:"name"`
	Title           string      `json:"title,omitempty"`
	Language        string      `json:"language,omitempty"`
	Lobby           LobbyMode   `json:"lobby"`
	Private         bool        `json:"private,omitzero"`
	EarlyEntry      bool        `json:"earlyEntry,omitzero"`
	ChatHistory     bool        `json:"chatHistory,omitzero"`
	MaxParticipants int         `json:"maxParticipants,omitzero"` // 0: the server's limit
	MaxMinutes      int         `json:"maxMinutes,omitzero"`      // 0: no limit
	Preset          Preset      `json:"preset"`
	Rights          *RoleRights `json:"rights,omitempty"`  // with Preset Custom
	StartsAt        int64       `json:"startsAt,omitzero"` // milliseconds since 1970; guests wait until then
	EndsAt          int64       `json:"endsAt,omitzero"`   // milliseconds since 1970; closed after it
	Password        *string     `json:"password,omitzero"`
	HasPassword     bool        `json:"hasPassword,omitzero"`
}

// Rooms answers rooms.list: those of the account that asks, and what each preset gives, from which a change of single
// rights starts.
type Rooms struct {
	Rooms   []NamedRoom    `json:"rooms"`
	Presets []PresetRights `json:"presets"`
}

// PresetRights are the rights that a preset gives.
type PresetRights struct {
	Preset Preset     `json:"preset"`
	Rights RoleRights `json:"rights"`
}
