package sfu

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// layeredVP8 makes frames as libwebrtc does in three temporal layers: 0 2 1 2, of which the first four of each eight
// need nothing but the base layer. Each has two packets.
func layeredVP8(frame int) []shot {
	tid := []byte{0, 2, 1, 2}[frame%4]
	sync := byte(0)
	if tid > 0 && frame%8 < 4 && frame%4 != 3 {
		sync = 0x20
	}
	var list []shot
	for i := range 2 {
		p := []byte{0x80, 0xe0, 0x80 | byte(frame>>8), byte(frame), byte(frame / 4), tid<<6 | sync, 1}
		if i == 0 {
			p[0] |= 0x10
		}
		if frame == 0 {
			p[6] = 0
		}
		p = binary.BigEndian.AppendUint16(p, uint16(frame))
		list = append(list, shot{
			sequence: int64(1000 + 2*frame + i), timestamp: uint32(frame) * 3000, marker: i == 1, payload: p,
		})
	}
	return list
}

// TestTemporalLayersOfVP8 goes down at once and up step by step, with numbers and picture ids that close up.
func TestTemporalLayersOfVP8(t *testing.T) {
	s := newSifter(t, ortc.MimeVP8)
	frame, id := 0, -1
	play := func(limit uint8, frames int) (tids string) {
		s.aim(0, limit)
		for range frames {
			for _, got := range s.send(layeredVP8(frame)...) {
				d, err := rtp.ParseVP8(got.payload)
				if err != nil {
					t.Fatal(err)
				}
				if d.Start {
					tids += string('0' + rune(d.TID))
					id++
				}
				original := int(binary.BigEndian.Uint16(got.payload[7:]))
				if int(d.PictureID) != id || d.TL0 != byte(original/4) {
					t.Errorf("frame %d has picture id %d and TL0 %d, want %d, %d", original, d.PictureID, d.TL0, id, original/4)
				}
			}
			frame++
		}
		return tids
	}
	for _, step := range []struct {
		limit  uint8
		frames int
		want   string
	}{
		{allLayers, 10, "0212021202"},
		{1, 6, "101"},
		{0, 8, "00"},
		{1, 9, "01010"}, // from a frame on that needs nothing but the base layer
		{0, 1, ""},
		{allLayers, 15, "101021202120"}, // one layer at a time
	} {
		if got := play(step.limit, step.frames); got != step.want {
			t.Errorf("with the limit %d came the layers %s, want %s", step.limit, got, step.want)
		}
	}
	s.wantNoGaps()
}

// TestLatePackets have their places kept free: a packet that is not for the consumer is replaced by an empty one.
func TestLatePackets(t *testing.T) {
	s := newSifter(t, ortc.MimeVP8)
	numbered := func(k shot, sequence int64) shot {
		k.sequence = sequence
		return k
	}
	s.send(layeredVP8(0)...) // 1000, 1001
	s.aim(0, 0)
	base, upper, next := layeredVP8(4), layeredVP8(5), layeredVP8(8)
	out := s.send(
		numbered(base[0], 1002), numbered(base[1], 1004), // 1003 is late
		numbered(upper[1], 1006), // and so is 1005
		numbered(next[0], 1007), numbered(next[1], 1008),
	)
	if len(out) != 4 {
		t.Fatalf("%d packets came, want 4", len(out))
	}
	late := s.send(numbered(upper[0], 1005), numbered(base[1], 1003))
	if len(late) != 2 || len(late[0].payload) != 0 || len(late[1].payload) == 0 {
		t.Fatalf("late came %+v, want an empty packet and one in its place", late)
	}
	if late[1].sequence != out[0].sequence+1 || late[0].sequence != out[1].sequence+1 {
		t.Errorf("the late packets have the numbers %d and %d; in time came %d and %d",
			late[0].sequence, late[1].sequence, out[0].sequence, out[1].sequence)
	}
	s.wantNoGaps()
}

