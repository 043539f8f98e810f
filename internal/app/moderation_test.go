package app_test

import (
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// criteria 12 and 15: what a moderator mutes, and what the panic button stops, stops in the media server, however much
// goes on being sent; nobody but the sender starts it again.
func TestCriterion12And15MediaStops(t *testing.T) {
	ctx, url := bounded(t), server(t)
	anna := join(ctx, t, testpeer.Options{URL: url, Name: "Anna", AutoSubscribe: true})
	ben := join(ctx, t, testpeer.Options{URL: url, Name: "Ben"})
	sound, heard := microphone(ctx, t, ben, anna, testpeer.AudioOptions{})
	video, seen := camera(ctx, t, ben, anna, testpeer.VideoOptions{})
	frames(ctx, t, anna, seen, 10)
	until(ctx, t, anna, "audio flows", func() bool { return heard.Stats().Packets > 10 })

	sources := []protocol.Source{protocol.Microphone, protocol.Camera}
	mute := protocol.StopMedia{ParticipantIDs: []string{ben.ID()}, Sources: sources}
	silent := func() {
		t.Helper()
		until(ctx, t, anna, "the mute is told", func() bool {
			p, _ := anna.Room().Participant("Ben")
			return len(p.Producers) == 2 && p.Producers[0].Paused && p.Producers[1].Paused
		})
		sendMore := func() {
			sent := video.Stats()[0].Packets
			until(ctx, t, ben, "more is sent", func() bool { return video.Stats()[0].Packets > sent+40 })
		}
		sendMore() // what was under way arrives
		before := anna.Stats().Total().Packets
		sendMore()
		if got := anna.Stats().Total().Packets; got > before {
			t.Errorf("%d packets came of what was stopped", got-before)
		}
	}
	call(ctx, t, anna, protocol.MethodStopMedia, mute)
	silent()
	resume := func(id string) error {
		return ben.Call(ctx, protocol.MethodResumeProducer, protocol.ProducerRef{ProducerID: id}, &protocol.Empty{})
	}
	for _, id := range []string{sound.ProducerID(), video.ProducerID()} {
		err := anna.Call(ctx, protocol.MethodResumeProducer, protocol.ProducerRef{ProducerID: id}, &protocol.Empty{})
		if err == nil {
			t.Error("a host unmuted somebody")
		}
		if err := resume(id); err != nil {
			t.Errorf("who was muted cannot start again: %v", err)
		}
	}
	frames(ctx, t, anna, seen, 10)

	call(ctx, t, anna, protocol.MethodPanic, protocol.Empty{})
	silent()
	if err := resume(video.ProducerID()); err == nil {
		t.Error("somebody who is halted can send")
	}
	if err := ben.Call(ctx, protocol.MethodSendChat, protocol.SendChat{Text: "x"}, &protocol.ChatSent{}); err == nil {
		t.Error("somebody who is halted can write")
	}
	if _, err := testpeer.Join(ctx, testpeer.Options{URL: url, Room: "stube", Name: "Carl"}); err == nil {
		t.Error("somebody came into a room after the panic button")
	}
	call(ctx, t, anna, protocol.MethodRestore, protocol.People{Everyone: true})
	if err := resume(video.ProducerID()); err != nil {
		t.Errorf("who was brought back cannot send: %v", err)
	}
	frames(ctx, t, anna, seen, 10)
}

// The class preset, against a guest's raw messages: what they may not send never reaches anybody.
func TestClassAgainstRawMessages(t *testing.T) {
	ctx, url := bounded(t), server(t)
	teacher := join(ctx, t, testpeer.Options{URL: url, Name: "Teacher", AutoSubscribe: true})
	call(ctx, t, teacher, protocol.MethodUpdateSettings, protocol.SettingsChange{Preset: new(protocol.Class)})
	pupil := join(ctx, t, testpeer.Options{URL: url, Name: "Pupil"})
	if _, err := pupil.PublishMicrophone(ctx, testpeer.AudioOptions{}); err == nil {
		t.Error("a pupil speaks without being asked")
	}
	if _, err := pupil.PublishScreen(ctx, testpeer.VideoOptions{}); err == nil {
		t.Error("a pupil shares a screen")
	}
	err := pupil.Call(ctx, protocol.MethodSendChat, protocol.SendChat{Text: "x", To: teacher.ID()}, &protocol.ChatSent{})
	if err == nil {
		t.Error("a pupil writes in private")
	}
	_, seen := camera(ctx, t, pupil, teacher, testpeer.VideoOptions{})
	frames(ctx, t, teacher, seen, 5)
	call(ctx, t, teacher, protocol.MethodAskForMedia, protocol.AskForMedia{
		ParticipantIDs: []string{pupil.ID()}, Source: protocol.Microphone,
	})
	_, heard := microphone(ctx, t, pupil, teacher, testpeer.AudioOptions{})
	until(ctx, t, teacher, "audio flows", func() bool { return heard.Stats().Packets > 5 })
}
