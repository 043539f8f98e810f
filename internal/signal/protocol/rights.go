package protocol

// Role is what somebody is in a meeting. Rights follow from it.
type Role string

// The roles, the highest first. A room has as many hosts as its hosts make.
const (
	Host      Role = "host"
	Moderator Role = "moderator"
	Attendee  Role = "participant"
	Viewer    Role = "viewer"
)

// Right is one thing that somebody may do.
type Right string

// The rights.
const (
	MayMicrophone  Right = "microphone"
	MayCamera      Right = "camera"
	MayScreen      Right = "screen"
	MayGroupChat   Right = "group-chat"
	MayPrivateChat Right = "private-chat"
	MayFile        Right = "file"
	MayWhiteboard  Right = "whiteboard"
	MayPoll        Right = "poll"
	MayReaction    Right = "reaction" // reactions and raising a hand
	MayRename      Right = "rename"   // oneself
	MayRecord      Right = "record"
	MayInvite      Right = "invite"
	MayAdmit       Right = "admit" // sees who waits in the lobby, lets in and refuses
	MayModerate    Right = "moderate"
)

// Preset is a set of rights for a kind of meeting.
type Preset string

// The presets.
const (
	Conversation Preset = "conversation" // everybody may do what guests in a house may do
	Class        Preset = "class"        // without screens and private chat, microphones by permission
	Webinar      Preset = "webinar"      // hosts and moderators are seen and heard, the others look on
	Custom       Preset = "custom"       // somebody changed single rights; cannot be asked for
)

// RoleRights are the rights of each role in this meeting. Hosts have all, always.
type RoleRights struct {
	Moderator   []Right `json:"moderator"`
	Participant []Right `json:"participant"`
	Viewer      []Right `json:"viewer"`
}

// You is what the receiver alone needs to know about itself. It comes with Joined and Resumed, and as a
// notification when it changes. A right that is not listed here is refused with ErrForbidden.
type You struct {
	Role   Role    `json:"role"`
	Rights []Right `json:"rights"` // what holds now: role, exceptions, panic and an absent host taken together
}

// Identity tells how the server knows who somebody is.
type Identity struct {
	Kind     IdentityKind `json:"kind"`
	Provider string       `json:"provider,omitempty"` // for people: "Google"; of accounts and tokens
	Name     string       `json:"name,omitempty"`     // by which the server knows them; shown where it differs
}

// IdentityKind is a way to know somebody.
type IdentityKind string

// The ways. Only the name of a guest is nobody's word but the guest's.
const (
	Guest         IdentityKind = "guest"
	InvitedPerson IdentityKind = "invited" // came by a personal link, under the name that it was made for
	Account       IdentityKind = "account" // signed in
	TokenHolder   IdentityKind = "token"   // sent by another system
)
