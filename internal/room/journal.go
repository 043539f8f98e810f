package room

import (
	"time"

	"stube/internal/signal/protocol"
)

// journal is what hosts and moderators did in a meeting. It lives and ends with the meeting, in memory
// (criterion 35).
type journal struct {
	entries []protocol.LogEntry
	dropped uint64
}

// note writes an act into the journal; by is nil for what happened by itself.
func (s *state) note(action protocol.Action, by *participant, whom, detail string) {
	j := &s.meeting.journal
	entry := protocol.LogEntry{At: time.Now().UnixMilli(), Action: action, Whom: whom, Detail: detail}
	if by != nil {
		entry.By = by.name
	}
	if len(j.entries) >= protocol.MaxLog {
		j.entries = append(j.entries[:0], j.entries[1:]...)
		j.dropped++
	}
	j.entries = append(j.entries, entry)
}

// Log gives the journal.
func (x *Session) Log() (protocol.Log, error) {
	return within(x, protocol.MethodReadLog, func(s *state, _ *participant) (protocol.Log, error) {
		j := s.meeting.journal
		return protocol.Log{Entries: append([]protocol.LogEntry{}, j.entries...), Dropped: j.dropped}, nil
	})
}
