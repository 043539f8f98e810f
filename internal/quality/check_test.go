package quality_test

import (
	"testing"
	"time"

	"stube/internal/quality"
	"stube/internal/relay/schedule"
	"stube/internal/testpeer"
)

// TestCheckTellsUpAndDownApart: whose network carries little up and more down learns so by a check before joining,
// though all media that come down have gone up.
func TestCheckTellsUpAndDownApart(t *testing.T) {
	const sent, sharp, most, tried = 350_000, 1_500_000, 3_000_000, 4_000_000 // bit/s
	ctx, n := open(t)
	up := schedule.Profile{Delay: 20 * time.Millisecond, Rate: 500_000}
	down := schedule.Profile{Delay: 20 * time.Millisecond, Rate: most}
	picture := testpeer.VideoOptions{Layers: []testpeer.Layer{{Width: 640, Height: 360, Bitrate: sent}}}
	told, came, err := quality.Check(ctx, n, up, down, picture, sharp)
	if err != nil {
		t.Fatal(err)
	}
	if told.Estimate > tried {
		t.Errorf("down a link of 3 Mbit/s %+v", told)
	}
	if came.Frames == 0 || came.Corrupt+came.Broken != 0 {
		t.Errorf("the picture came back as %+v", came)
	}
}
