package app_test

import (
	"context"
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// show tells the server that a consumer is shown with this height.
func show(ctx context.Context, t *testing.T, p *testpeer.Peer, c *testpeer.Consumer, height uint16) {
	t.Helper()
	err := p.View(ctx, protocol.ViewItem{
		ConsumerID: c.ID(), Size: protocol.Size{Width: height * 16 / 9, Height: height}, Priority: protocol.PriorityTile,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// carries waits until a consumer gets pictures of this height, and some of them.
func carries(ctx context.Context, t *testing.T, p *testpeer.Peer, c *testpeer.Consumer, height int) {
	t.Helper()
	until(ctx, t, p, "the layer is switched", func() bool { return c.Stats().Height == height })
	frames(ctx, t, p, c, 8)
}

func TestLayerFollowsView(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	_, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
	for _, height := range []uint16{720, 180, 360, 720, 360, 180, 720} {
		show(ctx, t, bob, picture, height)
		carries(ctx, t, bob, picture, int(height))
	}
	lossless(t, picture.Stats())
	until(ctx, t, bob, "the layer is told", func() bool { return picture.State().Layer == 2 })

	if err := bob.View(ctx); err != nil { // shows nothing
		t.Fatal(err)
	}
	until(ctx, t, bob, "nothing is told to be sent", func() bool { return picture.State().Layer == -1 })
	before := picture.Stats().Packets
	show(ctx, t, bob, picture, 180)
	carries(ctx, t, bob, picture, 180)
	lossless(t, picture.Stats())
	if picture.Stats().Packets == before {
		t.Error("nothing came after the picture was shown again")
	}
}

func TestLayerFallsBackWhenItVanishes(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	video, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
	carries(ctx, t, bob, picture, 720)
	video.SetActive("r2", false)
	carries(ctx, t, bob, picture, 360)
	video.SetActive("r1", false)
	carries(ctx, t, bob, picture, 180)
	video.SetActive("r2", true)
	carries(ctx, t, bob, picture, 720)
	seamless(t, picture.Stats())
}

func TestSlowReceiverGetsALowLayer(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	slow := join(ctx, t, testpeer.Options{URL: url, Name: "Slow", AutoSubscribe: true, Bandwidth: 250_000})
	fast := join(ctx, t, testpeer.Options{URL: url, Name: "Fast", AutoSubscribe: true})
	video, small := camera(ctx, t, alice, slow, testpeer.VideoOptions{Layers: testpeer.Simulcast()})
	large := consumer(ctx, t, fast, video.ProducerID())
	carries(ctx, t, slow, small, 180)
	carries(ctx, t, fast, large, 720)
	until(ctx, t, slow, "it is told that the network limits", func() bool { return small.State().Limited })
	slow.SetBandwidth(20_000_000)
	carries(ctx, t, slow, small, 720)
	seamless(t, small.Stats())
	lossless(t, large.Stats())
}

func TestNumbersContinueAcrossTheirEnd(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	_, picture := camera(ctx, t, alice, bob, testpeer.VideoOptions{
		Layers: testpeer.Simulcast(), FirstSequence: 65_480,
	})
	for _, height := range []uint16{180, 720, 180} {
		show(ctx, t, bob, picture, height)
		carries(ctx, t, bob, picture, int(height))
	}
	frames(ctx, t, bob, picture, 60)
	lossless(t, picture.Stats())
}
