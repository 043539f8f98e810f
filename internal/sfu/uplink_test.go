package sfu

import (
	"testing"
	"time"

	"stube/internal/ortc"
)

func TestWishes(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	from := newClient(t, router)
	p := from.produce(camera(ortc.MimeVP8, byRid("q", "h", "f")...))
	watching := func(height int) *Consumer {
		c, err := newClient(t, router).transport.Consume(ConsumerConfig{Producer: p, Capabilities: router.Capabilities()})
		if err != nil {
			t.Fatal(err)
		}
		c.transport.SetViews([]View{{ConsumerID: c.ID(), Height: height}})
		return c
	}
	const unchanged = 99
	now := int64(time.Hour)
	want := func(what string, later time.Duration, layer int) {
		t.Helper()
		now += int64(later)
		got, changed := p.wish(now)
		if !changed {
			got = unchanged
		}
		if got != layer {
			t.Errorf("%s: told %d, want %d", what, got, layer)
		}
	}
	want("nobody looks", 0, unchanged)
	want("nor for some time", lowerAfter, none)
	want("nothing new", lowerAfter, unchanged)
	small := watching(180)
	want("somebody does", 0, 0)
	large := watching(720)
	want("and another, larger", 0, 2)
	small.transport.SetViews(nil)
	want("the smaller one is of no account", lowerAfter, unchanged)
	large.transport.SetViews([]View{{ConsumerID: large.ID(), Height: 360}})
	want("less, but not for long", 0, unchanged)
	large.transport.SetViews([]View{{ConsumerID: large.ID(), Height: 720}})
	want("and back", lowerAfter-1, unchanged)
	large.transport.SetViews([]View{{ConsumerID: large.ID(), Height: 360}})
	want("less again", 1, unchanged)
	want("for a moment", lowerAfter-1, unchanged)
	want("for good", 1, 1)
	large.Pause()
	large.transport.server.withPipeline(large.transport.rethink)
	want("paused", 0, unchanged)
	want("for long", lowerAfter, none)
	large.Resume()
	want("resumed", 0, 1)
	large.Close()
	want("gone", 0, unchanged)
	want("for long", lowerAfter, none)
}

// TestWishesAreTold to the client that sends, as soon as somebody looks.
func TestWishesAreTold(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	told := make(chan ProducerUpdate, 16)
	from, err := router.NewTransport(TransportConfig{Producers: func(updates []ProducerUpdate) {
		for _, u := range updates {
			told <- u
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := from.Produce(camera(ortc.MimeVP8, byRid("q", "h", "f")...))
	if err != nil {
		t.Fatal(err)
	}
	if got := receive(t, told, "that nobody looks"); got != (ProducerUpdate{p.ID(), none}) {
		t.Errorf("told %+v", got)
	}
	newClient(t, router).consume(p, 360)
	if got := receive(t, told, "that somebody looks"); got != (ProducerUpdate{p.ID(), 1}) {
		t.Errorf("told %+v", got)
	}
}
