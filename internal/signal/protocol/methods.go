package protocol

// Call pairs a request's parameters with its answer.
type Call[P, R any] struct {
	Params P
	Result R
}

// Requests tells the parameters and the answer of each request: field X belongs to the constant MethodX. No value
// of it is ever made; the TypeScript types come from it, and the server's table of handlers is tested against it.
type Requests struct {
	Peek            Call[Peek, Peeked]
	Join            Call[Join, Joined]
	Withdraw        Call[Empty, Empty]
	Check           Call[Check, Checking]
	Resume          Call[Resume, Resumed]
	Leave           Call[Empty, Empty]
	Rename          Call[Rename, Empty]
	Ping            Call[Empty, Empty]
	Connect         Call[Connect, Empty]
	RestartICE      Call[RestartICE, ICERestarted]
	Produce         Call[Produce, Produced]
	UpdateProducer  Call[UpdateProducer, Empty]
	PauseProducer   Call[ProducerRef, Empty]
	ResumeProducer  Call[ProducerRef, Empty]
	CloseProducer   Call[ProducerRef, Empty]
	Consume         Call[Consume, Consumed]
	ResumeConsumers Call[ConsumerRefs, Empty]
	CloseConsumers  Call[ConsumerRefs, Empty]
	View            Call[View, Empty]
	Downlink        Call[Empty, Downlink]

	Admit             Call[Admit, Empty]
	Refuse            Call[Refuse, Empty]
	StopMedia         Call[StopMedia, Empty]
	AskForMedia       Call[AskForMedia, Empty]
	RenameParticipant Call[RenameParticipant, Empty]
	SetRole           Call[SetRole, Empty]
	SetRights         Call[SetRights, Empty]
	Remove            Call[Remove, Empty]
	UpdateSettings    Call[SettingsChange, Empty]
	Panic             Call[Empty, Empty]
	Restore           Call[People, Empty]
	End               Call[Empty, Empty]
	ReadLog           Call[Empty, Log]
	ListBans          Call[Empty, Bans]
	LiftBan           Call[BanRef, Empty]
	SendChat          Call[SendChat, ChatSent]
	RetractChat       Call[ChatRef, Empty]
	ReadChat          Call[ReadChat, ChatPage]
	RaiseHand         Call[RaiseHand, Empty]
	LowerHands        Call[People, Empty]
	React             Call[React, Empty]
	Invite            Call[Invite, Invited]
	ListInvitations   Call[RoomRef, Invitations]
	RevokeInvitation  Call[RevokeInvitation, Empty]
	ListRooms         Call[Empty, Rooms]
	SaveRoom          Call[NamedRoom, Empty]
	DeleteRoom        Call[RoomRef, Empty]
}

// Notifications tells the parameters of each notification: field X belongs to the constant MethodX.
type Notifications struct {
	Hello            Hello
	Delta            Delta
	Speakers         Speakers
	Quality          Quality
	ConsumersClosed  ConsumerRefs
	ConsumersChanged ConsumersChanged
	ProducersWanted  ProducersWanted
	Closed           Closed

	Lobby         Lobby
	Knocks        Knocks
	You           You
	Asked         Asked
	Moderated     Moderated
	Chat          Chat
	ChatRetracted ChatRetracted
	Reactions     Reactions
}
