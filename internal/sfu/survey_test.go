package sfu

import (
	"math"
	"testing"

	"stube/internal/ortc"
)

// TestSurveyOfANarrowWay: who gets sound only, as the network carries no more, is among those whose limits are told;
// who looks at no video is not.
func TestSurveyOfANarrowWay(t *testing.T) {
	way := newTransport(newServer(t).NewRouter(RouterConfig{}), TransportConfig{})
	video := &Consumer{producer: &Producer{kind: ortc.Video}, target: none}
	way.consumers["video"] = video
	way.congestion.famine, way.estimate = true, 70_000
	look := func() (v Survey) {
		v.sending(way, 0)
		return v
	}
	if v := look(); v.SoundOnly != 0 || len(v.Estimates) != 0 || v.Unlimited != 0 || v.Video.Idle != 1 {
		t.Errorf("nothing is looked at: %+v", v)
	}
	video.limited = true
	if v := look(); v.SoundOnly != 1 || len(v.Estimates) != 1 || v.Estimates[0] != 70_000 || v.Video.Limited != 1 {
		t.Errorf("with sound only: %+v", v)
	}
	video.target, video.limited = 0, false
	way.congestion.famine, way.estimate = false, math.MaxUint64
	if v := look(); v.SoundOnly != 0 || v.Unlimited != 1 {
		t.Errorf("with enough: %+v", v)
	}
}