// TestSentAgainOverGaps: where packets were left out, those that were sent are found, with the picture ids they had.
func TestSentAgainOverGaps(t *testing.T) {
	s := newSifter(t, ortc.MimeVP8)
	s.aim(0, 1)
	var sent []shot
	for frame := range 12 {
		sent = append(sent, s.send(layeredVP8(frame)...)...)
	}
	for i, want := range sent {
		s.pipe.now += int64(resendInterval)
		s.consumer.transport.sendMu.Lock()
		s.consumer.resend(s.pipe, rtcpNACK(t, s.consumer.ssrc, uint16(want.sequence)))
		s.consumer.transport.sendMu.Unlock()
		got := s.drain()
		if len(got) != 1 {
			t.Fatalf("packet %d came again as %d packets", i, len(got))
		}
		if number := binary.BigEndian.Uint16(got[0].payload); int64(number) != want.sequence ||
			!bytes.Equal(got[0].payload[rtxHead:], want.payload) || got[0].marker != want.marker {
			t.Errorf("packet %d came again as %d, %x; want %d, %x", i, number, got[0].payload, want.sequence, want.payload)
		}
	}
}

// scalable is a codec whose streams have spatial layers.
type scalable struct {
	mime string
	// picture makes a packet for each layer of a picture, in two frame rates of which every other picture is the higher.
	picture func(number int, key bool) []shot
}

func scalables() []scalable {
	return []scalable{{ortc.MimeVP9, pictureVP9}, {ortc.MimeAV1, pictureAV1}}
}

const pictureSizes = 2

func pictureVP9(number int, key bool) []shot {
	var list []shot
	for sid := range pictureSizes {
		first, dependent := byte(0x80|0x20|0x08|0x04), byte(0)
		if !key {
			first |= 0x40
		} else if sid > 0 {
			dependent = 1
		}
		temporal := byte(number % 2)
		list = append(list, shot{payload: []byte{
			first, byte(number & 0x7f), temporal<<5 | 0x10 | byte(sid)<<1 | dependent, byte(number / 2), byte(sid), temporal,
		}})
	}
	return list
}

// pictureAV1 describes its layers as L2T2_KEY, whose templates come with each key frame.
func pictureAV1(number int, key bool) []shot {
	var list []shot
	for sid := range pictureSizes {
		temporal := byte(number % 2)
		payload := []byte{0x10, 0, 0, 0, byte(sid), temporal}
		descriptor := []byte{0xc0 | 1 + 3*byte(sid) + temporal, byte(number >> 8), byte(number)}
		if key && sid == 0 {
			payload[0] |= 0x08
			descriptor = []byte{
				0xc0, 0x00, 0x07, 0x80, 0x03, 0x18, 0x7a, 0xaa, 0x01, 0x00, 0xa0, 0xa0, 0x19,
				0xa6, 0x9a, 0x69, 0xa6, 0x20, 0x27, 0xe0, 0x16, 0x60, 0x27, 0xe0, 0x16, 0x60,
			}
		}
		list = append(list, shot{payload: payload, descriptor: descriptor})
	}
	return list
}

// TestSpatialLayers: larger pictures begin with a key frame and end at once, more frames begin where that is possible,
// and the last packet of each picture has the marker.
func TestSpatialLayers(t *testing.T) {
	for _, codec := range scalables() {
		t.Run(codec.mime, func(t *testing.T) {
			s := newSifter(t, codec.mime)
			number := 0
			for _, step := range []struct {
				spatial  int
				temporal uint8
				key      bool
				want     string // of each picture the layers that come, and whether its frame rate is the higher
			}{
				{1, allLayers, true, "01 01' 01 01'"},
				{0, allLayers, false, "0 0' 0 0'"},
				{0, 0, false, "0 . 0 ."},
				{1, allLayers, false, "0 0' 0 0'"},
				{1, allLayers, true, "01 01' 01 01'"},
				{1, 0, false, "01 . 01 ."},
			} {
				s.aim(step.spatial, step.temporal)
				got := ""
				for i := range 4 {
					got += s.picture(codec.picture(number, step.key && i == 0), number) + " "
					number++
				}
				if got = strings.TrimSpace(got); got != step.want {
					t.Errorf("up to size %d and rate %d came %q, want %q", step.spatial, step.temporal, got, step.want)
				}
			}
			s.wantNoGaps()
		})
	}
}

