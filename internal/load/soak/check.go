package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// check lets all stand still, with good networks, and compares what they know and receive with what was done. What
// isn't as it has to be is a fault.
func (m *room) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stillTimeout)
	defer cancel()
	if err := m.each(m.guests, func(g *guest) error { return g.standStill(ctx) }); err != nil {
		return err
	}
	want := m.expected()
	_ = m.each(m.guests, func(g *guest) error { g.checkRoster(ctx, want); return nil })
	_ = m.each(m.guests, func(g *guest) error { g.viewAll(ctx); return nil })
	if m.run.log.faulty() {
		return nil // and had its time; the rest would follow from that
	}
	_ = m.each(m.guests, func(g *guest) error { g.checkMedia(ctx); return nil })
	for _, g := range m.guests {
		m.run.checkPackets(g)
	}
	m.measurePause()
	return nil
}

// standStill undoes what keeps media away, and makes a change so that everybody consumes again what was closed.
func (g *guest) standStill(ctx context.Context) error {
	g.peer.SetUplink(testpeer.Loss{})
	g.peer.SetDownlink(testpeer.Loss{})
	if g.remb {
		g.peer.SetBandwidth(generous)
	}
	if t := g.tracks[protocol.Camera]; t != nil {
		for _, l := range layers() {
			t.video.SetActive(l.Rid, true)
		}
	}
	g.voice.SetLevel(talking, true)
	g.name = fmt.Sprintf("%s.%d stands still", g.seat, g.visits)
	return g.peer.Rename(ctx, g.name)
}

// talking is the level of a voice, in -dBov.
const talking = 30

