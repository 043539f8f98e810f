package sfu

import (
	"bytes"
	"fmt"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

func TestAudioIsForwarded(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	producer := alice.produce(microphone(1111))
	consumer := bob.consume(producer, 0)
	ssrc, _ := ssrcs(t, consumer)
	codec := consumer.Parameters().Codecs[0]

	voice := alice.sender(1111, opusType)
	voice.extensions = []rtp.Extension{{ID: midID, Data: []byte("a")}, {ID: levelID, Data: []byte{0x8a}}}
	var first arrival
	for i := range 50 {
		voice.marker = i == 0
		payload := []byte(fmt.Sprintf("packet %d", i))
		if i%10 == 9 {
			payload = nil // discontinuous transmission sends empty ones
		}
		voice.next(payload)
		got := bob.next()
		if i == 0 {
			first = got
		}
		if got.SSRC != ssrc || got.PayloadType != codec.PayloadType || got.Marker != (i == 0) ||
			got.Sequence != first.Sequence+uint16(i) || got.Timestamp != first.Timestamp+uint32(i)*960 ||
			!bytes.Equal(got.payload, payload) {
			t.Fatalf("packet %d came as %+v", i, got)
		}
		if level := got.Extension(10); !bytes.Equal(level, []byte{0x8a}) {
			t.Errorf("the audio level came as %x", level)
		}
		if mid := got.Extension(1); mid != nil {
			t.Errorf("the sender's mid %q went on to the receiver", mid)
		}
		voice.timestamp += 960
	}
}

// TestGapsAndLatePackets: what is lost on the way up is a gap for the receiver, and fills it when it comes late.
func TestGapsAndLatePackets(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	voice := alice.sender(1111, opusType)

	voice.sequence = 65530 // on to the wrap-around
	voice.next([]byte{0})
	first := bob.next()
	for _, ahead := range []uint64{1, 2, 5, 4, 3, 8, 7, 12, 6} {
		voice.emit(65530+ahead, []byte{byte(ahead)})
		got := bob.next()
		if got.Sequence != first.Sequence+uint16(ahead) || !bytes.Equal(got.payload, []byte{byte(ahead)}) {
			t.Errorf("packet %d came as %d: %x", ahead, got.Sequence-first.Sequence, got.payload)
		}
	}
	for _, again := range []uint64{0, 5, 6, 12} { // an attacker repeats what the sender sealed
		voice.emit(65530+again, []byte{byte(again)})
	}
	voice.emit(65530-1, []byte("before the first"))
	alice.barrier()
	bob.barrier()
	bob.wantSilence()
	if n := alice.server.Counters().Replayed; n != 4 {
		t.Errorf("%d packets count as replayed, want 4", n)
	}
}

// TestEachReceiverHasItsOwnNumbers: two receivers of one track, one of them later.
func TestEachReceiverHasItsOwnNumbers(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob, carol := join(t, router), join(t, router), join(t, router)
	producer := alice.produce(microphone(1111))
	toBob := bob.consume(producer, 0)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("one"))
	bob.next()
	toCarol := carol.consume(producer, 0)
	voice.next([]byte("two"))
	b, c := bob.next(), carol.next()
	if string(b.payload) != "two" || string(c.payload) != "two" {
		t.Errorf("payloads %q and %q", b.payload, c.payload)
	}
	first, _ := ssrcs(t, toBob)
	second, _ := ssrcs(t, toCarol)
	if first == second || first == 1111 || b.SSRC != first || c.SSRC != second {
		t.Errorf("SSRCs %d and %d", b.SSRC, c.SSRC)
	}
}

// TestBothWays: two clients that send to each other at the same time, over both workers.
func TestBothWays(t *testing.T) {
	const packets = 300
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(microphone(1111)), 0)
	alice.consume(bob.produce(microphone(2222)), 0)
	done := make(chan struct{}, 2)
	for _, s := range []*sender{alice.sender(1111, opusType), bob.sender(2222, opusType)} {
		go func() {
			for i := range packets {
				s.next([]byte{byte(i), byte(i >> 8)})
			}
			done <- struct{}{}
		}()
	}
	for _, c := range []*client{alice, bob} {
		first := c.next()
		for i := 1; i < packets; i++ {
			got := c.next()
			if got.Sequence != first.Sequence+uint16(i) || int(got.payload[0])|int(got.payload[1])<<8 != i {
				t.Fatalf("packet %d came as number %d: %x", i, got.Sequence-first.Sequence, got.payload)
			}
		}
	}
	receive(t, done, "a sender's end")
	receive(t, done, "a sender's end")
}

// keyFrames are the beginnings of a key frame and of another, in each codec that is forwarded whole.
func keyFrames() map[string][2][]byte {
	return map[string][2][]byte{
		ortc.MimeVP8:  {vp8(true, true, 5, 1, 'k'), vp8(true, false, 6, 2, 'd')},
		ortc.MimeVP9:  {{0x08, 'k'}, {0x48, 'd'}},
		ortc.MimeAV1:  {{0x18, 'k'}, {0x10, 'd'}},
		ortc.MimeH264: {{0x67, 'k'}, {0x41, 'd'}},
	}
}

func TestVideoBeginsWithAKeyFrame(t *testing.T) {
	for mime, frames := range keyFrames() {
		t.Run(mime, func(t *testing.T) {
			router := newServer(t).NewRouter(RouterConfig{})
			alice, bob := join(t, router), join(t, router)
			consumer := bob.consume(alice.produce(camera(mime, single(3000))), 720)
			ssrc, _ := ssrcs(t, consumer)
			alice.wantPLI(3000)

			picture := alice.sender(3000, mediaType)
			key, delta := frames[0], frames[1]
			picture.next(delta)
			picture.next(key)
			picture.next(delta)
			picture.next([]byte{}) // padding alone keeps the numbers continuous
			picture.next(delta)
			for i, want := range [][]byte{key, delta, {}, delta} {
				got := bob.next()
				if got.SSRC != ssrc || !bytes.Equal(got.payload, want) {
					t.Errorf("packet %d came as %x, want %x", i, got.payload, want)
				}
				if got.Extension(4) == nil {
					t.Error("abs-send-time is missing, without which a receiver estimates nothing")
				}
			}
			update := receive(t, bob.updates, "the layer")
			if update != (ConsumerUpdate{ConsumerID: consumer.ID(), Layer: 0}) {
				t.Errorf("told %+v", update)
			}
		})
	}
}
