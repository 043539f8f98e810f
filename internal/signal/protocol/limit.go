package protocol

// Limits that both ends know.
const (
	// MaxMessage is the longest message that the server reads, in bytes.
	MaxMessage = 65536
	// MaxName is the longest name of a participant, in Unicode code points.
	MaxName = 64
	// MaxRoomName is the longest name of a room, in Unicode code points.
	MaxRoomName = 100
	// MaxGroup is the longest name of a group of producers, in ASCII characters.
	MaxGroup = 64
	// MaxScreens is the number of screens, and of screens' sounds, that a participant can share at once.
	MaxScreens = 3
	// MaxList is the longest list in a message.
	MaxList = 2048
	// MaxText is the longest text in a message, in bytes.
	MaxText = 4096
	// MaxTitle is the longest title of a meeting, in Unicode code points.
	MaxTitle = 120
	// MaxChat is the longest chat message, in Unicode code points; its bytes are bounded by MaxText.
	MaxChat = 2000
	// MaxChatPage is how many messages an answer to chat.read has at most.
	MaxChatPage = 100
	// MaxChatHistory is how many messages of the chat a room remembers.
	MaxChatHistory = 500
	// MaxPassword is the longest password of a room, in bytes.
	MaxPassword = 128
	// MaxSecret is the longest secret of a link or a place in the lobby, in bytes.
	MaxSecret = 128
	// MaxToken is the longest token of another system, in bytes.
	MaxToken = 4096
	// MaxWaiting is how many can wait in a lobby.
	MaxWaiting = 500
	// MaxLog is how many entries the log of a meeting keeps; the oldest go first.
	MaxLog = 1000
	// MaxInvitations is how many invitations of one room there can be.
	MaxInvitations = 500
	// MaxRooms is how many named rooms an account can have.
	MaxRooms = 100
	// MaxBans is how many people can be banned from one room.
	MaxBans = 500
	// MaxMinutes is the longest time that a meeting can be limited to.
	MaxMinutes = 1440
	// LobbySeconds is how long a place in the lobby is kept without a connection, and after its holder was admitted.
	LobbySeconds = 60
	// ResumeSeconds is how long a participant whose socket dropped can resume.
	ResumeSeconds = 30
)
