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
	// ResumeSeconds is how long a participant whose socket dropped can resume.
	ResumeSeconds = 30
)
