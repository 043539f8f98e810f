package room

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// inMeeting is a room with Anna, who sends sound and picture, and Ben, who receives both.
type inMeeting struct {
	anna, ben          *page
	microphone, camera string
	heard, seen        string // Ben's consumers
	annaSends, benGets *fake
	router             *fake
}

func meet(t *testing.T, h *House, media *fake) inMeeting {
	t.Helper()
	m := inMeeting{anna: enter(t, h, "r", "Anna"), ben: enter(t, h, "r", "Ben")}
	m.router = media.children[0]
	m.annaSends, m.benGets = m.router.children[0], m.router.children[3]
	m.microphone, m.camera = m.anna.produce(protocol.Microphone), m.anna.produce(protocol.Camera)
	consumed, err := m.ben.session.Consume(protocol.Consume{ProducerIDs: []string{m.microphone, m.camera}, Paused: true})
	if err != nil || len(consumed.Consumers) != 2 {
		t.Fatalf("consumed %+v, %v", consumed, err)
	}
	m.heard, m.seen = consumed.Consumers[0].ID, consumed.Consumers[1].ID
	return m
}

// inRoom runs a test with a meeting.
func inRoom(t *testing.T, test func(*testing.T, inMeeting)) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		test(t, meet(t, h, media))
	})
}

func TestConsume(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		config := m.benGets.children[1].follows
		if !config.Paused || config.Producer.ID() != m.camera {
			t.Errorf("the media core was asked for %+v", config)
		}
		if err := m.ben.session.ResumeConsumers([]string{m.seen, "gone"}); err != nil {
			t.Error(err)
		}
		if err := m.ben.session.CloseConsumers([]string{m.seen, "gone"}); err != nil {
			t.Error(err)
		}
		if calls := m.benGets.children[1].calls; !reflect.DeepEqual(calls, []string{"resume", "close"}) {
			t.Errorf("the consumer got %v", calls)
		}
		again, err := m.ben.session.Consume(protocol.Consume{ProducerIDs: []string{"gone", m.microphone, m.camera}})
		if err != nil || len(again.Consumers) != 1 || again.Consumers[0].ProducerID != m.camera ||
			again.Consumers[0].Kind != ortc.Video || again.Consumers[0].RTPParameters.Mid != "0" {
			t.Errorf("consumed %+v, %v", again, err)
		}
		own, err := m.anna.session.Consume(protocol.Consume{ProducerIDs: []string{m.camera}})
		if err != nil || len(own.Consumers) != 0 {
			t.Errorf("Anna consumed her own %+v, %v", own, err)
		}
	})
}

func TestConsumeFails(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		carl := enter(t, m.anna.house, "r", "Carl")
		gets := m.router.children[5]
		gets.fail = ortc.ErrUnsupported
		consumed, err := carl.session.Consume(protocol.Consume{ProducerIDs: []string{m.camera}})
		if err != nil || len(consumed.Consumers) != 0 {
			t.Errorf("consumed %+v, %v", consumed, err)
		}
		gets.fail = errors.New("broken")
		_, err = carl.session.Consume(protocol.Consume{ProducerIDs: []string{m.camera}})
		refused(t, err, protocol.ErrInternal)
		gets.fail = nil
		consumed, err = carl.session.Consume(protocol.Consume{ProducerIDs: []string{m.camera}})
		if err != nil || len(consumed.Consumers) != 1 {
			t.Errorf("consumed %+v, %v", consumed, err)
		}
	})
}

func TestConsumersEndWithTheirProducer(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		for _, consumer := range m.benGets.children {
			consumer.follows.Closed()
			consumer.follows.Closed() // once more does no harm
		}
		time.Sleep(publishInterval)
		synctest.Wait()
		want := []protocol.ConsumerRefs{{ConsumerIDs: []string{m.heard, m.seen}}}
		if got := told[protocol.ConsumerRefs](m.ben); !reflect.DeepEqual(got, want) {
			t.Errorf("Ben was told %+v, want %+v", got, want)
		}
		if again := m.ben.comeBack("r"); len(again.resumed.ConsumerIDs) != 0 {
			t.Errorf("consumers %v live on", again.resumed.ConsumerIDs)
		}
	})
}

