package app_test

import (
	"errors"
	"testing"
	"time"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

func TestTwoSeeAndHearEachOther(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	for _, pair := range [][2]*testpeer.Peer{{alice, bob}, {bob, alice}} {
		from, to := pair[0], pair[1]
		_, sound := microphone(ctx, t, from, to, testpeer.AudioOptions{Level: 17})
		_, picture := camera(ctx, t, from, to, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
		frames(ctx, t, to, picture, 30)
		until(ctx, t, to, "audio flows", func() bool { return sound.Stats().Packets > 50 })
		until(ctx, t, to, "sender reports come", func() bool {
			return picture.Stats().SenderReports > 0 && sound.Stats().SenderReports > 0
		})
		lossless(t, picture.Stats())
		lossless(t, sound.Stats())
		if level := sound.Stats().Level; level != 17 {
			t.Errorf("audio level %d, want 17", level)
		}
		for _, c := range []*testpeer.Consumer{picture, sound} {
			if skew := c.Stats().ReportSkew; skew > time.Second { // a busy machine delays, a fault is off by hours
				t.Errorf("%s: a sender report is %v off", c.Kind(), skew)
			}
		}
		until(ctx, t, from, "the server gives feedback to the sender", func() bool {
			return from.Stats().TransportFeedback > 0
		})
	}
}

func TestRosterIsFollowed(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob"})
	until(ctx, t, alice, "Bob is there", func() bool { return len(alice.Room().Participants) == 2 })
	if err := bob.Rename(ctx, "Robert"); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "Bob is renamed", func() bool { _, ok := alice.Room().Participant("Robert"); return ok })
	screen, err := bob.PublishScreen(ctx, testpeer.VideoOptions{Group: "1"})
	if err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "the screen is listed", func() bool {
		robert, _ := alice.Room().Participant("Robert")
		return len(robert.Producers) == 1 && robert.Producers[0].Source == protocol.Screen &&
			robert.Producers[0].Group == "1"
	})
	if err := screen.Close(ctx); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "the screen is gone", func() bool {
		robert, _ := alice.Room().Participant("Robert")
		return len(robert.Producers) == 0
	})
	if err := bob.Leave(ctx); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "Bob has left", func() bool { return len(alice.Room().Participants) == 1 })
	room := alice.Room()
	if len(room.Left) != 1 || room.Left[0].ParticipantID != bob.ID() || room.Left[0].Reason != protocol.LeftByChoice {
		t.Errorf("left: %+v", room.Left)
	}
	if room.Gaps != 0 {
		t.Errorf("%d deltas didn't follow the one before", room.Gaps)
	}
}

func TestServerMutes(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	video, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
	audio, sound := microphone(ctx, t, alice, bob, testpeer.AudioOptions{})
	frames(ctx, t, bob, picture, 10)
	paused := func(want bool) func() bool {
		return func() bool {
			p, _ := bob.Room().Participant("Alice")
			return len(p.Producers) == 2 && p.Producers[0].Paused == want && p.Producers[1].Paused == want
		}
	}
	if err := errors.Join(video.Pause(ctx), audio.Pause(ctx)); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, bob, "the mute states are told", paused(true))
	sendMore := func() {
		sent := video.Stats()[0].Packets
		until(ctx, t, alice, "more is sent", func() bool { return video.Stats()[0].Packets > sent+40 })
	}
	sendMore() // what was under way arrives
	before := bob.Stats().Total().Packets
	sendMore()
	if got := bob.Stats().Total().Packets; got > before {
		t.Errorf("%d packets came of muted tracks", got-before)
	}
	if err := errors.Join(video.Resume(ctx), audio.Resume(ctx)); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, bob, "the mute states are told", paused(false))
	frames(ctx, t, bob, picture, 10)
	lossless(t, picture.Stats())
	lossless(t, sound.Stats())
	if keys := picture.Stats().KeyFrames; keys < 2 {
		t.Errorf("%d key frames, want another one after the pause", keys)
	}
}

func TestSpeakerIsTold(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	loud, _ := microphone(ctx, t, alice, bob, testpeer.AudioOptions{Level: 20})
	quiet, _ := microphone(ctx, t, bob, alice, testpeer.AudioOptions{Level: 127, DTX: true})
	dominant := func(who *testpeer.Peer) func() bool {
		return func() bool { return bob.Room().Speakers.Dominant == who.ID() }
	}
	until(ctx, t, bob, "Alice is the speaker", dominant(alice))
	loud.SetLevel(127, false)
	quiet.SetLevel(20, true)
	until(ctx, t, bob, "Bob is the speaker", dominant(bob))
}
