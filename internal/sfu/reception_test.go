package sfu

import (
	"testing"
	"time"

	"stube/internal/sfu/rtp"
)

func TestReceptionCountsLosses(t *testing.T) {
	s := &stream{producer: &Producer{clockRate: 90000}}
	arrive := func(sequences ...int64) {
		for _, n := range sequences {
			s.account(&rtp.Header{}, n, 100, 0)
		}
	}
	steps := []struct {
		name      string
		come      []int64
		recovered uint64
		total     int64
		fraction  uint8
	}{
		{"first", []int64{70000}, 0, 0, 0},
		{"all of three", []int64{70001, 70002, 70003}, 0, 0, 0},
		{"one of two", []int64{70005}, 0, 1, 128},
		{"nothing", nil, 0, 1, 0},
		{"the lost one, late", []int64{70004}, 0, 0, 0},
		{"one of four", []int64{70009}, 0, 3, 192},
		{"two of them again", []int64{70010}, 2, 1, 0},
		{"twice", []int64{70011, 70011, 70011}, 0, -1, 0},
		{"all but one of very many", []int64{71000, 170000}, 0, 99986, 255},
		{"one from before the first", []int64{69999}, 0, 99986, 0},
	}
	for _, step := range steps {
		arrive(step.come...)
		s.recovered += step.recovered
		if total, fraction := s.lost(); total != step.total || fraction != step.fraction || s.recentLoss != fraction {
			t.Errorf("%s: lost %d, fraction %d; want %d, %d", step.name, total, fraction, step.total, step.fraction)
		}
	}
	if s.highest != 170000 || s.first != 69999 {
		t.Errorf("from %d to %d", s.first, s.highest)
	}
}

// TestJitter follows RFC 3550 appendix A.8: a sixteenth of each deviation, past the wrap-around of timestamps too.
func TestJitter(t *testing.T) {
	s := &stream{producer: &Producer{clockRate: 1000}}
	timestamp := uint32(0xffffff00)
	now := int64(time.Second)
	for n := range int64(200) {
		s.account(&rtp.Header{Timestamp: timestamp}, n, 1, now)
		timestamp += 10
		now += int64(10 * time.Millisecond)
	}
	if s.jitter != 0 {
		t.Errorf("a jitter of %d/16 ms without any", s.jitter)
	}
	for n := int64(200); n < 600; n++ {
		late := n % 2 * int64(8*time.Millisecond)
		s.account(&rtp.Header{Timestamp: timestamp}, n, 1, now+late)
		timestamp += 10
		now += int64(10 * time.Millisecond)
	}
	if got := s.jitter >> 4; got < 7 || got > 8 {
		t.Errorf("a jitter of %d ms where each packet deviates by 8", got)
	}
}

func TestMeasure(t *testing.T) {
	s := &stream{producer: &Producer{clockRate: 90000}}
	now := int64(0)
	for range 100 {
		now += int64(10 * time.Millisecond)
		s.account(&rtp.Header{}, now, 125, now)
		s.measure(now)
	}
	if got := s.bitrate.Load(); got != 100_000 {
		t.Errorf("%d bit/s, want 100000", got)
	}
}

func TestMeter(t *testing.T) {
	var m meter
	if !m.due(5) || m.due(6) || m.due(int64(qualityInterval)) || !m.due(5+int64(qualityInterval)) {
		t.Error("it is not due every two seconds")
	}
	for i, step := range []struct {
		see  Quality
		tell bool
	}{
		{QualityGood, false}, // as it was taken for
		{QualityPoor, false}, // once is no change
		{QualityGood, false},
		{QualityFair, false},
		{QualityFair, true},
		{QualityFair, false},
		{QualityPoor, false},
		{QualityPoor, true},
		{QualityGood, false},
		{QualityGood, true},
	} {
		if got := m.see(step.see); got != step.tell {
			t.Errorf("look %d: told %v, want %v", i, got, step.tell)
		}
	}
}

func TestLive(t *testing.T) {
	var s stream
	if s.live(int64(time.Second)) {
		t.Error("lives before its first packet")
	}
	s.lastPacket.Store(int64(time.Second))
	if !s.live(int64(time.Second)+int64(streamSilence)-1) || s.live(int64(time.Second)+int64(streamSilence)) {
		t.Error("does not live for as long as it should")
	}
}
