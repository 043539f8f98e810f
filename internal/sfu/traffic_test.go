package sfu

import (
	"testing"

	"stube/internal/ortc"
)

// TestTrafficCountsWhatPassed: also of those who have left, each packet once.
func TestTrafficCountsWhatPassed(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	video := alice.produce(camera(ortc.MimeVP8, single(3000)))
	seen := bob.consume(video, 720)
	heard := bob.consume(alice.produce(microphone(1111)), 0)
	media, rtx := ssrcs(t, seen)
	picture, voice := alice.sender(3000, mediaType), alice.sender(1111, opusType)
	var last arrival
	for i := range 10 {
		picture.next(vp8(true, i == 0, uint16(i), byte(i), byte(i)))
		last = bob.next()
		voice.next([]byte{1, 2, 3})
		bob.next()
	}
	bob.nack(media, last.Sequence)
	bob.nextOf(rtx)

	survey := router.server.Survey()
	if survey.Routers != 1 || survey.Transports[TransportConnected] != 2 || survey.Unlimited != 1 ||
		survey.Video.Producers != 1 || survey.Video.Live[0] != 1 || survey.Video.Carried[0] != 1 ||
		survey.Audio.Producers != 1 || survey.Audio.Carried[0] != 1 || len(survey.Estimates) != 0 {
		t.Errorf("survey %+v", survey)
	}
	seen.Close()
	heard.Close()
	alice.transport.Close()
	got := router.server.Traffic()
	want := Traffic{
		Audio:   Flow{PacketsIn: 10, BytesIn: 30, PacketsOut: 10, BytesOut: 30},
		Video:   got.Video,
		AskedIn: 1, RepairBytes: got.RepairBytes, PicturesOut: got.PicturesOut, PicturesIn: got.PicturesIn,
	}
	want.Video.PacketsIn, want.Video.PacketsOut, want.Video.RepairedOut = 10, 10, 1
	if got != want || got.Video.BytesIn == 0 || got.Video.BytesOut < got.Video.BytesIn {
		t.Errorf("traffic %+v, want %+v", got, want)
	}
	if got.Packets() != 41 || got.WireOut() != got.Video.BytesOut+30+20*wireOverhead+got.RepairBytes {
		t.Errorf("%d packets, %d bytes", got.Packets(), got.WireOut())
	}
	least := uint64(datagramOverhead + len(last.payload))
	if got.RepairBytes <= least || got.RepairBytes > least+maxHeader {
		t.Errorf("%d bytes for a packet of %d sent again", got.RepairBytes, len(last.payload))
	}
	survey = router.server.Survey()
	if survey.Transports[TransportConnected] != 1 || survey.Video != (Tracks{}) || survey.Audio != (Tracks{}) {
		t.Errorf("survey after all has been closed: %+v", survey)
	}
}

// TestLossesAreCountedOnce: whatever a client reports, no more is counted than was sent to it.
func TestLossesAreCountedOnce(t *testing.T) {
	var r receiver
	for _, step := range []struct {
		total int32
		sent  uint64
		more  uint64
	}{
		{3, 100, 3},
		{3, 200, 0},
		{10, 300, 7},
		{-1 << 23, 300, 0},
		{10, 300, 0},
		{1<<23 - 1, 400, 390},
		{0, 400, 0},
		{1<<23 - 1, 400, 0},
		{1<<23 - 1, 500, 100},
	} {
		if more := r.missed(step.total, step.sent); more != step.more {
			t.Errorf("%d of %d: %d more, want %d", step.total, step.sent, more, step.more)
		}
	}
}
