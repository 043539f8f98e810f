package protocol

// Quality tells how well participants are connected, for those whose quality changed.
type Quality struct {
	Participants []ParticipantQuality `json:"participants"`
}

// Downlink answers what the server knows of its way to a client, from the client's own feedback.
type Downlink struct {
	// Estimate is what the way carries besides sound, in bit/s; absent as long as nothing has shown it.
	Estimate  int64   `json:"estimate,omitzero"`
	Loss      float64 `json:"loss"`      // share of the video packets, 0 to 1, of about the last second
	RoundTrip int64   `json:"roundTrip"` // ms; 0: not known
	Queue     int64   `json:"queue"`     // ms by which packets come later than they could
}

// ParticipantQuality is the quality of one participant's connection, the worse of both directions.
type ParticipantQuality struct {
	ParticipantID string          `json:"participantId"`
	Level         ConnectionLevel `json:"level"`
}

// ConnectionLevel is a coarse measure of a connection.
type ConnectionLevel string

// The levels.
const (
	ConnectionGood ConnectionLevel = "good"
	ConnectionFair ConnectionLevel = "fair"
	ConnectionPoor ConnectionLevel = "poor"
	ConnectionLost ConnectionLevel = "lost" // no media path at all
)
