package room

import (
	"slices"
	"strings"

	"stube/internal/ortc"
	"stube/internal/room/rights"
	"stube/internal/signal/protocol"
)

// producer is a track that a participant sends.
type producer struct {
	owner  *participant
	track  Producer
	public protocol.Producer      // what others see; replaced, its Size never changed in place
	wish   *protocol.ProducerWish // what others want of it; nil: all
}

// sourceRule tells what a source is and how many of it somebody may show.
type sourceRule struct {
	kind  ortc.MediaKind
	limit int
}

func ruleFor(source protocol.Source) (sourceRule, bool) {
	switch source {
	case protocol.Microphone:
		return sourceRule{ortc.Audio, 1}, true
	case protocol.Camera:
		return sourceRule{ortc.Video, 1}, true
	case protocol.Screen:
		return sourceRule{ortc.Video, protocol.MaxScreens}, true
	case protocol.ScreenAudio:
		return sourceRule{ortc.Audio, protocol.MaxScreens}, true
	}
	return sourceRule{}, false
}

func (s *state) produce(p *participant, want protocol.Produce) (protocol.Produced, error) {
	if err := p.mayProduce(want); err != nil {
		return protocol.Produced{}, err
	}
	if err := s.maySend(p, want.Source); err != nil {
		return protocol.Produced{}, err
	}
	config := ProducerConfig{
		Kind: want.Kind, Parameters: want.RTPParameters, Paused: want.Paused, Voice: want.Source == protocol.Microphone,
	}
	if want.Size != nil {
		config.Size = *want.Size
	}
	track, err := p.sender.Produce(config)
	if err != nil {
		return protocol.Produced{}, mediaError("produce", err)
	}
	made := &producer{owner: p, track: track, public: protocol.Producer{
		ID: track.ID(), Kind: want.Kind, Source: want.Source, Paused: want.Paused, Size: want.Size, Group: want.Group,
	}}
	p.producers = append(p.producers, made)
	s.producers[made.public.ID] = made
	s.touch(p)
	return protocol.Produced{ProducerID: made.public.ID}, nil
}

// maySend checks that a participant has the right to show a source.
func (s *state) maySend(p *participant, source protocol.Source) error {
	right, known := rights.ForSource(source)
	if !known {
		return refuse(protocol.ErrInvalidParams, "source is not known")
	}
	return s.meets(p, rights.Need{Right: right})
}

// mayProduce checks a wish for a new producer against the rules and the limits.
func (p *participant) mayProduce(want protocol.Produce) error {
	if want.TransportID != p.sender.Description().ID {
		return refuse(protocol.ErrNotFound, "participant has no such transport for sending")
	}
	rule, known := ruleFor(want.Source)
	switch {
	case !known || rule.kind != want.Kind:
		return refuse(protocol.ErrInvalidParams, "source and kind do not fit")
	case want.Size != nil && want.Kind != ortc.Video:
		return refuse(protocol.ErrInvalidParams, "sound has no size")
	case len(want.Group) > protocol.MaxGroup || strings.ContainsFunc(want.Group, notPrintable):
		return refuse(protocol.ErrInvalidParams, "group breaks the rules")
	}
	count := 0
	for _, other := range p.producers {
		if other.public.Source == want.Source {
			count++
		}
	}
	if count >= rule.limit {
		return refuse(protocol.ErrTooManyTracks, "participant has %d producers of this source", count)
	}
	return nil
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }

// own finds one of the participant's own producers.
func (p *participant) own(id string) (*producer, error) {
	i := slices.IndexFunc(p.producers, func(o *producer) bool { return o.public.ID == id })
	if i < 0 {
		return nil, refuse(protocol.ErrNotFound, "participant has no such producer")
	}
	return p.producers[i], nil
}

func (s *state) resizeProducer(p *participant, id string, size protocol.Size) error {
	o, err := p.own(id)
	if err != nil {
		return err
	}
	if o.public.Kind != ortc.Video {
		return refuse(protocol.ErrInvalidParams, "sound has no size")
	}
	o.track.SetSize(int(size.Width), int(size.Height))
	o.public.Size = &size
	s.touch(p)
	return nil
}

func (s *state) pauseProducer(p *participant, id string, paused bool) error {
	o, err := p.own(id)
	if err != nil {
		return err
	}
	if o.public.Paused == paused {
		return nil
	}
	if paused {
		o.track.Pause()
	} else {
		if err := s.maySend(p, o.public.Source); err != nil {
			return err
		}
		o.track.Resume()
	}
	o.public.Paused = paused
	s.touch(p)
	return nil
}

func (s *state) closeProducer(p *participant, id string) error {
	o, err := p.own(id)
	if err != nil {
		return err
	}
	s.drop(o)
	return nil
}

// drop ends a producer.
func (s *state) drop(o *producer) {
	p := o.owner
	p.producers = slices.DeleteFunc(p.producers, func(other *producer) bool { return other == o })
	delete(s.producers, o.public.ID)
	o.track.Close()
	s.touch(p)
}

// wished passes on which layers are of use, and keeps it for a connection that resumes.
func (p *participant) wished(wishes []protocol.ProducerWish) {
	wishes = slices.DeleteFunc(wishes, func(now protocol.ProducerWish) bool {
		o, err := p.own(now.ProducerID)
		if err != nil {
			return true
		}
		o.wish = &now
		return false
	})
	if len(wishes) > 0 {
		p.send(notify(protocol.MethodProducersWanted, protocol.ProducersWanted{Producers: wishes}))
	}
}

// tellWishes tells a connection that resumes which layers are of use.
func (p *participant) tellWishes() {
	var wishes []protocol.ProducerWish
	for _, o := range p.producers {
		if o.wish != nil {
			wishes = append(wishes, *o.wish)
		}
	}
	if len(wishes) > 0 {
		p.send(notify(protocol.MethodProducersWanted, protocol.ProducersWanted{Producers: wishes}))
	}
}