// picture sends the packets of a picture and tells what comes out of it.
func (s *sifter) picture(packets []shot, number int) (layers string) {
	s.Helper()
	for i := range packets {
		packets[i].sequence = int64(1000 + pictureSizes*number + i)
		packets[i].timestamp = uint32(number) * 3000
		packets[i].marker = i == len(packets)-1
	}
	out := s.send(packets...)
	for i, got := range out {
		layers += string('0' + rune(got.payload[4]))
		if got.marker != (i == len(out)-1) {
			s.Errorf("picture %d: the marker of layer %d is %v", number, got.payload[4], got.marker)
		}
		if i == len(out)-1 && got.payload[5] == 1 {
			layers += "'"
		}
	}
	if len(out) == 0 {
		return "."
	}
	return layers
}

// FuzzCriterion31Layers: packets with any descriptor, in any order, to a consumer whose limits change. No number is
// sealed twice (the sifter would not open it), and none is told by a packet that is longer than it was.
func FuzzCriterion31Layers(f *testing.F) {
	f.Add(uint8(0), layeredVP8(0)[0].payload, layeredVP8(1)[0].payload, []byte{0, 1, 1, 3, 2, 9})
	f.Add(uint8(1), pictureVP9(0, true)[0].payload, pictureVP9(1, false)[1].payload, []byte{5, 4, 1, 200, 7})
	f.Add(uint8(2), pictureAV1(0, true)[0].descriptor, pictureAV1(1, false)[1].descriptor, []byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, codec uint8, first, second, order []byte) {
		mimes := []string{ortc.MimeVP8, ortc.MimeVP9, ortc.MimeAV1}
		s := newSifter(t, mimes[int(codec)%len(mimes)])
		if len(first) > 1000 || len(second) > 1000 || len(order) > 200 {
			return
		}
		for i, step := range order {
			in := shot{sequence: 1000 + int64(i) + int64(int8(step))/8, timestamp: uint32(i/2) * 3000, payload: first}
			if step&1 != 0 {
				in.payload = second
			}
			in.descriptor = in.payload[:min(len(in.payload), 255)]
			if step&2 != 0 {
				s.aim(int(step>>2)%layerCount, step>>4%layerCount)
			}
			for _, out := range s.send(in) {
				if len(out.payload) > max(len(first), len(second)) {
					t.Fatalf("a payload of %d bytes came out", len(out.payload))
				}
			}
		}
	})
}

// BenchmarkLeaveOut measures what a packet costs that a consumer does not carry.
func BenchmarkLeaveOut(b *testing.B) {
	s := newSifter(b, ortc.MimeVP8)
	s.send(layeredVP8(0)...)
	s.aim(0, 0)
	group := make([]*packet, benchFrame)
	for i := range group {
		group[i] = &packet{stream: s.stream, position: position{temporal: 1}}
	}
	sequence, frame := int64(2000), uint32(0)
	b.ReportAllocs()
	for b.Loop() {
		for _, k := range group {
			k.sequence, k.timestamp = sequence, frame
			sequence++
		}
		frame++
		s.consumer.write(s.pipe, s.stream, group)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchFrame), "ns/packet")
}

// TestLimitsWhileASizeIsAwaited: where the network does not carry a picture and a smaller one begins with its next key
// frame, the larger one goes on in its lowest frame rate only; where a view asks for another, it goes on as it is.
func TestLimitsWhileASizeIsAwaited(t *testing.T) {
	one := []*stream{{layer: 0}}
	three := []*stream{{layer: 0}, {layer: 1}, {layer: 2}}
	for _, test := range []struct {
		name              string
		streams           []*stream
		carried, target   int
		limited           bool
		spatial, temporal uint8
	}{
		{"carried as wanted", three, 1, 1, true, allLayers, 1},
		{"the network wants a smaller one", three, 2, 0, true, allLayers, 0},
		{"the view wants a smaller one", three, 2, 0, false, allLayers, allLayers},
		{"a larger one is to come", three, 0, 2, true, allLayers, allLayers},
		{"all sizes in one stream", one, 0, 2, true, 2, 1},
		{"nothing is wanted of it", one, 0, none, true, 0, 1},
	} {
		c := &Consumer{
			producer: &Producer{streams: test.streams}, target: test.target, targetRate: 1, limited: test.limited,
		}
		spatial, temporal := c.limits(test.streams[test.carried])
		if spatial != test.spatial || temporal != test.temporal {
			t.Errorf("%s: up to %d and %d, want %d and %d", test.name, spatial, temporal, test.spatial, test.temporal)
		}
	}
}
