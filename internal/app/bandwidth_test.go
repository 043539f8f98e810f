package app_test

import (
	"context"
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// downlink asks the server what it knows of the way to a peer.
func downlink(ctx context.Context, t *testing.T, p *testpeer.Peer) protocol.Downlink {
	t.Helper()
	var d protocol.Downlink
	if err := p.Call(ctx, protocol.MethodDownlink, protocol.Empty{}, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEstimateFromFeedback: of a peer that tells when packets come it is known what its way carries, and more is tried
// as long as that is less than what is wanted; one that tells by REMB has no limit as long as nothing is wrong, nor one
// that answers nothing, and both get all. How much the first gets follows from when packets came, which on a crowded
// machine is late: that is measured in simulated time (internal/sfu/bwe, and TestLinkFallsAndRises beside it).
func TestEstimateFromFeedback(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	layers := testpeer.Simulcast()
	layers[2].Bitrate = 2_500_000 // more than is sent on trust
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	carol := join(ctx, t, testpeer.Options{URL: url, Name: "Carol", AutoSubscribe: true, Bandwidth: 20_000_000})
	dan := join(ctx, t, testpeer.Options{URL: url, Name: "Dan", AutoSubscribe: true, Unanswering: true})
	video, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{Layers: layers})
	for _, p := range []*testpeer.Peer{carol, dan} {
		received := consumer(ctx, t, p, video.ProducerID())
		carries(ctx, t, p, received, 720)
		lossless(t, received.Stats())
	}
	until(ctx, t, bob, "more is tried", func() bool { return picture.Stats().Redundant > 0 })
	for downlink(ctx, t, bob).Estimate == 0 { // until a probe, or a queue, has shown what the way carries
		frames(ctx, t, bob, picture, 10)
	}
	seamless(t, picture.Stats())
	for name, p := range map[string]*testpeer.Peer{"by REMB": carol, "not": dan} {
		if d := downlink(ctx, t, p); d.Estimate != 0 {
			t.Errorf("who tells %s: %+v", name, d)
		}
	}
}
