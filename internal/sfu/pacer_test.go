package sfu

import (
	"bytes"
	"math"
	"testing"
	"time"

	"stube/internal/ortc"
)

// TestPacerSpreads: after a burst packets leave at two and a half times what the way carries, and no burst is saved up.
func TestPacerSpreads(t *testing.T) {
	const size = 1000
	var a pacer
	now := int64(time.Hour)
	sent := func(estimate uint64, passed time.Duration) (count int) {
		now += int64(passed)
		for a.open(estimate, now) {
			a.tokens -= size
			count++
		}
		return count
	}
	for i, step := range []struct {
		estimate    uint64
		passed      time.Duration
		least, most int
	}{
		{8_000_000, 0, 50, 51}, // 2.5 MB/s: 20 ms of it
		{8_000_000, 0, 0, 0},
		{8_000_000, 10 * time.Millisecond, 24, 26},
		{8_000_000, time.Minute, 50, 51},
		{80_000, 100 * time.Millisecond, 1, 3}, // 25 kB/s
		{80_000, time.Second, 6, 7},            // a frame may always go
	} {
		if got := sent(step.estimate, step.passed); got < step.least || got > step.most {
			t.Errorf("step %d: %d packets, want %d to %d", i, got, step.least, step.most)
		}
	}
	for range 1000 {
		if !a.open(math.MaxUint64, now) {
			t.Fatal("held back though no limit is known")
		}
		a.tokens -= size
	}
	if got := sent(8_000_000, 10*time.Millisecond); got > 26 {
		t.Errorf("%d packets when a limit is known", got)
	}
}

// TestPacerKeepsOrder: what was held first goes first, also around the end of the ring.
func TestPacerKeepsOrder(t *testing.T) {
	var a pacer
	next, out := int64(0), int64(0)
	for range 5 {
		for a.count < maxHeld {
			a.push(held{sequence: next})
			next++
		}
		for a.count > maxHeld/3 {
			if h := a.pop(); h.sequence != out {
				t.Fatalf("%d came, want %d", h.sequence, out)
			}
			out++
		}
	}
}

// TestKeyFrameIsPaced: a frame that is far larger than what the way carries in its time does not leave at once. Each of
// its packets comes all the same, in order and as it was sent, and sound overtakes them.
func TestKeyFrameIsPaced(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	consumer := bob.consumeAs(alice.produce(camera(ortc.MimeVP8, single(3000))), 720, router.Capabilities())
	heard := bob.consumeAs(alice.produce(microphone(1111)), 0, router.Capabilities())
	media, _ := ssrcs(t, consumer)
	voice, _ := ssrcs(t, heard)
	picture, sound := alice.sender(3000, mediaType), alice.sender(1111, opusType)
	const packets = 200 // 200 kB take 0.3 s, before anything is known of the way
	body := make([]byte, 1000)
	payloads := make([][]byte, packets)
	for i := range payloads {
		payloads[i] = append(append(vp8(i == 0, true, 7, 3, byte(i)), body...), byte(i))
		picture.next(payloads[i])
	}
	sound.next([]byte{1, 2, 3})
	first, number, spoke := uint16(0), uint16(0), -1
	for i := 0; i < packets; {
		got := bob.next()
		switch got.SSRC {
		case voice:
			spoke = i
		case media:
			if i == 0 {
				first, number = got.Sequence, wideOf(t, got)
			}
			if got.Sequence != first+uint16(i) || wideOf(t, got) != number+uint16(i) {
				t.Fatalf("packet %d has the numbers %d and %d", i, got.Sequence-first, wideOf(t, got)-number)
			}
			if !bytes.Equal(got.payload[len(got.payload)-len(body):], payloads[i][len(payloads[i])-len(body):]) {
				t.Fatalf("packet %d is another one", i)
			}
			i++
		}
	}
	if spoke < 0 {
		t.Error("sound came behind all of the picture")
	}
	if got := router.server.Traffic().Held; got < packets/4 {
		t.Errorf("%d packets were held back", got)
	}
}

// TestPausedIsNotLetGo: what is held back for a picture that the client pauses does not come any more.
func TestPausedIsNotLetGo(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	consumer := bob.consumeAs(alice.produce(camera(ortc.MimeVP8, single(3000))), 720, router.Capabilities())
	tr := bob.transport
	tr.sendMu.Lock()
	consumer.paused = true
	tr.congestion.pacer.push(held{consumer: consumer, sequence: 1})
	tr.sendMu.Unlock()
	router.server.withPipeline(func(p *pipeline) {
		tr.sendMu.Lock()
		defer tr.sendMu.Unlock()
		if tr.release(p) || tr.congestion.pacer.count != 0 || consumer.sent.packets != 0 {
			t.Error("something is held, or was sent")
		}
	})
}