// A connection that resumes learns what is there, not what ended before.
func TestConsumersEndWhileAway(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		time.Sleep(publishInterval)
		synctest.Wait()
		if err := m.anna.session.Rename("Anne"); err != nil { // so that news wait
			t.Fatal(err)
		}
		m.benGets.children[0].follows.Closed()
		again := m.ben.comeBack("r")
		time.Sleep(publishInterval)
		synctest.Wait()
		if !reflect.DeepEqual(again.resumed.ConsumerIDs, []string{m.seen}) {
			t.Errorf("consumers %v live on", again.resumed.ConsumerIDs)
		}
		if refs := told[protocol.ConsumerRefs](again); len(refs) != 0 {
			t.Errorf("Ben was told %+v", refs)
		}
	})
}

func TestView(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		item := protocol.ViewItem{
			ConsumerID: m.seen, Size: protocol.Size{Width: 640, Height: 360}, Priority: protocol.PriorityTile,
		}
		gone := protocol.ViewItem{ConsumerID: "gone", Priority: protocol.PriorityStage}
		if err := m.ben.session.View([]protocol.ViewItem{gone, item}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m.benGets.views, []protocol.ViewItem{item}) {
			t.Errorf("the media core shows %+v", m.benGets.views)
		}
		refused(t, m.ben.session.View([]protocol.ViewItem{item, item}), protocol.ErrInvalidParams)
		item.Priority = "most"
		refused(t, m.ben.session.View([]protocol.ViewItem{item}), protocol.ErrInvalidParams)
	})
}

// TestDownlink: who asks what the way to them carries has it tried until it is known.
func TestDownlink(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		for _, want := range []protocol.Downlink{{RoundTrip: 7}, {RoundTrip: 7, Estimate: 900_000}} {
			m.benGets.downlink, m.benGets.calls = want, nil
			got, err := m.ben.session.Downlink()
			if err != nil || got != want {
				t.Errorf("told %+v, %v, want %+v", got, err, want)
			}
			if tried := slices.Contains(m.benGets.calls, "explore"); tried != (want.Estimate == 0) {
				t.Errorf("%+v is known, and more tried: %v", want, tried)
			}
		}
	})
}

func TestLayers(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		state := protocol.ConsumerState{ConsumerID: m.seen, Layer: 2, Limited: true}
		m.benGets.events.Consumers([]protocol.ConsumerState{{ConsumerID: "gone"}, state})
		m.benGets.events.Consumers([]protocol.ConsumerState{{ConsumerID: "gone"}})
		synctest.Wait()
		want := []protocol.ConsumersChanged{{Consumers: []protocol.ConsumerState{state}}}
		if got := told[protocol.ConsumersChanged](m.ben); !reflect.DeepEqual(got, want) {
			t.Errorf("Ben was told %+v, want %+v", got, want)
		}
		again := m.ben.comeBack("r")
		if got := told[protocol.ConsumersChanged](again); !reflect.DeepEqual(got, want) {
			t.Errorf("Ben was told %+v when he came back, want %+v", got, want)
		}
	})
}

