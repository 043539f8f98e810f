package protocol

// Settings are what hosts set for a meeting. Everybody in the room sees them.
type Settings struct {
	Title           string     `json:"title"`
	Language        string     `json:"language"` // a tag like "de", or nothing
	Lobby           LobbyMode  `json:"lobby"`
	Locked          bool       `json:"locked"`
	Password        bool       `json:"password"`    // there is one; it is never told
	Private         bool       `json:"private"`     // without a link, the room looks like one that doesn't exist
	EarlyEntry      bool       `json:"earlyEntry"`  // people can be in without a host
	ChatHistory     bool       `json:"chatHistory"` // who comes late sees what was written before
	MaxParticipants int        `json:"maxParticipants"`
	MaxMinutes      int        `json:"maxMinutes"` // 0: no limit
	Preset          Preset     `json:"preset"`
	Rights          RoleRights `json:"rights"`
}

// LobbyMode tells who has to wait. Hosts never do.
type LobbyMode string

// The modes of a lobby.
const (
	LobbyOff      LobbyMode = "off"
	LobbyGuests   LobbyMode = "guests"   // all but holders of personal links, tokens, and invited account holders
	LobbyEveryone LobbyMode = "everyone" // holders of personal links too
)

// SettingsChange changes those settings that are there. Moderators may change Locked and Lobby, hosts all.
type SettingsChange struct {
	Title           *string     `json:"title,omitzero"`
	Language        *string     `json:"language,omitzero"`
	Lobby           *LobbyMode  `json:"lobby,omitzero"`
	Locked          *bool       `json:"locked,omitzero"`
	Password        *string     `json:"password,omitzero"` // "" takes it away
	Private         *bool       `json:"private,omitzero"`
	EarlyEntry      *bool       `json:"earlyEntry,omitzero"`
	ChatHistory     *bool       `json:"chatHistory,omitzero"`
	MaxParticipants *int        `json:"maxParticipants,omitzero"`
	MaxMinutes      *int        `json:"maxMinutes,omitzero"`
	Preset          *Preset     `json:"preset,omitzero"` // takes back all changes of single rights
	Rights          *RoleRights `json:"rights,omitzero"` // instead of Preset
}

// Condition is what happens to a meeting as a whole.
type Condition struct {
	Panic     bool   `json:"panic,omitzero"`     // somebody pressed the panic button: all is silent and locked
	PanicBy   string `json:"panicBy,omitempty"`  // a participant's id
	HeldUntil int64  `json:"heldUntil,omitzero"` // no host is there: milliseconds since 1970 when the meeting ends
	EndsAt    int64  `json:"endsAt,omitzero"`    // the longest time is over: milliseconds since 1970
	StartedAt int64  `json:"startedAt"`          // milliseconds since 1970
}
