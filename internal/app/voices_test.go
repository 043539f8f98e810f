package app_test

import (
	"fmt"
	"slices"
	"testing"

	"stube/internal/testpeer"
)

// TestEverybodyIsHeardInALargeRoom: a listener has a few audio consumers, and each of many microphones comes through
// one of them as soon as somebody speaks into it.
func TestEverybodyIsHeardInALargeRoom(t *testing.T) {
	const people, hum, speech = 12, 100, 20
	ctx, url := bounded(t), server(t)
	listener := join(ctx, t, testpeer.Options{URL: url, Name: "Listener", AutoSubscribe: true, AudioSlots: true})
	voices := make([]*testpeer.Audio, people)
	for i := range voices {
		p := join(ctx, t, testpeer.Options{URL: url, Name: fmt.Sprintf("Voice %d", i)})
		audio, err := p.PublishMicrophone(ctx, testpeer.AudioOptions{Level: hum})
		if err != nil {
			t.Fatal(err)
		}
		voices[i] = audio
	}
	hears := func(level uint8) func() bool {
		return func() bool {
			return slices.ContainsFunc(listener.Consumers(), func(c *testpeer.Consumer) bool {
				return c.Stats().Level == level
			})
		}
	}
	for i, voice := range voices {
		level := uint8(speech + i)
		voice.SetLevel(level, true)
		until(ctx, t, listener, fmt.Sprintf("voice %d is heard", i), hears(level))
		voice.SetLevel(hum, false)
	}
	if n := len(listener.Consumers()); n == 0 || n > 5 {
		t.Errorf("%d audio consumers, want a few", n)
	}
	for _, c := range listener.Consumers() {
		if stats := c.Stats(); stats.Lost != 0 || stats.Corrupt+stats.Unmarked != 0 {
			t.Errorf("lost %d, corrupt %d, unmarked %d", stats.Lost, stats.Corrupt, stats.Unmarked)
		}
	}
}
