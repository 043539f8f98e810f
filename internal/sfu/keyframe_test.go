package sfu

import (
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"
)

// wantPLI waits for a request for a key frame.
func (c *client) wantPLI(ssrc uint32) {
	c.Helper()
	awaitControl(c, "a request for a key frame", func(p *pionrtcp.PictureLossIndication) bool {
		return p.MediaSSRC == ssrc
	})
}

// TestKeyFramesAreNotForOneAlone: a client that asks for key frames all the time gets few in the end, one that has
// trouble for a while gets all.
func TestKeyFramesAreNotForOneAlone(t *testing.T) {
	const second = int64(time.Second)
	c := &Consumer{stream: new(stream)}
	p := &pipeline{traffic: new(traffic)}
	ask := func(from, to int64) (asked int) {
		for p.now = from; p.now < to; p.now += second / 5 {
			p.keyFrames = nil
			for range 3 {
				c.refresh(p)
			}
			asked += len(p.keyFrames)
		}
		return asked
	}
	for _, step := range []struct{ from, to, least, most int64 }{
		{0, 3, 15, 15},
		{100, 103, 15, 15},
		{103, 203, 100, 103}, // one a second, and what the three before left
		{1000, 1003, 15, 15},
	} {
		if got := int64(ask(step.from*second, step.to*second)); got < step.least || got > step.most {
			t.Errorf("from %d to %d s %d are asked for", step.from, step.to, got)
		}
	}
}
