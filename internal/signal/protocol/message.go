// Package protocol is the signalling protocol of Stube, "stube.v1", as Go types: JSON-RPC 2.0 over one WebSocket
// (docs/protocol.md). These structs are its only source: the page's TypeScript types are generated from them, and
// the examples of the documentation are decoded with them.
//
// It holds shapes and their limits only; it must not know connections, rooms or media.
package protocol

import "stube/internal/ortc"

// Subprotocol is the WebSocket subprotocol that both ends must name.
const Subprotocol = "stube.v1"

// Method is the name of a JSON-RPC method.
type Method string

// Requests: the client asks, the server answers.
const (
	MethodPeek            Method = "peek"
	MethodJoin            Method = "join"
	MethodCheck           Method = "check"
	MethodWithdraw        Method = "lobby.withdraw"
	MethodResume          Method = "resume"
	MethodLeave           Method = "leave"
	MethodRename          Method = "rename"
	MethodPing            Method = "ping"
	MethodConnect         Method = "transport.connect"
	MethodRestartICE      Method = "transport.restartIce"
	MethodProduce         Method = "produce"
	MethodUpdateProducer  Method = "producer.update"
	MethodPauseProducer   Method = "producer.pause"
	MethodResumeProducer  Method = "producer.resume"
	MethodCloseProducer   Method = "producer.close"
	MethodConsume         Method = "consume"
	MethodResumeConsumers Method = "consumers.resume"
	MethodCloseConsumers  Method = "consumers.close"
	MethodView            Method = "view"
	MethodDownlink        Method = "downlink"

	MethodAdmit             Method = "lobby.admit"
	MethodRefuse            Method = "lobby.refuse"
	MethodStopMedia         Method = "media.stop"
	MethodAskForMedia       Method = "media.ask"
	MethodRenameParticipant Method = "participant.rename"
	MethodSetRole           Method = "participant.role"
	MethodSetRights         Method = "participant.rights"
	MethodRemove            Method = "participant.remove"
	MethodUpdateSettings    Method = "settings.update"
	MethodPanic             Method = "meeting.panic"
	MethodRestore           Method = "meeting.restore"
	MethodEnd               Method = "meeting.end"
	MethodReadLog           Method = "log.read"
	MethodListBans          Method = "bans.list"
	MethodLiftBan           Method = "bans.lift"
	MethodSendChat          Method = "chat.send"
	MethodRetractChat       Method = "chat.retract"
	MethodReadChat          Method = "chat.read"
	MethodRaiseHand         Method = "hand.raise"
	MethodLowerHands        Method = "hand.lower"
	MethodReact             Method = "react"
	MethodInvite            Method = "invitations.create"
	MethodListInvitations   Method = "invitations.list"
	MethodRevokeInvitation  Method = "invitations.revoke"
	MethodListRooms         Method = "rooms.list"
	MethodSaveRoom          Method = "rooms.save"
	MethodDeleteRoom        Method = "rooms.delete"
)

// Notifications: the server tells, nobody answers.
const (
	MethodHello            Method = "hello"
	MethodDelta            Method = "delta"
	MethodSpeakers         Method = "speakers"
	MethodQuality          Method = "quality"
	MethodConsumersClosed  Method = "consumers.closed"
	MethodConsumersChanged Method = "consumers.changed"
	MethodProducersWanted  Method = "producers.wanted"
	MethodClosed           Method = "closed"

	MethodLobby         Method = "lobby"
	MethodKnocks        Method = "knocks"
	MethodYou           Method = "you"
	MethodAsked         Method = "asked"
	MethodModerated     Method = "moderated"
	MethodChat          Method = "chat"
	MethodChatRetracted Method = "chat.retracted"
	MethodReactions     Method = "reactions"
)

// Hello is the first message on every connection, before anything was asked, so that a page can load its media
// engine while the person still types a name.
type Hello struct {
	Version         string               `json:"version"`
	RTPCapabilities ortc.RTPCapabilities `json:"rtpCapabilities"`
}

// Join enters a room, or asks to be let in: then it fails with ErrWaiting, a Lobby notification follows, and it is
// asked again with the ticket once that tells that this person is admitted.
type Join struct {
	Room            string               `json:"room"`
	Name            string               `json:"name"` // not heeded together with Knock: who was let in keeps the name
	RTPCapabilities ortc.RTPCapabilities `json:"rtpCapabilities"`
	Invite          string               `json:"invite,omitempty"`   // the secret of a link
	Password        string               `json:"password,omitempty"` // after ErrPasswordRequired
	Token           string               `json:"token,omitempty"`    // of another system, a JWT
	Knock           string               `json:"knock,omitempty"`    // the ticket of a place in the lobby
}

