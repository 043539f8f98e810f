package app_test

import (
	"testing"

	"stube/internal/testpeer"
)

func TestLossIsRepaired(t *testing.T) {
	loss := testpeer.Loss{Rate: 0.05, Seed: 1}
	for _, c := range []struct {
		name     string
		up, down testpeer.Loss
	}{
		{name: "on the way to the server", up: loss},
		{name: "on the way to the receiver", down: loss},
		{name: "on both", up: loss, down: testpeer.Loss{Rate: 0.05, Seed: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, url := bounded(t), server(t)
			alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", Uplink: c.up})
			bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true, Downlink: c.down})
			video, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{FPS: 60})
			frames(ctx, t, bob, picture, 90)
			alice.SetUplink(testpeer.Loss{})
			bob.SetDownlink(testpeer.Loss{})
			frames(ctx, t, bob, picture, 15) // these show the last gaps
			dropped := alice.Stats().DroppedUp + bob.Stats().DroppedDown
			if dropped < 15 {
				t.Fatalf("%d packets were dropped: the test tests nothing", dropped)
			}
			until(ctx, t, bob, "nine of ten gaps are closed", func() bool {
				return picture.Stats().Lost <= int64(dropped)/10
			})
			stats := picture.Stats()
			seamless(t, stats)
			if c.up.Rate > 0 && video.Stats()[0].Resent == 0 {
				t.Error("the server asked for nothing again")
			}
			if c.down.Rate > 0 && stats.Recovered == 0 {
				t.Error("the server sent nothing again")
			}
		})
	}
}

func TestLossOfSoundIsRepaired(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", Uplink: testpeer.Loss{Rate: 0.1, Seed: 3}})
	bob := join(ctx, t, testpeer.Options{
		URL: url, Name: "Bob", AutoSubscribe: true, Downlink: testpeer.Loss{Rate: 0.1, Seed: 4},
	})
	audio, sound := microphone(ctx, t, alice, bob, testpeer.AudioOptions{})
	until(ctx, t, bob, "audio flows", func() bool { return sound.Stats().Packets > 120 })
	alice.SetUplink(testpeer.Loss{})
	bob.SetDownlink(testpeer.Loss{})
	until(ctx, t, bob, "nearly all gaps are closed", func() bool { return sound.Stats().Lost <= 2 })
	seamless(t, sound.Stats())
	up, down := alice.Stats().DroppedUp, bob.Stats().DroppedDown
	if up < 5 || down < 5 {
		t.Errorf("%d and %d packets were dropped: the test tests nothing", up, down)
	}
	if audio.Stats()[0].Resent == 0 || sound.Stats().Reordered == 0 {
		t.Error("nothing was sent again")
	}
}

// Who speaks is told what gets lost on the way to listeners and was repaired on the way to the server: by that Opus
// chooses how much to say twice.
func TestStrainOfListenersIsTold(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	lossy := testpeer.Loss{Rate: 0.2, Seed: 5}
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true, Uplink: lossy, Downlink: lossy})
	spoken, _ := microphone(ctx, t, alice, bob, testpeer.AudioOptions{})
	answered, err := bob.PublishMicrophone(ctx, testpeer.AudioOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for who, track := range map[string]*testpeer.Audio{"whose listener loses": spoken, "who loses": answered} {
		until(ctx, t, alice, "it is told to "+who, func() bool { return track.Stats()[0].ReportedShare > 256/10 })
	}
}
