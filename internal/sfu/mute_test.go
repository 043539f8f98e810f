package sfu

import (
	"testing"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// TestCriterion12HardMute: what a client sends while it is muted reaches nobody, neither at once nor later.
func TestCriterion12HardMute(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	producer := alice.produce(microphone(1111))
	media, _ := ssrcs(t, bob.consume(producer, 0))
	voice := alice.sender(1111, opusType)
	voice.next([]byte("before"))
	first := bob.next().Sequence

	producer.Pause()
	if !producer.Paused() {
		t.Error("not paused")
	}
	voice.next([]byte("secret"))
	lost := voice.sequence
	voice.lose(1) // a secret that comes late
	voice.next([]byte("secret"))
	alice.barrier()
	bob.nack(media, first, first+1, first+2) // nor is what came before sent again
	bob.barrier()
	bob.wantSilence()

	producer.Resume()
	bob.nack(media, first+1, first+2)
	bob.barrier()
	voice.emit(lost, []byte("late secret"))
	alice.barrier()
	bob.barrier()
	bob.wantSilence()
	voice.next([]byte("after"))
	voice.emit(lost, []byte("late secret"))
	voice.next([]byte("more"))
	for i, want := range []string{"after", "more"} {
		if got := bob.next(); string(got.payload) != want || got.Sequence != first+1+uint16(i) {
			t.Errorf("number %d came: %q, want %q", got.Sequence-first, got.payload, want)
		}
	}
}

func TestCriterion12MutedFromTheBeginning(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	cfg := microphone(1111)
	cfg.Paused = true
	producer := alice.produce(cfg)
	bob.consume(producer, 0)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("secret"))
	alice.barrier()
	producer.Resume()
	voice.next([]byte("words"))
	if got := bob.next(); string(got.payload) != "words" {
		t.Errorf("%q came", got.payload)
	}
}

// TestMutedVideoBeginsAnew with a key frame, for which the sender is asked.
func TestMutedVideoBeginsAnew(t *testing.T) {
	camera, screen, producer, _ := watch(t, byRid("q", "h"))
	camera.run()
	screen.follow(1)
	producer.Pause()
	screen.wantLayer(none, false)
	keys := camera.layers[1].keys.Load()
	producer.Resume()
	screen.wantLayer(1, false)
	screen.follow(1)
	if camera.layers[1].keys.Load() == keys {
		t.Error("no key frame was asked for")
	}
}

func TestConsumerPauses(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	producer := alice.produce(microphone(1111))
	consumer, err := bob.transport.Consume(ConsumerConfig{
		Producer: producer, Capabilities: ortc.RouterCapabilities(), Paused: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	voice := alice.sender(1111, opusType)
	var last arrival
	for i, phase := range []struct {
		turn func()
		come bool
	}{{func() {}, false}, {consumer.Resume, true}, {consumer.Pause, false}, {consumer.Resume, true}} {
		phase.turn()
		for range 5 {
			voice.next([]byte{byte(i)})
			voice.timestamp += 960
		}
		alice.barrier()
		if !phase.come {
			bob.barrier()
			bob.wantSilence()
			continue
		}
		for n := range 5 {
			got := bob.next()
			if last.payload != nil && (got.Sequence != last.Sequence+1 || n > 0 && got.Timestamp != last.Timestamp+960) {
				t.Errorf("number %d, time %d follow %d, %d", got.Sequence, got.Timestamp, last.Sequence, last.Timestamp)
			}
			if i == 3 && n == 0 && got.Timestamp != last.Timestamp+6*960 {
				t.Errorf("the time goes on by %d over a pause of 5 packets", got.Timestamp-last.Timestamp)
			}
			last = got
		}
	}
}

// TestResumedVideoBeginsAnew with a key frame, for which the sender is asked.
func TestResumedVideoBeginsAnew(t *testing.T) {
	camera, screen, _, consumer := watch(t, byRid("q", "h"))
	camera.run()
	screen.follow(1)
	consumer.Pause()
	screen.wantLayer(none, false)
	keys := camera.layers[1].keys.Load()
	consumer.Resume()
	screen.follow(1)
	screen.wantLayer(1, false)
	if camera.layers[1].keys.Load() == keys {
		t.Error("no key frame was asked for")
	}
}

// TestSpeakers follows who speaks; the muted do not, also when they shout.
func TestSpeakers(t *testing.T) {
	told := make(chan SpeakerUpdate, 256)
	router := newServer(t).NewRouter(RouterConfig{Speakers: func(u SpeakerUpdate) { told <- u }})
	alice, bob := join(t, router), join(t, router)
	first, second := alice.produce(microphone(1111)), bob.produce(microphone(2222))
	loud := []rtp.Extension{{ID: levelID, Data: []byte{0x80 | 20}}}
	quiet := []rtp.Extension{{ID: levelID, Data: []byte{127}}}

	talk := func(who *sender, other *sender, done func(SpeakerUpdate) bool) {
		t.Helper()
		who.extensions, other.extensions = loud, quiet
		paced(t, func() {
			who.next([]byte{1})
			other.next([]byte{0})
		}, told, "who speaks", done)
	}
	voices := []*sender{alice.sender(1111, opusType), bob.sender(2222, opusType)}
	talk(voices[0], voices[1], func(u SpeakerUpdate) bool {
		return u.Dominant == first.ID() && len(u.Speaking) == 1 && u.Speaking[0] == first.ID()
	})
	talk(voices[1], voices[0], func(u SpeakerUpdate) bool {
		return u.Dominant == second.ID() && len(u.Speaking) == 1 && u.Speaking[0] == second.ID()
	})
	second.Pause()
	talk(voices[1], voices[0], func(u SpeakerUpdate) bool { return u.Dominant != second.ID() && len(u.Speaking) == 0 })
	first.Close()
	second.Resume()
	talk(voices[1], voices[0], func(u SpeakerUpdate) bool { return u.Dominant == second.ID() })
}

// TestKeyFrameRequests: either request of a receiver is passed on to the sender, and not too often.
func TestKeyFrameRequests(t *testing.T) {
	for name, request := range map[string]func(media uint32) pionrtcp.Packet{
		"PLI": func(media uint32) pionrtcp.Packet { return &pionrtcp.PictureLossIndication{MediaSSRC: media} },
		"FIR": func(media uint32) pionrtcp.Packet {
			return &pionrtcp.FullIntraRequest{FIR: []pionrtcp.FIREntry{{SSRC: media, SequenceNumber: 1}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			router := newServer(t).NewRouter(RouterConfig{})
			alice, bob := join(t, router), join(t, router)
			producer := alice.produce(camera(ortc.MimeVP8, single(3000)))
			media, _ := ssrcs(t, bob.consume(producer, 720))
			alice.wantPLI(3000)
			alice.sender(3000, mediaType).next(vp8(true, true, 1, 1, 0))
			bob.next()
			s := producer.streams[0]
			for range 3 {
				s.keyFrameAsked.Store(0) // long ago
				for range 50 {
					bob.report(request(media))
				}
				bob.barrier()
				alice.wantPLI(3000)
			}
			alice.barrier()
			select {
			case p := <-alice.control:
				_, again := p.(*pionrtcp.PictureLossIndication)
				if again && alice.server.now()-s.keyFrameAsked.Load() < int64(keyFrameInterval) {
					t.Error("the sender was asked too often")
				}
			default:
			}
		})
	}
}
