package room

import (
	"slices"
	"time"

	"stube/internal/signal/protocol"
)

// publishInterval is how often a busy room tells what changed; a quiet one tells at once.
const publishInterval = 40 * time.Millisecond

// news are the changes that the participants have not been told of yet.
type news struct {
	sequence  uint64 // of the last delta
	last      time.Time
	changed   []*participant // each once, in the order of their first change
	left      []protocol.Left
	speakers  bool
	qualities []*participant
	ended     []*participant // those whose consumers ended
	settings  bool
	condition bool
	lobby     lobbyNews
	reactions []protocol.ParticipantReaction
}

func (n *news) empty() bool {
	return !n.delta() && !n.speakers && len(n.qualities) == 0 && len(n.ended) == 0 && len(n.lobby.changed) == 0 &&
		len(n.lobby.gone) == 0 && len(n.reactions) == 0
}

// delta tells whether something changed that is told in numbered deltas.
func (n *news) delta() bool {
	return len(n.changed) > 0 || len(n.left) > 0 || n.settings || n.condition
}

// touch notes that the others see p in a new way.
func (s *state) touch(p *participant) {
	if !p.changed {
		p.changed = true
		s.news.changed = append(s.news.changed, p)
	}
}

// publish tells the participants what changed, unless it did so less than an interval ago: then it tells how long
// to wait.
func (s *state) publish(now time.Time) (wait time.Duration, waiting bool) {
	n := &s.news
	if n.empty() {
		return 0, false
	}
	if wait = publishInterval - now.Sub(n.last); wait > 0 {
		return wait, true
	}
	n.last = now
	s.publishDelta()
	s.publishSpeakers()
	s.publishQualities()
	s.publishEnded()
	s.publishKnocks()
	s.publishReactions()
	return 0, false
}

func (s *state) publishDelta() {
	n := &s.news
	if !n.delta() {
		return
	}
	n.sequence++
	delta := protocol.Delta{Sequence: n.sequence, Left: n.left}
	if m := s.meeting; m != nil {
		if n.settings {
			settings := m.settings
			delta.Settings = &settings
		}
		if n.condition {
			condition := m.condition
			delta.Condition = &condition
		}
	}
	n.settings, n.condition = false, false
	for _, p := range n.changed {
		if p.inside {
			delta.Participants = append(delta.Participants, p.public())
		}
		p.changed = false
	}
	n.left = nil
	clear(n.changed)
	n.changed = n.changed[:0]
	s.tell(notify(protocol.MethodDelta, delta))
}

// tell sends one notification to everybody.
func (s *state) tell(n *Notification) {
	for _, p := range s.participants {
		p.send(n)
	}
}

// snapshot is the room as it stands. The next delta may tell again what it already shows.
func (s *state) snapshot() protocol.Snapshot {
	snapshot := protocol.Snapshot{
		Sequence: s.news.sequence, Room: s.room.name.display, Settings: s.meeting.settings,
		Condition: s.meeting.condition, Speakers: s.speakers,
		Participants: make([]protocol.Participant, len(s.participants)),
	}
	for i, p := range s.participants {
		snapshot.Participants[i] = p.public()
	}
	return snapshot
}

// participant finds a participant by id; nil when there is none.
func (s *state) participant(id string) *participant {
	i := slices.IndexFunc(s.participants, func(p *participant) bool { return p.id == id })
	if i < 0 {
		return nil
	}
	return s.participants[i]
}
