package testpeer

import (
	"maps"
	"slices"

	"stube/internal/signal/protocol"
)

// Room is what a peer knows of its room.
type Room struct {
	protocol.Snapshot
	Quality map[string]protocol.ConnectionLevel // by participant id
	Left    []protocol.Left                     // all who left since the peer joined
	Gaps    int                                 // deltas that didn't follow the one before; each is a fault
}

// Participant finds somebody by name.
func (r Room) Participant(name string) (protocol.Participant, bool) {
	i := slices.IndexFunc(r.Participants, func(p protocol.Participant) bool { return p.Name == name })
	if i < 0 {
		return protocol.Participant{}, false
	}
	return r.Participants[i], true
}

// Room copies what the peer knows of its room.
func (p *Peer) Room() Room {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.roster.room
	r.Participants = slices.Clone(r.Participants)
	r.Left = slices.Clone(r.Left)
	r.Quality = maps.Clone(r.Quality)
	return r
}

// roster follows a room from a snapshot by its deltas. The peer's lock guards it.
type roster struct {
	room  Room
	ready bool
	early []protocol.Delta // that came before the snapshot
}

// restart begins with a snapshot, and applies the deltas that overtook it.
func (r *roster) restart(s protocol.Snapshot) {
	r.room.Snapshot = s
	if r.room.Quality == nil {
		r.room.Quality = make(map[string]protocol.ConnectionLevel)
	}
	r.ready = true
	early := r.early
	r.early = nil
	for _, d := range early {
		if d.Sequence > s.Sequence {
			r.delta(d)
		}
	}
}

// delta applies one change.
func (r *roster) delta(d protocol.Delta) {
	if !r.ready {
		r.early = append(r.early, d)
		return
	}
	if d.Sequence != r.room.Sequence+1 {
		r.room.Gaps++
	}
	r.room.Sequence = d.Sequence
	for _, changed := range d.Participants {
		i := slices.IndexFunc(r.room.Participants, func(p protocol.Participant) bool { return p.ID == changed.ID })
		if i < 0 {
			r.room.Participants = append(r.room.Participants, changed)
		} else {
			r.room.Participants[i] = changed
		}
	}
	for _, left := range d.Left {
		r.room.Participants = slices.DeleteFunc(r.room.Participants, func(p protocol.Participant) bool {
			return p.ID == left.ParticipantID
		})
		delete(r.room.Quality, left.ParticipantID)
	}
	r.room.Left = append(r.room.Left, d.Left...)
}

func (r *roster) quality(q protocol.Quality) {
	if r.room.Quality == nil {
		r.room.Quality = make(map[string]protocol.ConnectionLevel)
	}
	for _, one := range q.Participants {
		r.room.Quality[one.ParticipantID] = one.Level
	}
}
