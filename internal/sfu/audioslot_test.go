package sfu

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

const (
	spoken = 25  // the level of speech
	noise  = 100 // the level of a room
)

// microphones are the voices of a room, and a listener who consumes its audio slots.
type microphones struct {
	testing.TB
	router    *Router
	listener  *client
	slots     map[uint32]int // by SSRC at the listener
	producers []*Producer
	senders   []*sender
}

func newMicrophones(t testing.TB, count int) *microphones {
	t.Helper()
	router := newServer(t).NewRouter(RouterConfig{})
	m := &microphones{TB: t, router: router, listener: join(t, router)}
	m.slots = m.listen(m.listener)
	everyone := join(t, router)
	for i := range count {
		cfg := microphone(uint32(1000 + i))
		cfg.Parameters.Mid, cfg.Voice = strconv.Itoa(i), true
		m.producers = append(m.producers, everyone.produce(cfg))
		m.senders = append(m.senders, everyone.sender(uint32(1000+i), opusType))
	}
	return m
}

// listen consumes the slots, and returns them by SSRC.
func (m *microphones) listen(c *client) map[uint32]int {
	m.Helper()
	slots := map[uint32]int{}
	for i, carrier := range m.router.AudioSlots() {
		media, _ := ssrcs(m, c.consume(carrier, 0))
		slots[media] = i
	}
	return slots
}

// say sends a packet of somebody's microphone, and waits until it went through.
func (m *microphones) say(who int, level byte, text string) {
	m.Helper()
	s := m.senders[who]
	s.extensions = []rtp.Extension{{ID: levelID, Data: []byte{level}}}
	s.timestamp += 960
	s.next([]byte(text))
	s.barrier()
}

// hear takes the next packet at the listener.
func (m *microphones) hear(want string) (slot int, a arrival) {
	m.Helper()
	a = m.listener.next()
	if string(a.payload) != want {
		m.Fatalf("%q came, want %q", a.payload, want)
	}
	return m.slots[a.SSRC], a
}

func TestEachVoiceHasItsSlot(t *testing.T) {
	m := newMicrophones(t, slotCount)
	taken := map[int]int{}
	for round := range 3 {
		for who := range slotCount {
			m.say(who, noise, fmt.Sprint("voice ", who))
			slot, _ := m.hear(fmt.Sprint("voice ", who))
			if before, held := taken[slot]; round == 0 && held || round > 0 && before != who {
				t.Errorf("voice %d came in the slot of voice %d", who, before)
			}
			taken[slot] = who
		}
	}
}

// TestWhoSpeaksTakesASlot from who is silent, and what was said just before comes with the first word.
func TestWhoSpeaksTakesASlot(t *testing.T) {
	m := newMicrophones(t, slotCount+1)
	for who := range slotCount {
		m.say(who, noise, "hum")
		m.hear("hum")
	}
	const late = slotCount
	for i := range 2 * prerollPackets {
		m.say(late, noise, fmt.Sprint("breath ", i))
	}
	m.say(late, spoken, "word")
	slot, first := m.hear(fmt.Sprint("breath ", prerollPackets))
	sequence := first.Sequence
	for i := 1; i <= prerollPackets; i++ {
		want := fmt.Sprint("breath ", prerollPackets+i)
		if i == prerollPackets {
			want = "word"
		}
		same, a := m.hear(want)
		if sequence++; same != slot || a.Sequence != sequence || a.Timestamp != first.Timestamp+uint32(i)*960 {
			t.Errorf("%s: slot %d, number %d, time %d", want, same, a.Sequence, a.Timestamp)
		}
	}
	m.say(0, noise, "hum") // who held the slot holds none now
	m.say(late, noise, "end of a word")
	if same, _ := m.hear("end of a word"); same != slot {
		t.Errorf("slot %d, want %d", same, slot)
	}
	m.say(0, spoken, "word")
	if other, _ := m.hear("hum"); other == slot {
		t.Error("who spoke last lost the slot, though others are silent")
	}
}