// Joined answers Join.
type Joined struct {
	ParticipantID string    `json:"participantId"`
	Ticket        string    `json:"ticket"` // a secret: lets this participant resume after a dropped socket
	You           You       `json:"you"`
	Snapshot      Snapshot  `json:"snapshot"`
	Send          Transport `json:"send"`
	Receive       Transport `json:"receive"`
	// AudioSlots are producers of nobody's own: each carries one voice after the other, so that a few consumers bring
	// everybody who speaks, however many microphones there are. They last until the client joins anew.
	AudioSlots []string `json:"audioSlots"`
}

// Check begins a try of the way to the server before joining: a room of one's own for 20 seconds, in which the client
// may consume what it produces itself.
type Check struct {
	RTPCapabilities ortc.RTPCapabilities `json:"rtpCapabilities"`
}

// Checking answers Check. The other methods for media then work as in a meeting, until the client leaves.
type Checking struct {
	Send    Transport `json:"send"`
	Receive Transport `json:"receive"`
}

// Resume takes up a participant whose socket dropped less than 30 seconds ago. The media transports, producers
// and consumers live on; what the client holds beyond the answer's lists is gone.
type Resume struct {
	Room   string `json:"room"`
	Ticket string `json:"ticket"`
}

// Resumed answers Resume.
type Resumed struct {
	ParticipantID string   `json:"participantId"`
	You           You      `json:"you"`
	Snapshot      Snapshot `json:"snapshot"`
	ConsumerIDs   []string `json:"consumerIds"` // those that live on
}

// Rename changes the name under which the others see this participant.
type Rename struct {
	Name string `json:"name"`
}

// Empty is the parameter or answer of a method that has none.
type Empty struct{}

// Transport is what mediasoup-client needs to make a send or receive transport.
type Transport struct {
	ID             string              `json:"id"`
	ICEParameters  ortc.ICEParameters  `json:"iceParameters"`
	ICECandidates  []ortc.ICECandidate `json:"iceCandidates"`
	DTLSParameters ortc.DTLSParameters `json:"dtlsParameters"`
}

// Connect gives the client's certificate fingerprints to a transport.
type Connect struct {
	TransportID    string              `json:"transportId"`
	DTLSParameters ortc.DTLSParameters `json:"dtlsParameters"`
}

// RestartICE asks for fresh credentials after the client's network changed.
type RestartICE struct {
	TransportID string `json:"transportId"`
}

// ICERestarted answers RestartICE.
type ICERestarted struct {
	ICEParameters ortc.ICEParameters `json:"iceParameters"`
}

// Source tells what a producer shows.
type Source string

// The sources. A participant has at most one producer of each, but may show several screens.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen-audio"
)

// Produce starts to send a track.
type Produce struct {
	TransportID   string             `json:"transportId"`
	Kind          ortc.MediaKind     `json:"kind"`
	Source        Source             `json:"source"`
	Paused        bool               `json:"paused,omitzero"`
	RTPParameters ortc.RTPParameters `json:"rtpParameters"`
	Size          *Size              `json:"size,omitempty"`  // of the largest layer, for video
	Group         string             `json:"group,omitempty"` // ties a screen to its sound: the client's choice
}

// Size is a picture's size in pixels.
type Size struct {
	Width  uint16 `json:"width"`
	Height uint16 `json:"height"`
}

// Produced answers Produce.
type Produced struct {
	ProducerID string `json:"producerId"`
}

// ProducerRef names one of the participant's own producers.
type ProducerRef struct {
	ProducerID string `json:"producerId"`
}

// UpdateProducer tells the new size of a video producer, after a change of camera or of what a screen shows.
type UpdateProducer struct {
	ProducerID string `json:"producerId"`
	Size       Size   `json:"size"`
}

// Consume asks for tracks of others, many at once. Video that is to start while the client is still preparing is
// asked for with Paused, then resumed, so that its key frame is not lost.
type Consume struct {
	ProducerIDs []string `json:"producerIds"`
	Paused      bool     `json:"paused,omitzero"`
}

// Consumed answers Consume: the consumers made, in the order asked for. A producer that is gone or that this
// participant cannot decode is left out.
type Consumed struct {
	Consumers []Consumer `json:"consumers"`
}

// Consumer is a track that this participant receives.
type Consumer struct {
	ID            string             `json:"id"`
	ProducerID    string             `json:"producerId"`
	Kind          ortc.MediaKind     `json:"kind"`
	RTPParameters ortc.RTPParameters `json:"rtpParameters"`
}

