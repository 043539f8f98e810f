package sfu

import (
	"testing"

	"stube/internal/ortc"
)

// watch sets up a camera with simulcast and somebody who looks at it.
func watch(t *testing.T, encodings []ortc.RTPEncodingParameters) (*encoder, *viewer, *Producer, *Consumer) {
	t.Helper()
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	producer := alice.produce(camera(ortc.MimeVP8, encodings...))
	consumer := bob.consume(producer, 720)
	ssrc, _ := ssrcs(t, consumer)
	return alice.encoder(encodings), &viewer{client: bob, ssrc: ssrc}, producer, consumer
}

// wantLayer waits until the layer is reported.
func (c *client) wantLayer(layer int, limited bool) {
	c.Helper()
	await(c, c.updates, "the report of a layer", func(u ConsumerUpdate) bool {
		return u.Layer == layer && u.Limited == limited
	})
}

func TestSimulcastFollowsTheView(t *testing.T) {
	for name, encodings := range map[string][]ortc.RTPEncodingParameters{
		"by rid":  byRid("q", "h", "f"),
		"by SSRC": bySSRC(4000, 5000, 6000),
	} {
		for _, reports := range []bool{false, true} {
			if reports {
				name += " with sender reports"
			}
			t.Run(name, func(t *testing.T) {
				camera, screen, _, consumer := watch(t, encodings)
				camera.reports.Store(reports)
				camera.run()
				for _, step := range []struct{ height, layer int }{
					{720, 2}, {180, 0}, {360, 1}, {2160, 2}, {430, 1}, {440, 2}, {0, 0}, {720, 2},
				} {
					screen.view(consumer, step.height)
					screen.follow(step.layer)
					screen.wantLayer(step.layer, false)
				}
			})
		}
	}
}

// TestTimestampsFollowTheSendersClock: where sender reports tell how the layers' timestamps lie, a frame has the same
// timestamp whichever layer it comes from.
func TestTimestampsFollowTheSendersClock(t *testing.T) {
	camera, screen, producer, consumer := watch(t, byRid("q", "h", "f"))
	camera.reports.Store(true)
	camera.run()
	for _, s := range producer.streams {
		await(t, camera.tick, "a sender report", func(struct{}) bool { return s.clock.Load() != nil })
	}
	first := screen.follow(2)
	for i, height := range []int{180, 360, 720, 180} {
		screen.view(consumer, height)
		p := screen.follow([]int{0, 1, 2, 0}[i])
		want := first.arrival.Timestamp + (p.number-first.number)*frameTicks
		if off := int32(p.arrival.Timestamp - want); off < -2 || off > 2 {
			t.Errorf("at %d pixels, frame %d is %d ticks off", height, p.number, off)
		}
	}
}

// TestFallback: when the top layer is no longer sent the next lower one takes over, and the top one when it is back.
func TestFallback(t *testing.T) {
	camera, screen, producer, _ := watch(t, byRid("q", "h", "f"))
	camera.run()
	screen.follow(2)
	camera.layers[2].on.Store(false)
	screen.follow(1)
	screen.wantLayer(1, false)
	if now := camera.server.now(); producer.streams[2].live(now) {
		t.Error("gave the top layer up while it was alive")
	}
	camera.layers[1].on.Store(false)
	screen.follow(0)
	camera.layers[2].on.Store(true)
	screen.follow(2)
	screen.wantLayer(2, false)
}

// TestOnlyTheLowestLayerIsSent, as of a small source: it serves a large view too.
func TestOnlyTheLowestLayerIsSent(t *testing.T) {
	camera, screen, _, _ := watch(t, byRid("q", "h", "f"))
	camera.layers[1].on.Store(false)
	camera.layers[2].on.Store(false)
	camera.run()
	screen.follow(0)
	screen.wantLayer(0, false)
}

// TestARestingPicture: a screen on which nothing moves sends no packets, and no key frame is needed when it goes on.
func TestARestingPicture(t *testing.T) {
	screen, viewer, producer, consumer := watch(t, byRid("q", "f"))
	screen.run()
	viewer.follow(1)
	for _, l := range screen.layers {
		l.on.Store(false)
	}
	receive(t, screen.tick, "the last frame")
	receive(t, screen.tick, "the end of the last frame")
	screen.barrier()
	for _, s := range producer.streams {
		s.lastPacket.Store(1)
	}
	viewer.at(0)
	viewer.transport.sendMu.Lock()
	if consumer.target != 1 {
		t.Errorf("layer %d is to be carried", consumer.target)
	}
	viewer.transport.sendMu.Unlock()
	viewer.barrier()
	viewer.lookAtAll()
	screen.layers[1].on.Store(true)
	if p := viewer.follow(1); p.KeyFrame {
		t.Error("the screen was asked for a key frame")
	}
}

// TestUnviewedVideoRests: what is not listed is not sent, and what is listed again begins with a key frame.
func TestUnviewedVideoRests(t *testing.T) {
	camera, screen, _, consumer := watch(t, byRid("q", "h"))
	camera.run()
	screen.follow(1)
	screen.transport.SetViews(nil)
	screen.wantLayer(none, false)
	screen.barrier()
	screen.lookAtAll()
	keys := camera.layers[1].keys.Load()
	for number := camera.layers[1].sent.Load(); camera.layers[1].sent.Load() < number+20; {
		receive(t, camera.tick, "a frame")
	}
	screen.barrier()
	screen.wantSilence()
	screen.view(consumer, 720)
	screen.follow(1)
	if camera.layers[1].keys.Load() == keys {
		t.Error("no key frame was asked for")
	}
}
