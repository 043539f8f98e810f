package room

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

func TestProducerIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna, ben := enter(t, h, "r", "Anna"), enter(t, h, "r", "Ben")
		made, err := anna.session.Produce(protocol.Produce{
			TransportID: anna.joined.Send.ID, Kind: ortc.Video, Source: protocol.Screen, Paused: true,
			Size: &protocol.Size{Width: 1920, Height: 1080}, Group: "g1",
		})
		if err != nil {
			t.Fatal(err)
		}
		id := made.ProducerID
		want := protocol.Producer{
			ID: id, Kind: ortc.Video, Source: protocol.Screen, Paused: true,
			Size: &protocol.Size{Width: 1920, Height: 1080}, Group: "g1",
		}
		check := func(want ...protocol.Producer) {
			t.Helper()
			time.Sleep(publishInterval)
			synctest.Wait()
			got := ben.follow()[0].Producers
			if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("Ben sees %+v, want %+v", got, want)
			}
		}
		check(want)
		if err := anna.session.PauseProducer(id, false); err != nil {
			t.Fatal(err)
		}
		want.Paused = false
		check(want)
		if err := anna.session.UpdateProducer(id, protocol.Size{Width: 800, Height: 600}); err != nil {
			t.Fatal(err)
		}
		want.Size = &protocol.Size{Width: 800, Height: 600}
		check(want)
		for range 2 { // the second has no effect
			if err := anna.session.PauseProducer(id, true); err != nil {
				t.Fatal(err)
			}
		}
		want.Paused = true
		check(want)
		if err := anna.session.CloseProducer(id); err != nil {
			t.Fatal(err)
		}
		check()
		track := media.children[0].children[0].children[0]
		if calls := fmt.Sprint(track.calls); calls != "[resume size pause close]" {
			t.Errorf("the producer got %v", calls)
		}
		refused(t, anna.session.CloseProducer(id), protocol.ErrNotFound)
	})
}

func TestCriterion30ProduceLimits(t *testing.T) {
	for source, limit := range map[protocol.Source]int{
		protocol.Microphone: 1, protocol.Camera: 1, protocol.Screen: 3, protocol.ScreenAudio: 3,
	} {
		synctest.Test(t, func(t *testing.T) {
			h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
			defer h.Close()
			anna := enter(t, h, "r", "Anna")
			var last string
			for range limit {
				last = anna.produce(source)
			}
			rule, _ := ruleFor(source)
			want := protocol.Produce{TransportID: anna.joined.Send.ID, Kind: rule.kind, Source: source}
			_, err := anna.session.Produce(want)
			refused(t, err, protocol.ErrTooManyTracks)
			if err := anna.session.CloseProducer(last); err != nil {
				t.Fatal(err)
			}
			anna.produce(source)
		})
	}
}

func TestProduceRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		send := anna.joined.Send.ID
		size := &protocol.Size{Width: 1, Height: 1}
		for name, test := range map[string]struct {
			want protocol.Produce
			fail error
			code protocol.ErrorCode
		}{
			"no transport": {protocol.Produce{Kind: ortc.Audio, Source: "microphone"}, nil, protocol.ErrNotFound},
			"receiving transport": {protocol.Produce{
				TransportID: anna.joined.Receive.ID, Kind: ortc.Audio, Source: "microphone",
			}, nil, protocol.ErrNotFound},
			"unknown source": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "kitchen",
			}, nil, protocol.ErrInvalidParams},
			"wrong kind": {protocol.Produce{
				TransportID: send, Kind: ortc.Video, Source: "microphone",
			}, nil, protocol.ErrInvalidParams},
			"size of sound": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone", Size: size,
			}, nil, protocol.ErrInvalidParams},
			"long group": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone", Group: strings.Repeat("g", 65),
			}, nil, protocol.ErrInvalidParams},
			"group with control characters": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone", Group: "a\nb",
			}, nil, protocol.ErrInvalidParams},
			"invalid media": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone",
			}, fmt.Errorf("no codec: %w", ortc.ErrInvalid), protocol.ErrInvalidParams},
			"unsupported media": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone",
			}, fmt.Errorf("odd codec: %w", ortc.ErrUnsupported), protocol.ErrUnsupported},
			"our mistake": {protocol.Produce{
				TransportID: send, Kind: ortc.Audio, Source: "microphone",
			}, errors.New("broken"), protocol.ErrInternal},
		} {
			t.Log(name)
			media.children[0].children[0].fail = test.fail
			_, err := anna.session.Produce(test.want)
			refused(t, err, test.code)
		}
		media.children[0].children[0].fail = nil
		microphone := anna.produce(protocol.Microphone)
		refused(t, anna.session.UpdateProducer(microphone, *size), protocol.ErrInvalidParams)
		refused(t, anna.session.UpdateProducer("x", *size), protocol.ErrNotFound)
		refused(t, anna.session.PauseProducer("x", true), protocol.ErrNotFound)
	})
}

