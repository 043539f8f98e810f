package testpeer

import (
	"time"

	"stube/internal/sfu/rtp"
	"stube/internal/testpeer/synth"
)

const (
	playoutSize = 512                    // packets that may be held back; a power of two
	maxWait     = int64(1e9)             // how long a gap is waited for, in ns
	maxBehind   = playoutSize / 2        // and for how many packets behind it
	maxDrift    = 150 * time.Millisecond // of timestamps against the sender's clock
)

// The flags of a slot.
const (
	flagMarker uint8 = 1 << iota
	flagStart
	flagKeyFrame
	flagPicture // pictureID and tl0 are there
	flagBase    // temporal layer 0
)

// slot is what playout keeps of a packet.
type slot struct {
	sequence  int64 // extended
	sent      int64 // by the mark; 0 without one
	timestamp uint32
	pictureID uint16
	width     uint16 // of a key frame
	height    uint16
	tl0       uint8
	flags     uint8
}

// describe reads a VP8 payload into the slot, and says how many bytes of it a server may rewrite.
func (s *slot) describe(payload []byte) int {
	d, err := rtp.ParseVP8(payload)
	if err != nil {
		return len(payload)
	}
	if d.Start {
		s.flags |= flagStart
	}
	if d.KeyFrame {
		s.flags |= flagKeyFrame
		if width, height, ok := synth.VP8Size(payload[d.Len:]); ok {
			s.width, s.height = uint16(width), uint16(height)
		}
	}
	if d.HasPictureID && d.HasTL0 {
		s.flags |= flagPicture
		s.pictureID, s.tl0 = d.PictureID, d.TL0
	}
	if d.TID == 0 {
		s.flags |= flagBase
	}
	return d.Len
}

// precedes says whether a decoder takes the next frame for the one that follows: by a picture id and an index of the
// base layer that are one higher, or by a newer key frame, before which pictures may be missing.
func (s *slot) precedes(next *slot) bool {
	const half = 1 << 14 // of the picture ids
	step := (next.pictureID - s.pictureID) & (2*half - 1)
	if next.flags&flagKeyFrame != 0 {
		return step != 0 && step < half
	}
	tl0 := s.tl0
	if next.flags&flagBase != 0 {
		tl0++
	}
	return step == 1 && next.tl0 == tl0
}

// playout puts a stream's packets in order, as a decoder wants them, and checks what a decoder would stumble over:
// frames that aren't whole, pictures and timestamps that don't follow each other. The receiver's lock guards it.
type playout struct {
	video    bool
	clock    int64 // Hz
	counters *ConsumerStats
	slots    []slot // by sequence number

	started bool
	next    int64 // the first number that wasn't played
	highest int64
	stuck   int64 // since when next is waited for, in ns; 0 when nothing behind it came

	before    slot // the last packet that was played
	frame     slot // the first packet of the frame under way
	freeze    freeze
	inFrame   bool // its packets came without a gap
	decodable bool // every frame since a key frame was whole
}

func (p *playout) init(video bool, clock int64, counters *ConsumerStats) {
	p.video, p.clock, p.counters = video, clock, counters
	p.slots = make([]slot, playoutSize)
	for i := range p.slots {
		p.slots[i].sequence = -1
	}
}

// insert takes a packet and plays what is in order now. It is false when the packet is there already.
func (p *playout) insert(s slot, now int64) bool {
	if !p.started {
		p.started, p.next, p.highest = true, s.sequence, s.sequence
	}
	at := &p.slots[s.sequence&(playoutSize-1)]
	if at.sequence == s.sequence {
		return false
	}
	if at.sequence > s.sequence || s.sequence < p.next {
		return true // too late to be played
	}
	for p.waiting() && s.sequence >= p.next+playoutSize {
		p.skip()
		p.play(now)
	}
	if s.sequence >= p.next+playoutSize { // a leap with nothing held back
		p.lose()
		p.next = s.sequence
	}
	*at = s
	p.highest = max(p.highest, s.sequence)
	p.play(now)
	return true
}

// play hands on what is in order.
func (p *playout) play(now int64) {
	for {
		s := &p.slots[p.next&(playoutSize-1)]
		if s.sequence != p.next {
			break
		}
		p.decode(s, now)
		p.next++
		p.stuck = 0
	}
	if p.waiting() && p.stuck == 0 {
		p.stuck = now
	}
}

// waiting says whether a gap keeps later packets back.
func (p *playout) waiting() bool { return p.started && p.highest >= p.next }

// wantsPicture says whether only a key frame helps.
func (p *playout) wantsPicture() bool { return p.video && p.started && !p.decodable && !p.inFrame }

// giveUp goes past gaps that were waited for long enough.
func (p *playout) giveUp(now int64) {
	for p.waiting() && (now-p.stuck > maxWait || p.highest-p.next > maxBehind) {
		p.skip()
		p.play(now)
	}
}

// skip goes past the gap that keeps a packet back.
func (p *playout) skip() {
	for p.slots[p.next&(playoutSize-1)].sequence != p.next && p.next <= p.highest {
		p.next++
	}
	p.lose()
}

// lose notes that packets are missing for good before the next one, which breaks the frame that they are of.
func (p *playout) lose() {
	p.counters.Gaps++
	p.inFrame, p.decodable = false, false
	p.before = slot{}
	p.stuck = 0
}

// decode takes the next packet in order.
func (p *playout) decode(s *slot, now int64) {
	if !p.video {
		p.checkTime(s)
		p.before = *s
		return
	}
	if s.flags&flagStart != 0 {
		if p.inFrame {
			p.counters.Broken++ // the frame before has no end
		}
		p.begin(s)
	} else if p.inFrame && (s.timestamp != p.frame.timestamp || s.pictureID != p.frame.pictureID) {
		p.counters.Broken++ // another frame without a beginning
		p.inFrame, p.decodable = false, false
	}
	if p.inFrame && s.flags&flagMarker != 0 {
		p.inFrame = false
		if p.decodable {
			p.counters.Frames++
			if still := p.freeze.frame(now); still > 0 {
				p.counters.Freezes++
				p.counters.Frozen += still
			}
		}
	}
	p.before = *s
}

// begin takes the first packet of a frame.
func (p *playout) begin(s *slot) {
	key := s.flags&flagKeyFrame != 0
	if p.before.sequence == s.sequence-1 {
		if p.frame.flags&s.flags&flagPicture != 0 && !p.frame.precedes(s) {
			p.counters.PictureJumps++
		}
		p.checkTime(s)
	}
	if key {
		p.decodable = true
		p.counters.KeyFrames++
		p.counters.Width, p.counters.Height = int(s.width), int(s.height)
	}
	p.frame, p.inFrame = *s, true
}

// checkTime compares the steps of the timestamps with those of the sender's clock.
func (p *playout) checkTime(s *slot) {
	if p.before.sent == 0 || s.sent == 0 {
		return
	}
	from := &p.before
	if p.video {
		from = &p.frame
	}
	step := time.Duration(int64(int32(s.timestamp-from.timestamp)) * int64(time.Second) / p.clock)
	if drift := step - time.Duration(s.sent-from.sent); step <= 0 || drift.Abs() > maxDrift {
		p.counters.TimestampJumps++
	}
}