// expected describes all who are in the room and what they send, by id.
func (m *room) expected() string {
	var all []string
	for _, g := range m.guests {
		var sent []string
		for source, t := range g.tracks {
			sent = append(sent, describe(t.ProducerID(), source, t.paused))
		}
		slices.Sort(sent)
		all = append(all, g.peer.ID()+" "+g.name+" connected "+strings.Join(sent, ", "))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// known describes the same as a guest was told it.
func (g *guest) known() string {
	var all []string
	for _, p := range g.peer.Room().Participants {
		var sent []string
		for _, producer := range p.Producers {
			sent = append(sent, describe(producer.ID, producer.Source, producer.Paused))
		}
		slices.Sort(sent)
		all = append(all, p.ID+" "+p.Name+" "+string(p.Connection)+" "+strings.Join(sent, ", "))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func describe(id string, source protocol.Source, paused bool) string {
	if paused {
		return fmt.Sprintf("%s %s paused", source, id)
	}
	return fmt.Sprintf("%s %s", source, id)
}

// checkRoster waits until a guest knows the room as it is.
func (g *guest) checkRoster(ctx context.Context, want string) {
	if g.peer.Until(ctx, func() bool { return g.known() == want }) != nil {
		g.room.run.log.fault("%s knows the room as\n%s\nand it is\n%s", g, g.known(), want)
	}
	if gaps := g.peer.Room().Gaps; gaps != 0 {
		g.room.run.log.fault("%s was told %d deltas that didn't follow the one before", g, gaps)
	}
}

// viewAll shows all videos of the others, once they are consumed.
func (g *guest) viewAll(ctx context.Context) {
	for _, other := range g.room.guests {
		for source, t := range other.tracks {
			if other == g || g.slots && source == protocol.Microphone {
				continue
			}
			if g.peer.Until(ctx, func() bool { return g.peer.Consumer(t.ProducerID()) != nil }) != nil {
				g.room.run.log.fault("%s doesn't receive the %s of %s", g, source, other)
			}
		}
	}
	var items []protocol.ViewItem
	for _, c := range g.peer.Consumers() {
		if c.Kind() == ortc.Video {
			size := protocol.Size{Width: 320, Height: 180}
			items = append(items, protocol.ViewItem{ConsumerID: c.ID(), Size: size, Priority: protocol.PriorityTile})
		}
	}
	if err := g.peer.View(ctx, items...); err != nil {
		g.room.run.log.fault("%s cannot look at %d videos: %v", g, len(items), err)
	}
}

// heard is how much a guest received of a track before.
type heard struct {
	of     *guest
	source protocol.Source
	from   *testpeer.Consumer
	paused bool
	before testpeer.ConsumerStats
}

// checkMedia waits until more came of everything that is sent and not paused. Of what is paused nothing may come.
func (g *guest) checkMedia(ctx context.Context) {
	all, voices := g.listen()
	slotted := g.slotPackets()
	for _, h := range all {
		if h.paused {
			continue
		}
		const more = 3
		came := func() bool {
			now := h.from.Stats()
			if h.from.Kind() == ortc.Video {
				return now.Frames >= h.before.Frames+more
			}
			return now.Packets >= h.before.Packets+more
		}
		if g.peer.Until(ctx, came) != nil {
			now := h.from.Stats()
			g.room.run.log.fault("%s gets nothing of the %s of %s: %d packets and %d frames, before %d and %d; layer %+v",
				g, h.source, h.of, now.Packets, now.Frames, h.before.Packets, h.before.Frames, h.from.State())
		}
	}
	if g.slots && voices > 0 && g.peer.Until(ctx, func() bool { return g.slotPackets() > slotted }) != nil {
		g.room.run.log.fault("%s hears nobody through the audio slots, and %d speak", g, voices)
	}
	for _, h := range all {
		if now := h.from.Stats(); h.paused && now.Packets > h.before.Packets {
			g.room.run.log.fault("%s gets %d packets of the %s of %s, which is paused",
				g, now.Packets-h.before.Packets, h.source, h.of)
		}
	}
}

// listen notes how much came so far of what the others send, and counts the voices among it.
func (g *guest) listen() (all []heard, voices int) {
	for _, other := range g.room.guests {
		if other == g {
			continue
		}
		for source, t := range other.tracks {
			if source == protocol.Microphone && !t.paused {
				voices++
			}
			if c := g.peer.Consumer(t.ProducerID()); c != nil {
				all = append(all, heard{other, source, c, t.paused, c.Stats()})
			}
		}
	}
	return all, voices
}

// slotPackets is what came of all sound.
func (g *guest) slotPackets() (sum uint64) {
	for _, c := range g.peer.Consumers() {
		if c.Kind() == ortc.Audio {
			sum += c.Stats().Packets
		}
	}
	return sum
}

// checkPackets looks at all that came: each packet has to be what was sent, and what residents get of each other, whose
// networks lose nothing, a decoder has to take. (Of a visitor it may get a frame without an end before a key frame,
// when that mutes, or sends other layers, or what it sent was lost.)
func (r *run) checkPackets(g *guest) {
	stats := g.peer.Stats()
	if total := stats.Total(); total.Corrupt+total.Unmarked+stats.Stray.Malformed != 0 {
		r.log.fault("%s got %d corrupt and %d foreign packets, and %d malformed reports", g, total.Corrupt,
			total.Unmarked, stats.Stray.Malformed)
	}
	for _, other := range g.room.guests {
		for source, t := range other.tracks {
			c := g.peer.Consumer(t.ProducerID())
			if c == nil || !g.resident || !other.resident {
				continue
			}
			s := c.Stats()
			if s.Broken+s.PictureJumps != 0 {
				r.log.fault("%s got the %s of %s with %d broken frames and %d jumps of pictures", g, source, other,
					s.Broken, s.PictureJumps)
			}
			r.log.jumped(s.TimestampJumps)
		}
	}
}

// measurePause finds the longest time in which a resident got no sound of another.
func (m *room) measurePause() {
	m.pause = 0
	for _, g := range m.guests {
		for _, other := range m.guests {
			t := other.tracks[protocol.Microphone]
			if !g.resident || !other.resident || other == g || t == nil {
				continue
			}
			if c := g.peer.Consumer(t.ProducerID()); c != nil {
				m.pause = max(m.pause, c.Stats().Pause)
			}
		}
	}
}
