package sfu

import (
	"math"
	"testing"
	"time"

	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

func TestScale(t *testing.T) {
	for _, test := range []struct{ ns, rate, want int64 }{
		{0, 90000, 0},
		{int64(time.Second), 90000, 90000},
		{int64(time.Second) / 2, 48000, 24000},
		{int64(365 * 24 * time.Hour), 90000, 365 * 24 * 3600 * 90000}, // without overflow
		{-int64(time.Second) * 3 / 2, 90000, -135000},
		{1, 90000, 0},
		{math.MinInt64, 1, math.MinInt64 / int64(time.Second)},
	} {
		if got := scale(test.ns, test.rate); got != test.want {
			t.Errorf("%d ns are %d ticks of %d Hz, want %d", test.ns, got, test.rate, test.want)
		}
	}
}

func TestClock(t *testing.T) {
	const second = int64(time.Second)
	c := &clock{ntp: 1000 * second, rtp: math.MaxUint32 - 44999} // wraps around after half a second
	for _, test := range []struct {
		ntp int64
		rtp uint32
	}{
		{1000 * second, math.MaxUint32 - 44999},
		{1000*second + second/2, 0},
		{1001 * second, 45000},
		{999 * second, math.MaxUint32 - 134999},
	} {
		if got := c.at(test.ntp, 90000); got != test.rtp {
			t.Errorf("at %d ns the timestamp is %d, want %d", test.ntp, got, test.rtp)
		}
		if got := c.time(test.rtp, 90000); got != test.ntp {
			t.Errorf("timestamp %d is at %d ns, want %d", test.rtp, got, test.ntp)
		}
	}
}

// TestNTP: differences survive the way there and back.
func TestNTP(t *testing.T) {
	s := &Server{epoch: time.Unix(1_800_000_000, 999_999_999)}
	start := fromNTP(s.ntp(0))
	for _, ns := range []int64{1, 1000, int64(time.Second), 3_600_000_000_123} {
		if off := fromNTP(s.ntp(ns)) - start - ns; off < -2 || off > 2 {
			t.Errorf("%d ns later is %d ns off", ns, off)
		}
	}
	if got := fromNTP(math.MaxUint64); got <= 0 || got > math.MaxUint32*int64(time.Second)+int64(time.Second) {
		t.Errorf("the last NTP time is %d", got)
	}
	if rtcp.NTP(0)>>32 != 2_208_988_800 {
		t.Error("1970 is misplaced")
	}
}

func TestSendTime(t *testing.T) {
	const second = int64(time.Second)
	at := func(ns int64) sendTime {
		var data [rtp.AbsSendTimeLen]byte
		rtp.PutAbsSendTime(data[:], rtp.AbsSendTime(ns))
		return readSendTime(data[:])
	}
	for _, test := range []struct{ earlier, later, want int64 }{
		{10 * second, 10*second + second/2, second / 2},
		{63 * second, 65 * second, 2 * second}, // wraps around after 64 s
		{65 * second, 63 * second, -2 * second},
	} {
		if got, ok := at(test.later).since(at(test.earlier)); !ok || max(got-test.want, test.want-got) > 10_000 {
			t.Errorf("from %d to %d ns it takes %d ns (%v), want %d", test.earlier, test.later, got, ok, test.want)
		}
	}
	if _, ok := at(second).since(0); ok {
		t.Error("the time since an unknown one is known")
	}
	if readSendTime(nil) != 0 {
		t.Error("a packet without the extension has a time")
	}
}

// TestAVoiceGoesOnInTime after a pause, also if the sender's clock stood still in it.
func TestAVoiceGoesOnInTime(t *testing.T) {
	const (
		second = int64(time.Second)
		ms     = int64(time.Millisecond)
		rate   = 48 // a ms
		newest = 5_000_000
	)
	at := func(ns int64) sendTime { return sendTime(rtp.AbsSendTime(ns)) | sendTimeKnown }
	p := &Producer{clockRate: rate * 1000, codec: rtp.Opus}
	voice := &stream{producer: p}
	for _, test := range []struct {
		name        string
		here        int64 // ns from the newest packet to the next one
		sent, first sendTime
		clock       int32 // ms, by the sender's timestamps
		want        int64 // ms
	}{
		{"it went on", 1300 * ms, 0, 0, 1300, 1300},
		{"it went on, and the packet is late", 1450 * ms, 0, 0, 1300, 1300},
		{"it stood still", 1300 * ms, 0, 0, 20, 1300},
		{"it stood still, and the packet is late", 1700 * ms, at(second), at(second + 1300*ms), 20, 1300},
		{"it stood still for a minute", 60 * second, at(second), at(61 * second), 20, 60_000},
		{"nothing but the packet's delay", 900 * ms, at(second), at(second + 20*ms), 20, 20},
	} {
		c := &Consumer{producer: p, sent: sending{timestamp: newest, at: 100 * second, sendTime: test.sent}}
		g, before := segment{stream: voice}, segment{stream: voice, timeShift: 77}
		voice.clock.Store(&clock{})
		k := &packet{stream: voice, timestamp: uint32(newest + test.clock*rate - 77), sendTime: test.first}
		c.alignTime(&g, before, voice, k, 100*second+test.here)
		if got := int64(int32(k.timestamp+g.timeShift-newest)) / rate; max(got-test.want, test.want-got) > 1 {
			t.Errorf("%s: it is %d ms later, want %d", test.name, got, test.want)
		}
		if known, want := voice.clock.Load() != nil, int64(test.clock) == test.want; known != want {
			t.Errorf("%s: the last report holds: %v", test.name, known)
		}
	}
}

// TestAWokenLayerGoesOnInTime: of a layer that begins there is no report yet. That this machine was busy does not shift
// its timestamps.
func TestAWokenLayerGoesOnInTime(t *testing.T) {
	const (
		second = int64(time.Second)
		ms     = int64(time.Millisecond)
		rate   = 90 // a ms
		newest = 5_000_000
	)
	at := func(ns int64) sendTime { return sendTime(rtp.AbsSendTime(ns)) | sendTimeKnown }
	p := &Producer{clockRate: rate * 1000}
	before, woken := &stream{producer: p}, &stream{producer: p, layer: 1}
	before.clock.Store(&clock{ntp: second, rtp: 1000})
	for _, test := range []struct {
		name        string
		here        int64 // ns from the newest frame to the first one of the layer
		sent, first sendTime
		want        int64 // ms
	}{
		{"known by when it was sent", 5 * second, at(second), at(second + 100*ms), 100},
		{"not known", 40 * ms, 0, at(second), 40},
		{"too long ago to be known", 70 * second, at(second), at(7 * second), 70_000},
	} {
		c := &Consumer{producer: p, sent: sending{timestamp: newest, at: 100 * second, sendTime: test.sent}}
		g, k := segment{stream: woken}, &packet{stream: woken, timestamp: 77, sendTime: test.first}
		c.alignTime(&g, segment{stream: before}, woken, k, 100*second+test.here)
		if got := int64(k.timestamp+g.timeShift-newest) / rate; max(got-test.want, test.want-got) > 1 {
			t.Errorf("%s: it is %d ms later, want %d", test.name, got, test.want)
		}
	}
}