func TestSpeakers(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		time.Sleep(publishInterval)
		for range 2 { // the second changes nothing
			m.router.speaking(m.microphone, []string{m.microphone, "gone"})
			time.Sleep(publishInterval)
			synctest.Wait()
		}
		anna := m.anna.joined.ParticipantID
		talking := protocol.Speakers{Dominant: anna, Speaking: []string{anna}}
		if got := told[protocol.Speakers](m.ben); !reflect.DeepEqual(got, []protocol.Speakers{talking}) {
			t.Errorf("Ben was told %+v, want %+v", got, talking)
		}
		carl := enter(t, m.anna.house, "r", "Carl")
		if got := carl.joined.Snapshot.Speakers; !reflect.DeepEqual(got, talking) {
			t.Errorf("Carl was told %+v, want %+v", got, talking)
		}
		if err := m.anna.session.Leave(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(publishInterval)
		synctest.Wait()
		got := told[protocol.Speakers](carl)
		if want := []protocol.Speakers{{Speaking: []string{}}}; !reflect.DeepEqual(got, want) {
			t.Errorf("Carl was told %+v, want %+v", got, want)
		}
	})
}

func TestQuality(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		ben := m.ben.joined.ParticipantID
		sends := m.router.children[2]
		for _, step := range []struct {
			change func()
			want   protocol.ConnectionLevel // "" when nobody is told
		}{
			{func() { sends.events.Quality(protocol.ConnectionFair) }, protocol.ConnectionFair},
			{func() { m.benGets.events.Quality(protocol.ConnectionPoor) }, protocol.ConnectionPoor},
			{func() { sends.events.Quality(protocol.ConnectionGood) }, ""},
			{func() { sends.events.Path(false) }, protocol.ConnectionLost},
			{func() { m.benGets.events.Path(false) }, ""},
			{func() { sends.events.Path(true); m.benGets.events.Path(true) }, protocol.ConnectionPoor},
			{func() { m.benGets.events.Quality(protocol.ConnectionGood) }, protocol.ConnectionGood},
		} {
			m.anna.forget()
			step.change()
			time.Sleep(publishInterval)
			synctest.Wait()
			var want []protocol.Quality
			if step.want != "" {
				want = []protocol.Quality{{
					Participants: []protocol.ParticipantQuality{{ParticipantID: ben, Level: step.want}},
				}}
			}
			if got := told[protocol.Quality](m.anna); !reflect.DeepEqual(got, want) {
				t.Errorf("Anna was told %+v, want %+v", got, want)
			}
		}
		sends.events.Path(false)
		time.Sleep(publishInterval)
		synctest.Wait()
		carl := enter(t, m.anna.house, "r", "Carl")
		want := []protocol.Quality{{
			Participants: []protocol.ParticipantQuality{{ParticipantID: ben, Level: protocol.ConnectionLost}},
		}}
		if got := told[protocol.Quality](carl); !reflect.DeepEqual(got, want) {
			t.Errorf("Carl was told %+v, want %+v", got, want)
		}
	})
}

// TestAudioSlots: everybody learns of them and may consume them, and only microphones go out by them.
func TestAudioSlots(t *testing.T) {
	inRoom(t, func(t *testing.T, m inMeeting) {
		m.router.slots = []Producer{&fake{id: "slot one"}, &fake{id: "slot two"}}
		carl := enter(t, m.anna.house, "r", "Carl")
		if !reflect.DeepEqual(carl.joined.AudioSlots, []string{"slot one", "slot two"}) {
			t.Errorf("slots %v", carl.joined.AudioSlots)
		}
		consumed, err := carl.session.Consume(protocol.Consume{ProducerIDs: []string{"slot two", "slot three"}})
		if err != nil || len(consumed.Consumers) != 1 {
			t.Fatalf("consumed %+v, %v", consumed, err)
		}
		if c := consumed.Consumers[0]; c.ProducerID != "slot two" || c.Kind != ortc.Audio {
			t.Errorf("consumed %+v", c)
		}
		if microphone, camera := m.annaSends.children[0], m.annaSends.children[1]; !microphone.voice || camera.voice {
			t.Errorf("a voice: microphone %v, camera %v", microphone.voice, camera.voice)
		}
		if sends, gets := m.router.children[0], m.router.children[1]; sends.owner == "" || sends.owner != gets.owner {
			t.Errorf("transports of %q and %q", sends.owner, gets.owner)
		}
	})
}
