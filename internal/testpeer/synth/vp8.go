package synth

import "encoding/binary"

const (
	// VP8DescriptorLen is the length of the payload descriptor that VP8 writes: 15-bit picture id, TL0PICIDX and TID.
	VP8DescriptorLen = 6

	vp8FrameTag  = 3 // RFC 6386 section 9.1: the frame tag
	vp8KeyHeader = 7 // the start code and the size behind the tag of a key frame
	vp8MinFrame  = vp8FrameTag + vp8KeyHeader + MarkLen
	keyFrameSize = 3 // a key frame is so many times as large as another
)

// VP8Config says what a VP8 stream looks like.
type VP8Config struct {
	Width, Height int    // pixels, up to 16383
	Bitrate       int    // bit/s of payload, on average
	FPS           int    // frames a second
	MaxPayload    int    // bytes of payload in a packet, up to 1400
	Seed          uint64 // of the noise and of the sizes
}

// VP8 makes the frames of one stream. Frames vary in size; a key frame is larger, and what it took is saved on the
// frames behind it. It is not safe for concurrent use.
type VP8 struct {
	config  VP8Config
	noise   *noise
	mean    int // bytes of a frame
	debt    int // bytes to save
	counter uint32

	// The frame under way.
	key       bool
	size      int
	packets   int
	pictureID uint16
	tl0       uint8
}

// NewVP8 starts a stream.
func NewVP8(c VP8Config) *VP8 {
	v := &VP8{config: c, noise: newNoise(c.Seed), mean: max(c.Bitrate/8/c.FPS, vp8MinFrame)}
	v.pictureID = uint16(v.noise.rng.UintN(1 << 15))
	v.tl0 = uint8(v.noise.rng.UintN(1 << 8))
	return v
}

// Next begins the next frame and says of how many packets it is.
func (v *VP8) Next(key bool) int {
	v.key = key
	v.pictureID = (v.pictureID + 1) & 0x7fff
	v.tl0++
	v.size = v.noise.around(v.mean, 20)
	if key {
		v.size *= keyFrameSize
		v.debt += (keyFrameSize - 1) * v.mean
	} else {
		saved := min(v.debt, v.size/4)
		v.size -= saved
		v.debt -= saved
	}
	room := v.config.MaxPayload - VP8DescriptorLen
	v.size = max(v.size, vp8MinFrame)
	v.packets = (v.size + room - 1) / room
	return v.packets
}

// Append appends the payload of packet i of the frame, sent at now (nanoseconds since 1970). The packets of a frame
// differ by one byte at most, the smaller ones first, as browsers send them.
func (v *VP8) Append(dst []byte, i int, now int64) []byte {
	n := v.size / v.packets
	if i >= v.packets-v.size%v.packets {
		n++
	}
	begin := len(dst)
	dst = v.appendDescriptor(dst, i == 0)
	body := len(dst)
	dst = append(dst, v.noise.bytes[:n]...)
	v.noise.fill(dst[body:])
	if i == 0 {
		v.putFrameHeader(dst[body:])
	}
	v.counter++
	Put(dst[begin:], VP8DescriptorLen, Mark{Sent: now, Counter: v.counter})
	return dst
}

// appendDescriptor appends the descriptor of RFC 7741 section 4.2, with X, I, L and T set.
func (v *VP8) appendDescriptor(dst []byte, start bool) []byte {
	first := byte(0x80)
	if start {
		first |= 0x10
	}
	dst = append(dst, first, 0xe0)
	dst = binary.BigEndian.AppendUint16(dst, 0x8000|v.pictureID)
	return append(dst, v.tl0, 0)
}

// putFrameHeader writes the uncompressed data chunk of RFC 6386 section 9.1.
func (v *VP8) putFrameHeader(frame []byte) {
	tag := uint32(v.size)<<5&0xffffff | 1<<4 // size of the first partition; shown; version 0
	if !v.key {
		tag |= 1
	}
	frame[0], frame[1], frame[2] = byte(tag), byte(tag>>8), byte(tag>>16)
	if v.key {
		frame[3], frame[4], frame[5] = 0x9d, 0x01, 0x2a
		binary.LittleEndian.PutUint16(frame[6:], uint16(v.config.Width)&0x3fff)
		binary.LittleEndian.PutUint16(frame[8:], uint16(v.config.Height)&0x3fff)
	}
}

// VP8Size reads width and height in pixels from a key frame's first payload, behind its descriptor. ok is false when
// no key frame begins there.
func VP8Size(frame []byte) (width, height int, ok bool) {
	if len(frame) < vp8FrameTag+vp8KeyHeader || frame[0]&1 != 0 ||
		frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return 0, 0, false
	}
	width = int(binary.LittleEndian.Uint16(frame[6:]) & 0x3fff)
	height = int(binary.LittleEndian.Uint16(frame[8:]) & 0x3fff)
	return width, height, true
}
