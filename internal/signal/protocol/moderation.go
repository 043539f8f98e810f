package protocol

// People names participants, or with Everyone all that the caller can act on, but the caller.
type People struct {
	ParticipantIDs []string `json:"participantIds,omitempty"`
	Everyone       bool     `json:"everyone,omitzero"`
}

// StopMedia silences microphones, covers cameras and ends screens, in the media server. The people can start again
// by themselves unless Revoke is set: then the rights are taken from them too.
type StopMedia struct {
	ParticipantIDs []string `json:"participantIds,omitempty"`
	Everyone       bool     `json:"everyone,omitzero"`
	Sources        []Source `json:"sources"` // a screen's sound ends with its picture
	Revoke         bool     `json:"revoke,omitzero"`
}

// AskForMedia asks people to unmute or to show themselves, which only they can do. It gives the right to it when
// that is missing.
type AskForMedia struct {
	ParticipantIDs []string `json:"participantIds"`
	Source         Source   `json:"source"` // Microphone or Camera
}

// Asked tells somebody of AskForMedia.
type Asked struct {
	Source Source `json:"source"`
	By     string `json:"by"` // a participant's id
}

// Moderated tells somebody what was done to it, beside the change itself.
type Moderated struct {
	Action Action `json:"action"`
	By     string `json:"by"` // a participant's id
}

// Action is something that hosts and moderators do.
type Action string

// The actions. Those from ActionLobby on never come in Moderated, only in the log.
const (
	ActionMicrophone Action = "microphone" // silenced
	ActionCamera     Action = "camera"     // covered
	ActionScreen     Action = "screen"     // ended
	ActionHand       Action = "hand"       // lowered
	ActionRename     Action = "rename"
	ActionRole       Action = "role"
	ActionRights     Action = "rights"
	ActionRetract    Action = "retract" // a chat message taken back
	ActionRestore    Action = "restore" // brought back after the panic button

	ActionAsk      Action = "ask" // to unmute
	ActionStart    Action = "start"
	ActionAdmit    Action = "admit"
	ActionRefuse   Action = "refuse"
	ActionBlock    Action = "block"
	ActionRemove   Action = "remove"
	ActionBan      Action = "ban"
	ActionLiftBan  Action = "lift-ban"
	ActionSettings Action = "settings"
	ActionLock     Action = "lock"
	ActionUnlock   Action = "unlock"
	ActionPanic    Action = "panic"
	ActionInvite   Action = "invite"
	ActionRevoke   Action = "revoke" // an invitation
	ActionHold     Action = "hold"   // the last host left
	ActionResume   Action = "resume" // a host is back
)

// RenameParticipant changes somebody else's name.
type RenameParticipant struct {
	ParticipantID string `json:"participantId"`
	Name          string `json:"name"`
}

// SetRole changes somebody's role.
type SetRole struct {
	ParticipantID string `json:"participantId"`
	Role          Role   `json:"role"`
}

// SetRights makes exceptions for one person, in the place of those that were there.
type SetRights struct {
	ParticipantID string  `json:"participantId"`
	Allowed       []Right `json:"allowed"`
	Denied        []Right `json:"denied"`
}

// Remove takes somebody out of the room. Coming back goes through the lobby, marked; with Ban it is refused.
type Remove struct {
	ParticipantID string `json:"participantId"`
	Ban           bool   `json:"ban,omitzero"`
}

// Log answers log.read: what hosts and moderators did in this meeting, the oldest first. It lives in memory only.
type Log struct {
	Entries []LogEntry `json:"entries"`
	Dropped uint64     `json:"dropped,omitzero"` // older entries that are not kept any more
}

// LogEntry is one act. Names are those of its time.
type LogEntry struct {
	At     int64  `json:"at"` // milliseconds since 1970
	Action Action `json:"action"`
	By     string `json:"by,omitempty"`     // a name; absent for what happened by itself
	Whom   string `json:"whom,omitempty"`   // a name
	Detail string `json:"detail,omitempty"` // a role, rights or settings by their words in this protocol
}

// Bans answers bans.list.
type Bans struct {
	Bans []Ban `json:"bans"`
}

// Ban is somebody who is not let in again.
type Ban struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Identity Identity `json:"identity"`
	At       int64    `json:"at"`      // milliseconds since 1970
	Lasting  bool     `json:"lasting"` // an account, from a named room: holds beyond the meeting
}

// BanRef names a ban.
type BanRef struct {
	BanID string `json:"banId"`
}
