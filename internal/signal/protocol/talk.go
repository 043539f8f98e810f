package protocol

// SendChat writes to everybody, or to one.
type SendChat struct {
	Text    string `json:"text"`
	To      string `json:"to,omitempty"` // a participant's id; absent: everybody
	ReplyTo uint64 `json:"replyTo,omitzero"`
}

// ChatSent answers SendChat. The message itself comes to the sender as to everybody else.
type ChatSent struct {
	Number uint64 `json:"number"`
}

// ChatMessage is one message. Numbers grow, with gaps where a message is for others; the server sets the sender.
type ChatMessage struct {
	Number  uint64 `json:"number"`
	From    string `json:"from"` // a participant's id
	Name    string `json:"name"` // the sender's, when it was written
	To      string `json:"to,omitempty"`
	ToName  string `json:"toName,omitempty"`
	Text    string `json:"text"` // plain text: 1 to 2000 characters and line breaks; "" when it was taken back
	ReplyTo uint64 `json:"replyTo,omitzero"`
	At      int64  `json:"at"` // milliseconds since 1970
	// Retracted is true when the message was taken back.
	Retracted bool `json:"retracted,omitzero"`
}

// Chat brings new messages.
type Chat struct {
	Messages []ChatMessage `json:"messages"`
}

// ChatRef names a message.
type ChatRef struct {
	Number uint64 `json:"number"`
}

// ChatRetracted tells that messages were taken back, by their senders or by moderators.
type ChatRetracted struct {
	Numbers []uint64 `json:"numbers"`
}

// ReadChat asks for what was written: the oldest messages after a number, after a Join (0) or a Resume.
type ReadChat struct {
	After uint64 `json:"after"`
}

// ChatPage answers ReadChat.
type ChatPage struct {
	Messages []ChatMessage `json:"messages"`
	More     bool          `json:"more"` // ask again after the last one
}

// RaiseHand raises or lowers the own hand.
type RaiseHand struct {
	Raised bool `json:"raised"`
}

// Reaction is a sign that others see for a moment.
type Reaction string

// The reactions; there are no others.
const (
	ThumbsUp   Reaction = "thumbs-up"
	ThumbsDown Reaction = "thumbs-down"
	Applause   Reaction = "applause"
	Heart      Reaction = "heart"
	Laughter   Reaction = "laughter"
	Surprise   Reaction = "surprise"
	Party      Reaction = "party"
)

// React shows a reaction.
type React struct {
	Reaction Reaction `json:"reaction"`
}

// Reactions tells who reacted, the own ones too.
type Reactions struct {
	Reactions []ParticipantReaction `json:"reactions"`
}

// ParticipantReaction is one reaction.
type ParticipantReaction struct {
	ParticipantID string   `json:"participantId"`
	Reaction      Reaction `json:"reaction"`
}
