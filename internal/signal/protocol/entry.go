package protocol

// Peek asks about a room before joining. A room that doesn't exist, is closed or is private answers as one in which
// nobody is yet.
type Peek struct {
	Room   string `json:"room"`
	Invite string `json:"invite,omitempty"`
}

// Peeked answers Peek.
type Peeked struct {
	Entry       EntryWay       `json:"entry"`
	HostPresent bool           `json:"hostPresent"`
	Password    bool           `json:"password"` // join needs the room's password
	Title       string         `json:"title,omitempty"`
	Language    string         `json:"language,omitempty"`   // of the meeting, like "de"
	Inviter     *Person        `json:"inviter,omitempty"`    // who made the link, or else the room's host
	Invitation  *InvitationFor `json:"invitation,omitempty"` // the link is valid and this is whom it is for
	InviteError ErrorCode      `json:"inviteError,omitempty"`
	StartsAt    int64          `json:"startsAt,omitzero"` // milliseconds since 1970; to come
}

// EntryWay tells what a Join would do now.
type EntryWay string

// The ways to enter.
const (
	EntryStart EntryWay = "start" // starts the meeting as its host
	EntryEnter EntryWay = "enter" // enters at once
	EntryKnock EntryWay = "knock" // waits in the lobby
)

// Person is somebody who need not be in the room.
type Person struct {
	Name     string   `json:"name"`
	Identity Identity `json:"identity"`
}

// InvitationFor tells for whom and what a link is.
type InvitationFor struct {
	Kind InvitationKind `json:"kind"`
	Name string         `json:"name,omitempty"` // of a personal link: the name its holder gets
	Role Role           `json:"role"`
}

// Lobby tells somebody who waits how things stand. It comes after ErrWaiting and whenever it changes.
type Lobby struct {
	State       LobbyState `json:"state"`
	Ticket      string     `json:"ticket"` // a secret: keeps the place over a reload, and lets in who was admitted
	HostPresent bool       `json:"hostPresent"`
	Title       string     `json:"title,omitempty"`
}

// LobbyState is what became of a knock.
type LobbyState string

// The states. After Admitted, Join with the ticket enters; after Refused and Gone there is no place any more.
const (
	LobbyWaiting  LobbyState = "waiting"
	LobbyAdmitted LobbyState = "admitted"
	LobbyRefused  LobbyState = "refused"
	LobbyGone     LobbyState = "gone" // the meeting has ended, or the place was taken up on another connection
)

// Knocks tells those who may admit who waits: what changed, or with Complete all of it. Numbers are not needed: it
// comes complete after every Joined and Resumed, and whenever the right is given. When the right is taken away a
// complete empty one comes.
type Knocks struct {
	Complete bool     `json:"complete,omitzero"`
	Knocks   []Knock  `json:"knocks,omitempty"` // new or changed, in order of coming
	Gone     []string `json:"gone,omitempty"`   // ids
}

// Knock is somebody who waits in the lobby.
type Knock struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	Identity      Identity   `json:"identity"`
	Connection    Connection `json:"connection"`
	Since         int64      `json:"since"`                  // milliseconds since 1970
	RemovedBefore bool       `json:"removedBefore,omitzero"` // was taken out of this meeting before
	// NearRemoved is true when somebody was taken out who came from the same network; that may be a whole school.
	NearRemoved bool `json:"nearRemoved,omitzero"`
}

// Admit lets people in.
type Admit struct {
	KnockIDs []string `json:"knockIds,omitempty"`
	Everyone bool     `json:"everyone,omitzero"` // who waits now
}

// Refuse turns people away; with Block they can't knock again.
type Refuse struct {
	KnockIDs []string `json:"knockIds,omitempty"`
	Everyone bool     `json:"everyone,omitzero"`
	Block    bool     `json:"block,omitzero"`
}
