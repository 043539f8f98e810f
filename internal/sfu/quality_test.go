package sfu

import (
	"testing"
	"time"

	"stube/internal/ortc"
)

// TestQualityTellsWhatAWayCarries: loss and delay make a connection worse, and so does what it cannot carry, without
// any loss. What is merely smaller than it could be, or not looked at, is no matter.
func TestQualityTellsWhatAWayCarries(t *testing.T) {
	for name, test := range map[string]struct {
		of      *Consumer
		famine  famine
		quality Quality
	}{
		"all is carried":           {&Consumer{}, false, QualityGood},
		"a smaller picture":        {&Consumer{limited: true}, false, QualityGood},
		"nothing is looked at":     {&Consumer{target: none}, true, QualityGood},
		"a picture is paused":      {&Consumer{target: none, limited: true}, false, QualityFair},
		"sound alone":              {&Consumer{target: none, limited: true}, true, QualityPoor},
		"some loss":                {&Consumer{receiver: receiver{fresh: true, fraction: fairLoss}}, false, QualityFair},
		"much loss":                {&Consumer{receiver: receiver{fresh: true, fraction: poorLoss}}, false, QualityPoor},
		"a long way":               {&Consumer{receiver: receiver{fresh: true, rtt: int64(fairRTT)}}, false, QualityFair},
		"a very long way":          {&Consumer{receiver: receiver{fresh: true, rtt: int64(time.Second)}}, false, QualityPoor},
		"a report that was judged": {&Consumer{receiver: receiver{fraction: poorLoss}}, false, QualityGood},
	} {
		told := QualityGood
		way := newTransport(newServer(t).NewRouter(RouterConfig{}), TransportConfig{Quality: func(q Quality) { told = q }})
		video, fresh := test.of, test.of.receiver.fresh
		video.producer = &Producer{kind: ortc.Video}
		way.consumers["video"], way.congestion.famine = video, test.famine
		var p pipeline
		for range 2 { // a change must hold for two looks
			video.receiver.fresh = fresh
			way.rate(&p)
		}
		for _, tell := range p.events {
			tell()
		}
		if told != test.quality {
			t.Errorf("%s: %d, want %d", name, told, test.quality)
		}
	}
}
