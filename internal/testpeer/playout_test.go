package testpeer

import (
	"testing"
	"time"
)

const (
	frameTime  = int64(time.Second / 30)
	frameClock = videoClock / 30
)

// pictures makes frames of three packets each, a key frame first. Sequence numbers begin with 1000.
func pictures(frames int) []slot {
	var all []slot
	for f := range frames {
		for i := range 3 {
			s := slot{
				sequence: int64(1000 + 3*f + i), sent: 1 + int64(f)*frameTime, timestamp: uint32(f * frameClock),
				pictureID: uint16(32_760+f) & 0x7fff, tl0: uint8(250 + f), flags: flagPicture | flagBase,
			}
			if i == 0 {
				s.flags |= flagStart
			}
			if i == 2 {
				s.flags |= flagMarker
			}
			if f == 0 && i == 0 {
				s.flags |= flagKeyFrame
				s.width, s.height = 1280, 720
			}
			all = append(all, s)
		}
	}
	return all
}

// renumber makes the sequence numbers follow each other.
func renumber(all []slot) []slot {
	for i := range all {
		all[i].sequence = int64(1000 + i)
	}
	return all
}

func TestPlayout(t *testing.T) {
	without := func(all []slot, from, to int) []slot { return append(all[:from:from], all[to:]...) }
	tests := []struct {
		name    string
		packets func() []slot
		want    ConsumerStats
	}{
		{
			name:    "everything in order",
			packets: func() []slot { return pictures(20) },
			want:    ConsumerStats{Frames: 20, KeyFrames: 1},
		},
		{
			name: "out of order",
			packets: func() []slot {
				all := pictures(20)
				all[10], all[14] = all[14], all[10]
				return all
			},
			want: ConsumerStats{Frames: 20, KeyFrames: 1},
		},
		{
			name:    "a packet lost for good: no frame after it can be shown",
			packets: func() []slot { return without(pictures(200), 31, 32) },
			want:    ConsumerStats{Frames: 10, KeyFrames: 1, Gaps: 1},
		},
		{
			name:    "a frame dropped by the server, which numbers on",
			packets: func() []slot { return renumber(without(pictures(20), 30, 33)) },
			want:    ConsumerStats{Frames: 19, KeyFrames: 1, PictureJumps: 1},
		},
		{
			name: "half a frame dropped by the server, which numbers on",
			packets: func() []slot {
				return renumber(without(pictures(20), 31, 33))
			},
			want: ConsumerStats{Frames: 19, KeyFrames: 1, Broken: 1},
		},
		{
			name: "timestamps that leap",
			packets: func() []slot {
				all := pictures(20)
				for i := 30; i < len(all); i++ {
					all[i].timestamp += videoClock
				}
				return all
			},
			want: ConsumerStats{Frames: 20, KeyFrames: 1, TimestampJumps: 1},
		},
		{
			name: "a key frame after frames that weren't sent",
			packets: func() []slot {
				all := pictures(30)
				all[60].flags |= flagKeyFrame
				all[60].width, all[60].height = 320, 180
				return renumber(without(all, 30, 60))
			},
			want: ConsumerStats{Frames: 20, KeyFrames: 2},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got ConsumerStats
			var p playout
			p.init(true, videoClock, &got)
			for i, s := range test.packets() {
				if !p.insert(s, int64(i)) {
					t.Fatalf("packet %d was taken for a duplicate", s.sequence)
				}
				p.giveUp(int64(i))
			}
			got.Width, got.Height = 0, 0
			if got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestPlayoutGivesUpInTime(t *testing.T) {
	var got ConsumerStats
	var p playout
	p.init(true, videoClock, &got)
	all := pictures(4)
	for _, s := range append(all[:4:4], all[5:]...) {
		p.insert(s, 1)
	}
	p.giveUp(1 + maxWait)
	if !p.waiting() || p.wantsPicture() {
		t.Error("a gap was given up too early")
	}
	p.giveUp(2 + maxWait)
	if p.waiting() || !p.wantsPicture() || got.Gaps != 1 {
		t.Errorf("after the wait: waiting %t, wants a key frame %t, %d gaps", p.waiting(), p.wantsPicture(), got.Gaps)
	}
	if p.insert(all[4], 3+maxWait); got.Frames != 1 {
		t.Errorf("%d frames, want the one before the gap", got.Frames)
	}
}

func TestPlayoutKnowsDuplicatesAndLeaps(t *testing.T) {
	var got ConsumerStats
	var p playout
	p.init(false, audioClock, &got)
	if !p.insert(slot{sequence: 5}, 1) || p.insert(slot{sequence: 5}, 1) {
		t.Error("a duplicate was taken")
	}
	if !p.insert(slot{sequence: 5 + 10*playoutSize}, 2) || p.waiting() {
		t.Error("a leap past everything isn't played")
	}
	if !p.insert(slot{sequence: 4}, 3) {
		t.Error("a late packet was taken for a duplicate")
	}
}
