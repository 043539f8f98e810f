package speaker

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	frameTime = int64(20 * time.Millisecond)
	frames    = blocks * blockFrames // the long time: one second
	blocks    = 10
	// blockFrames make the medium time, 100 ms.
	blockFrames = 5
	// bands is how many steps of loudness there are above silence: the immediate time's activity.
	bands     = 13
	bandWidth = 10 // dB

	// activeBands and activeFrames are what a frame and a block must exceed to count in the next longer time.
	activeBands  = 7
	activeFrames = 4

	// maxPacket is how many frames one packet may stand for: Opus packets hold up to 120 ms.
	maxPacket = 6

	// speakingFrames of the newest block must be active for somebody to be speaking, who then is for hangOver.
	speakingFrames = 3
	hangOver       = int64(500 * time.Millisecond)
)

// Voice is the last second of one participant. All methods are safe for concurrent use; times are nanoseconds of one
// clock that isn't negative.
type Voice struct {
	id    string
	spoke atomic.Int64 // when it was last speaking; never before it was

	mu     sync.Mutex
	recent [frames]uint8 // active bands, by frame number modulo frames
	newest int64         // number of the newest frame; nothing was heard before it
	heard  bool          // anything at all
	floor  floor
}

// never is a time so long ago that nothing follows from it.
const never = -int64(time.Hour)

func newVoice(id string) *Voice {
	v := &Voice{id: id}
	v.spoke.Store(never)
	return v
}

// frameAt is the number of the frame that is going on at the time now.
func frameAt(now int64) int64 { return max(0, now) / frameTime }

// Observe notes a packet's level, in -dBov from 0 (loudest) to 127 (silence), for its frame and for the frames before
// it that the packet may hold. It tells whether the packet is louder than the noise, which one alone does not make
// speech. It doesn't allocate.
func (v *Voice) Observe(level uint8, now int64) (loud bool) {
	const silence = 127
	loudness := silence - min(level, silence)
	frame := frameAt(now)
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.heard {
		v.heard, v.newest, v.floor = true, frame-1, newFloor(now)
	}
	v.floor.observe(loudness, now)
	active := uint8(0)
	if loudness >= v.floor.level()+noiseMargin {
		active, loud = loudness/bandWidth, true
	}
	switch gap := frame - v.newest; {
	case gap <= 0: // a second packet within a frame
		slot := v.newest % frames
		v.recent[slot] = max(v.recent[slot], active)
	case gap <= maxPacket:
		v.advance(frame, active)
	default:
		v.advance(frame-1, 0)
		v.advance(frame, active)
	}
	if v.active(0) >= speakingFrames {
		v.spoke.Store(now)
	}
	return loud
}

// Spoke tells when it was last speaking, long ago if never.
func (v *Voice) Spoke() int64 { return v.spoke.Load() }

// Speaking tells whether it speaks at the time now, or did within the last half second.
func (v *Voice) Speaking(now int64) bool { return now-v.spoke.Load() < hangOver }

// score rates it, and tells whether it was active at all in the medium time.
func (v *Voice) score(s *scores) (rated score, active bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	medium := v.active(0)
	return score{s.immediate[v.immediate()], s.medium[medium], s.long[v.long()]}, medium > 0
}

// fade lets silence follow when no packet came for longer than one can hold.
func (v *Voice) fade(now int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if frame := frameAt(now); v.heard && frame-v.newest > maxPacket {
		v.advance(frame, 0)
	}
}

// advance fills the frames up to and including the given one. mu is held.
func (v *Voice) advance(frame int64, active uint8) {
	for f := max(v.newest+1, frame-frames+1); f <= frame; f++ {
		v.recent[f%frames] = active
	}
	v.newest = frame
}

// immediate is the newest frame's active bands.
func (v *Voice) immediate() int { return int(v.recent[v.newest%frames]) }

// active counts the active frames of a block; block 0 is the newest.
func (v *Voice) active(block int64) int {
	n := 0
	last := v.newest - block*blockFrames
	for f := last; f > last-blockFrames; f-- {
		if v.recent[(f+frames)%frames] > activeBands {
			n++
		}
	}
	return n
}

// long counts the blocks that were active throughout.
func (v *Voice) long() int {
	n := 0
	for block := range int64(blocks) {
		if v.active(block) > activeFrames {
			n++
		}
	}
	return n
}

// floor is a participant's noise: the quietest of the last ten to twenty seconds.
type floor struct {
	current, previous uint8 // the quietest of this and of the last window
	until             int64 // when this window ends
}

const (
	floorWindow = int64(10 * time.Second)
	// noiseMargin is how far noise rises above its quietest, in dB.
	noiseMargin = 15
	// maxFloor keeps somebody who is loud all the time, as with music, from being taken for noise.
	maxFloor = 72
)

func newFloor(now int64) floor {
	return floor{current: maxFloor, previous: maxFloor, until: now + floorWindow}
}

func (f *floor) observe(loudness uint8, now int64) {
	if now >= f.until {
		f.previous, f.current, f.until = f.current, maxFloor, now+floorWindow
	}
	f.current = min(f.current, loudness)
}

func (f *floor) level() uint8 { return min(f.current, f.previous) }