// TestEqualsKeepTheirSlots: while all speak who hold one, nobody is cut off by one who is no louder.
func TestEqualsKeepTheirSlots(t *testing.T) {
	m := newMicrophones(t, slotCount+1)
	for who := range slotCount {
		m.say(who, spoken, "word")
		m.hear("word")
	}
	speaking := func() bool {
		return !slices.ContainsFunc(m.producers[:slotCount], func(p *Producer) bool {
			p.transport.recvMu.Lock()
			defer p.transport.recvMu.Unlock()
			return !p.Speaking(m.router.server.now())
		})
	}
	late := time.After(deadline)
	for tick := time.NewTicker(20 * time.Millisecond); !speaking(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("they do not speak")
		}
		for who := range slotCount {
			m.say(who, spoken, "word")
			m.hear("word")
		}
	}
	m.say(slotCount, spoken, "me too")
	m.say(0, spoken, "word")
	m.hear("word")
}

// TestCriterion12MuteFreesTheSlot, and unmuting leaves no hole in the numbers, for which a client would ask.
func TestCriterion12MuteFreesTheSlot(t *testing.T) {
	m := newMicrophones(t, slotCount+1)
	for who := range slotCount {
		m.say(who, noise, "hum")
		m.hear("hum")
	}
	m.say(0, noise, "before")
	slot, before := m.hear("before")
	m.producers[0].Pause()
	m.say(0, spoken, "secret")
	m.say(0, spoken, "secret")
	m.producers[0].Resume()
	m.say(0, noise, "after")
	same, after := m.hear("after")
	if same != slot || after.Sequence != before.Sequence+1 {
		t.Errorf("slot %d after %d, number %d after %d", same, slot, after.Sequence, before.Sequence)
	}
	m.producers[0].Close()
	m.say(slotCount, noise, "next")
	if got, _ := m.hear("next"); got != slot {
		t.Errorf("slot %d, want the one that became free, %d", got, slot)
	}
}

// TestNobodyHearsThemselves: the transports of one owner.
func TestNobodyHearsThemselves(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	m := &microphones{TB: t, router: router, listener: join(t, router)}
	m.slots = m.listen(m.listener)
	sends, gets := newClient(t, router), newClient(t, router)
	sends.transport.config.Owner, gets.transport.config.Owner = "anna", "anna"
	for _, c := range []*client{sends, gets} {
		c.dial(router.server.Addresses()[0])
		c.connect()
	}
	m.listen(gets)
	cfg := microphone(1000)
	cfg.Voice = true
	sends.produce(cfg)
	sends.sender(1000, opusType).next([]byte("hello"))
	m.hear("hello")
	gets.barrier()
	gets.wantSilence()
}

// TestSlotPacketsAreSentAgain: the sequence numbers of a slot lead back to whoever held it.
func TestSlotPacketsAreSentAgain(t *testing.T) {
	m := newMicrophones(t, 1)
	m.say(0, noise, "one")
	m.say(0, noise, "two")
	_, first := m.hear("one")
	m.hear("two")
	m.listener.nack(first.SSRC, first.Sequence)
	if again := m.listener.next(); !again.repeated || again.Sequence != first.Sequence {
		t.Errorf("number %d came, repeated: %v", again.Sequence, again.repeated)
	}
}

// TestVoicesAreOnlyWhatSaysSo: the sound of a shared screen has no slot.
func TestVoicesAreOnlyWhatSaysSo(t *testing.T) {
	m := newMicrophones(t, 1)
	other := join(t, m.router)
	film := other.produce(microphone(1111))
	other.sender(1111, opusType).next([]byte("film"))
	other.barrier()
	m.say(0, noise, "voice")
	m.hear("voice")
	m.listener.consume(film, 0)
	if film.Kind() != ortc.Audio || film.holding.Load() != nil {
		t.Error("a film holds a slot")
	}
}

// TestFewAreToldToSpeak: of many who speak at the same time no more are told than a bound, and of those who are heard
// through the slots all.
func TestFewAreToldToSpeak(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	var all, holders []string
	for i := range 100 {
		p := &Producer{id: fmt.Sprint("p", i)}
		if i%20 == 19 {
			p.holding.Store(new(holding))
			holders = append(holders, p.id)
		}
		router.addProducer(p)
		all = append(all, p.id)
	}
	if got := router.foremost(slices.Clone(all[:maxSpeaking])); !slices.Equal(got, all[:maxSpeaking]) {
		t.Errorf("of few are told %v", got)
	}
	got := router.foremost(all)
	slices.Sort(got)
	if len(slices.Compact(got)) != maxSpeaking {
		t.Errorf("%d are told", len(got))
	}
	for _, id := range holders {
		if !slices.Contains(got, id) {
			t.Errorf("%s, who is heard, is not told", id)
		}
	}
}
