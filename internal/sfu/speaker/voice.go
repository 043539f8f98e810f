package speaker

import "time"

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

// voice is the last second of one participant.
type voice struct {
	id     string
	recent [frames]uint8 // active bands, by frame number modulo frames
	newest int64         // number of the newest frame
	floor  floor
	spoke  int64 // when it was last speaking
	ever   bool  // it spoke at all
}

func newVoice(id string, now int64) *voice {
	return &voice{id: id, newest: frameAt(now) - 1, floor: newFloor(now)}
}

// frameAt is the number of the frame that is going on at the time now.
func frameAt(now int64) int64 { return max(0, now) / frameTime }

// observe notes a packet's level for its frame, and for the frames before it that the packet may hold.
func (v *voice) observe(level uint8, now int64) {
	const silence = 127
	loudness := silence - min(level, silence)
	v.floor.observe(loudness, now)
	active := uint8(0)
	if loudness >= v.floor.level()+noiseMargin {
		active = loudness / bandWidth
	}
	frame := frameAt(now)
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
		v.spoke, v.ever = now, true
	}
}

// fade lets silence follow when no packet came for longer than one can hold.
func (v *voice) fade(now int64) {
	if frame := frameAt(now); frame-v.newest > maxPacket {
		v.advance(frame, 0)
	}
}

// advance fills the frames up to and including the given one.
func (v *voice) advance(frame int64, active uint8) {
	for f := max(v.newest+1, frame-frames+1); f <= frame; f++ {
		v.recent[f%frames] = active
	}
	v.newest = frame
}

// immediate is the newest frame's active bands.
func (v *voice) immediate() int { return int(v.recent[v.newest%frames]) }

// active counts the active frames of a block; block 0 is the newest.
func (v *voice) active(block int64) int {
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
func (v *voice) long() int {
	n := 0
	for block := range int64(blocks) {
		if v.active(block) > activeFrames {
			n++
		}
	}
	return n
}

func (v *voice) speaking(now int64) bool { return v.ever && now-v.spoke < hangOver }

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
