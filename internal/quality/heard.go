package quality

import (
	"slices"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// Media is what somebody received of sound, or of pictures.
type Media struct {
	Packets   uint64
	Lost      int64 // never came
	Late      uint64
	Recovered uint64 // came by retransmission
	Asked     uint64 // for packets again
	Redundant uint64 // came by retransmission without being missed
	Frames    uint64
	Freezes   uint64
	Frozen    time.Duration
	Broken    uint64        // what a decoder would have stumbled over
	Pause     time.Duration // the longest between two packets of a stream
	Heights   []int         // of the pictures at the end
}

// Missing is the share of packets that weren't there when they were to be played.
func (m Media) Missing() float64 {
	if m.Packets == 0 {
		return 1
	}
	return float64(max(m.Lost, 0)+int64(m.Late)) / float64(int64(m.Packets)+max(m.Lost, 0))
}

// since is what was counted after an earlier count.
func (m Media) since(earlier Media) Media {
	m.Packets -= earlier.Packets
	m.Lost -= earlier.Lost
	m.Late -= earlier.Late
	m.Recovered -= earlier.Recovered
	m.Asked -= earlier.Asked
	m.Redundant -= earlier.Redundant
	m.Frames -= earlier.Frames
	m.Freezes -= earlier.Freezes
	m.Frozen -= earlier.Frozen
	m.Broken -= earlier.Broken
	return m
}

// Received is what somebody received.
type Received struct {
	Sound, Picture Media
}

func (r Received) since(earlier Received) Received {
	return Received{Sound: r.Sound.since(earlier.Sound), Picture: r.Picture.since(earlier.Picture)}
}

// received counts what somebody received so far.
func (p person) received() (r Received) {
	for _, c := range p.Consumers() {
		r.add(c)
	}
	return r
}

// receivedFrom counts what people received so far from one participant, and what from all the rest.
func receivedFrom(id string, people []person) (one, rest Received) {
	for _, p := range people {
		room := p.Room()
		i := slices.IndexFunc(room.Participants, func(q protocol.Participant) bool { return q.ID == id })
		for _, c := range p.Consumers() {
			of := func(t protocol.Producer) bool { return t.ID == c.ProducerID() }
			if i >= 0 && slices.ContainsFunc(room.Participants[i].Producers, of) {
				one.add(c)
			} else {
				rest.add(c)
			}
		}
	}
	return one, rest
}

// add counts what came for a consumer.
func (r *Received) add(c *testpeer.Consumer) {
	s := c.Stats()
	m := &r.Sound
	if video(c) {
		m = &r.Picture
		m.Heights = append(m.Heights, s.Height)
	}
	m.Packets += s.Packets
	m.Lost += s.Lost
	m.Late += s.Late
	m.Recovered += s.Recovered
	m.Asked += s.Asked
	m.Redundant += s.Redundant
	m.Frames += s.Frames
	m.Freezes += s.Freezes
	m.Frozen += s.Frozen
	m.Broken += s.Corrupt + s.Broken + s.PictureJumps + s.TimestampJumps
	if s.Packets > 0 {
		m.Pause = max(m.Pause, s.Pause)
	}
}

// resetPauses begins to measure pauses anew.
func (p person) resetPauses() {
	for _, c := range p.Consumers() {
		c.ResetPause()
	}
}

func video(c *testpeer.Consumer) bool { return c.Kind() == ortc.Video }