// criterion 12: nobody can touch somebody else's track.
func TestCriterion12ProducersOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHouse(Config{Open: true, Instant: casual(), Media: &fake{}})
		defer h.Close()
		anna, ben := enter(t, h, "r", "Anna"), enter(t, h, "r", "Ben")
		id := anna.produce(protocol.Microphone)
		refused(t, ben.session.PauseProducer(id, false), protocol.ErrNotFound)
		refused(t, ben.session.CloseProducer(id), protocol.ErrNotFound)
		refused(t, ben.session.Connect(anna.joined.Send.ID, fingerprints()), protocol.ErrNotFound)
		_, err := ben.session.RestartICE(anna.joined.Send.ID)
		refused(t, err, protocol.ErrNotFound)
	})
}

func TestTransports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		if err := anna.session.Connect(anna.joined.Receive.ID, fingerprints()); err != nil {
			t.Error(err)
		}
		refused(t, anna.session.Connect(anna.joined.Send.ID, ortc.DTLSParameters{}), protocol.ErrInvalidParams)
		restarted, err := anna.session.RestartICE(anna.joined.Send.ID)
		if err != nil || !restarted.ICEParameters.ICELite {
			t.Errorf("got %+v, %v", restarted, err)
		}
		if calls := media.children[0].children[1].calls; len(calls) != 1 || calls[0] != "connect" {
			t.Errorf("the receiving transport got %v", calls)
		}
	})
}

func fingerprints() ortc.DTLSParameters {
	return ortc.DTLSParameters{Role: "client", Fingerprints: []ortc.DTLSFingerprint{{
		Algorithm: "sha-256", Value: strings.Repeat("AB:", 31) + "AB",
	}}}
}

// TestWishes: who sends is told which layers anybody shows, again after coming back.
func TestWishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &fake{}
		h := NewHouse(Config{Open: true, Instant: casual(), Media: media})
		defer h.Close()
		anna := enter(t, h, "r", "Anna")
		made, err := anna.session.Produce(protocol.Produce{
			TransportID: anna.joined.Send.ID, Kind: ortc.Video, Source: protocol.Camera,
		})
		if err != nil {
			t.Fatal(err)
		}
		events := media.children[0].children[0].events
		wish := protocol.ProducerWish{ProducerID: made.ProducerID, Layer: 1}
		events.Producers([]protocol.ProducerWish{{ProducerID: "gone"}, wish})
		events.Producers([]protocol.ProducerWish{{ProducerID: "gone"}})
		synctest.Wait()
		want := []protocol.ProducersWanted{{Producers: []protocol.ProducerWish{wish}}}
		if got := told[protocol.ProducersWanted](anna); !reflect.DeepEqual(got, want) {
			t.Errorf("Anna was told %+v, want %+v", got, want)
		}
		again := anna.comeBack("r")
		if got := told[protocol.ProducersWanted](again); !reflect.DeepEqual(got, want) {
			t.Errorf("Anna was told %+v when she came back, want %+v", got, want)
		}
	})
}