// ConsumerRefs names consumers of this participant.
type ConsumerRefs struct {
	ConsumerIDs []string `json:"consumerIds"`
}

// View tells all that the page shows of video, and how large. Video consumers that are not listed are not sent.
// Before the first View nothing but audio is sent.
type View struct {
	Items []ViewItem `json:"items"`
}

// Priority tells how much a shown video matters when the network cannot carry all.
type Priority string

// The priorities, the most important first.
const (
	PriorityStage   Priority = "stage"   // a shared screen or a pinned tile
	PrioritySpeaker Priority = "speaker" // who speaks
	PriorityTile    Priority = "tile"    // everybody else
)

// ViewItem is one shown video: its size on the screen in device pixels.
type ViewItem struct {
	ConsumerID string   `json:"consumerId"`
	Size       Size     `json:"size"`
	Priority   Priority `json:"priority"`
}

// Snapshot is a room as it stands after the delta of the same number.
type Snapshot struct {
	Sequence     uint64        `json:"sequence"`
	Room         string        `json:"room"`
	Settings     Settings      `json:"settings"`
	Condition    Condition     `json:"condition"`
	Participants []Participant `json:"participants"` // everyone, this participant included, in order of joining
	Speakers     Speakers      `json:"speakers"`
}

// Delta is one numbered change of a room; numbers have no gaps. What does not change is absent.
type Delta struct {
	Sequence     uint64        `json:"sequence"`
	Settings     *Settings     `json:"settings,omitempty"`     // complete
	Condition    *Condition    `json:"condition,omitempty"`    // complete
	Participants []Participant `json:"participants,omitempty"` // new or changed, each complete
	Left         []Left        `json:"left,omitempty"`
}

// Left tells who left and why.
type Left struct {
	ParticipantID string      `json:"participantId"`
	Reason        LeaveReason `json:"reason"`
}

// LeaveReason tells why somebody left.
type LeaveReason string

// The reasons.
const (
	LeftByChoice  LeaveReason = "left"
	LeftByTimeout LeaveReason = "timeout"
	LeftByRemoval LeaveReason = "removed"
)

// Connection tells whether a participant's socket is there.
type Connection string

// The states of a participant's connection.
const (
	Connected    Connection = "connected"
	Reconnecting Connection = "reconnecting"
)

// Participant is somebody in the room.
type Participant struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Connection Connection `json:"connection"`
	Role       Role       `json:"role"`
	Identity   Identity   `json:"identity"`
	Hand       uint64     `json:"hand,omitzero"`     // raised: the lowest number was first
	Allowed    []Right    `json:"allowed,omitempty"` // beyond what the role gives
	Denied     []Right    `json:"denied,omitempty"`  // of what the role gives
	Halted     bool       `json:"halted,omitzero"`   // by the panic button, and not brought back yet
	Producers  []Producer `json:"producers"`
}

// Producer is a track that a participant sends.
type Producer struct {
	ID     string         `json:"id"`
	Kind   ortc.MediaKind `json:"kind"`
	Source Source         `json:"source"`
	Paused bool           `json:"paused"`
	Size   *Size          `json:"size,omitempty"`
	Group  string         `json:"group,omitempty"`
}

// Speakers tells who is heard. It is sent when it changes and is not numbered: the newest one counts.
type Speakers struct {
	Dominant string   `json:"dominant,omitempty"` // a participant's id
	Speaking []string `json:"speaking"`
}

// ConsumersChanged tells which layer consumers now carry.
type ConsumersChanged struct {
	Consumers []ConsumerState `json:"consumers"`
}

// ConsumerState is what a video consumer carries now.
type ConsumerState struct {
	ConsumerID string `json:"consumerId"`
	Layer      int    `json:"layer"` // 0 is the smallest; -1 when nothing is sent
	// Limited is true when less is sent than the view would take, because the network does not carry it.
	Limited bool `json:"limited"`
}

// ProducersWanted tells a participant which layers of what it sends are of use to anybody. At first all are.
type ProducersWanted struct {
	Producers []ProducerWish `json:"producers"`
}

// ProducerWish is what others want of a video.
type ProducerWish struct {
	ProducerID string `json:"producerId"`
	Layer      int    `json:"layer"` // the highest of use, 0 the smallest; -1 when nobody shows it
}

// Closed is the last message of a connection that the server ends.
type Closed struct {
	Reason ErrorCode `json:"reason"`
}
