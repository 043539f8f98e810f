package room

import (
	"slices"

	"stube/internal/signal/protocol"
)

// setSpeakers notes who is heard, told by producers' ids.
func (s *state) setSpeakers(dominant string, speaking []string) {
	now := protocol.Speakers{Speaking: []string{}}
	if from := s.producers[dominant]; from != nil {
		now.Dominant = from.owner.id
	}
	for _, id := range speaking {
		from := s.producers[id]
		if from != nil && !slices.Contains(now.Speaking, from.owner.id) {
			now.Speaking = append(now.Speaking, from.owner.id)
		}
	}
	slices.Sort(now.Speaking)
	s.replaceSpeakers(now)
}

// quiet takes somebody who leaves, or whose microphone was stopped, from those who are heard.
func (s *state) quiet(p *participant) {
	now := protocol.Speakers{Dominant: s.speakers.Dominant, Speaking: []string{}}
	if now.Dominant == p.id {
		now.Dominant = ""
	}
	for _, id := range s.speakers.Speaking {
		if id != p.id {
			now.Speaking = append(now.Speaking, id)
		}
	}
	s.replaceSpeakers(now)
}

func (s *state) replaceSpeakers(now protocol.Speakers) {
	if now.Dominant != s.speakers.Dominant || !slices.Equal(now.Speaking, s.speakers.Speaking) {
		s.speakers = now
		s.news.speakers = true
	}
}

func (s *state) publishSpeakers() {
	if s.news.speakers {
		s.news.speakers = false
		s.tell(notify(protocol.MethodSpeakers, s.speakers))
	}
}
