package sfu

import (
	"bytes"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// headerProducer is as much of a Producer as writing a header needs. Its client numbers the extensions otherwise than
// the router does.
func headerProducer(stamped bool) *Producer {
	router := &Router{}
	for _, e := range ortc.RouterCapabilities().HeaderExtensions {
		router.extensions.set(e.URI, e.PreferredID)
	}
	p := &Producer{router: router, payloadType: 101, stamped: stamped}
	p.extensions = extensionIDs{mid: 4, audioLevel: 6, orientation: 7, captureTime: 9, dependencyDesc: 12}
	return p
}

// parsed writes a header with extensions and reads it again, as it comes from a client.
func parsed(t *testing.T, h rtp.Header, extensions ...rtp.Extension) *rtp.Header {
	t.Helper()
	var back rtp.Header
	if err := back.Parse(rtp.AppendHeader(nil, &h, extensions)); err != nil {
		t.Fatal(err)
	}
	return &back
}

func TestWriteHeader(t *testing.T) {
	p := headerProducer(true)
	level, descriptor := []byte{0x85}, bytes.Repeat([]byte{0xd5}, 40)
	in := parsed(
		t, rtp.Header{Marker: true, PayloadType: 96, Timestamp: 90000, SSRC: 7, Sequence: 9},
		rtp.Extension{ID: 4, Data: []byte("mid")},
		rtp.Extension{ID: 6, Data: level},
		rtp.Extension{ID: 12, Data: descriptor},
		rtp.Extension{ID: 5, Data: []byte("not negotiated")},
	)
	var k packet
	k.writeHeader(in, p, 0)
	address(k.header[:], 1000, 2000, 3000)

	var out rtp.Header
	if err := out.Parse(k.header[:k.headerLen]); err != nil {
		t.Fatal(err)
	}
	if !out.Marker || out.PayloadType != 101 || out.Sequence != 1000 || out.Timestamp != 2000 || out.SSRC != 3000 ||
		out.Len != k.headerLen {
		t.Errorf("written as %+v", out)
	}
	want := map[uint8][]byte{4: {0, 0, 0}, 5: {0, 0}, 10: level, 8: descriptor}
	for id, data := range out.Extensions() {
		if !bytes.Equal(want[id], data) {
			t.Errorf("extension %d holds %x, want %x", id, data, want[id])
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("extensions are missing: %v", want)
	}
}

// TestWriteHeaderDropsWhatIsTooLong: a client may fill its extensions as it likes, and all of them at once.
func TestWriteHeaderDropsWhatIsTooLong(t *testing.T) {
	for _, size := range []int{1, 15, 16, 17, 33, 40, 60, 68, 69, 70, 80, 130, 140, 255} {
		for _, stamped := range []bool{false, true} {
			long := bytes.Repeat([]byte{1}, size)
			in := parsed(t, rtp.Header{}, rtp.Extension{ID: 6, Data: long}, rtp.Extension{ID: 7, Data: long},
				rtp.Extension{ID: 9, Data: long}, rtp.Extension{ID: 12, Data: long})
			var k packet
			k.writeHeader(in, headerProducer(stamped), 1)
			if k.headerLen > maxHeader {
				t.Fatalf("four extensions of %d bytes make a header of %d", size, k.headerLen)
			}
			var out rtp.Header
			if err := out.Parse(k.header[:k.headerLen]); err != nil {
				t.Errorf("four extensions of %d bytes: %v", size, err)
			}
			if (out.Extension(4) != nil) != stamped {
				t.Errorf("abs-send-time is there: %v, want %v", !stamped, stamped)
			}
		}
	}
}

// TestStamp: time and transport-wide number are found behind either form of an extension's head.
func TestStamp(t *testing.T) {
	for name, level := range map[string][]byte{"one byte": {1}, "two bytes": bytes.Repeat([]byte{7}, 20)} {
		t.Run(name, func(t *testing.T) {
			var k packet
			k.writeHeader(parsed(t, rtp.Header{}, rtp.Extension{ID: 6, Data: level}), headerProducer(true), 0)
			stamp(k.header[:k.headerLen], 1e9)
			var out rtp.Header
			if err := out.Parse(k.header[:k.headerLen]); err != nil {
				t.Fatal(err)
			}
			if got := out.Extension(4); !bytes.Equal(got, []byte{4, 0, 0}) { // 1 s in 6.18 fixed point
				t.Errorf("abs-send-time is %x, want 040000", got)
			}
			copy(k.header[wideAt(k.header[:]):], []byte{0xab, 0xcd})
			if got := out.Extension(5); k.wideAt != wideAt(k.header[:]) || !bytes.Equal(got, []byte{0xab, 0xcd}) {
				t.Errorf("the transport-wide number became %x at %d", got, k.wideAt)
			}
			if got := out.Extension(10); !bytes.Equal(got, level) {
				t.Errorf("the audio level became %x", got)
			}
		})
	}
}

func TestEqualise(t *testing.T) {
	video := &stream{producer: &Producer{codec: rtp.VP8Codec}}
	audio := &stream{producer: &Producer{codec: rtp.Opus}}
	tests := []struct {
		name     string
		stream   *stream
		in, want []int // payload lengths
	}{
		{"one byte less is padded", video, []int{99, 100, 99}, []int{100, 100, 100}},
		{"equal ones stay", video, []int{100, 100}, []int{100, 100}},
		{"two bytes less stay", video, []int{98, 100}, []int{98, 100}},
		{"the last, smaller one stays", video, []int{100, 100, 20}, []int{100, 100, 20}},
		{"a single one stays", video, []int{99}, []int{99}},
		{"an empty one stays", video, []int{1, 0}, []int{1, 0}},
		{"audio stays: it may be repeated byte by byte", audio, []int{99, 100}, []int{99, 100}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			group := make([]*packet, 0, len(test.in))
			for _, n := range test.in {
				k := &packet{stream: test.stream, headerLen: 12, payload: make([]byte, n, n+16)}
				k.header[0] = 2 << 6
				group = append(group, k)
			}
			equalise(group)
			for i, k := range group {
				if len(k.payload) != test.want[i] {
					t.Errorf("packet %d has %d bytes, want %d", i, len(k.payload), test.want[i])
				}
				h := rtp.Header{}
				if err := h.Parse(k.header[:12]); err != nil {
					t.Fatal(err)
				}
				back, err := rtp.TrimPadding(&h, k.payload)
				if err != nil || len(back) != test.in[i] {
					t.Errorf("packet %d has %d bytes without padding, want %d (%v)", i, len(back), test.in[i], err)
				}
			}
		})
	}
}

// TestEqualiseKeepsWithinThePacket: where no byte is left behind the payload, none is taken.
func TestEqualiseKeepsWithinThePacket(t *testing.T) {
	s := &stream{producer: &Producer{codec: rtp.VP8Codec}}
	short := &packet{stream: s, headerLen: 12, payload: make([]byte, 9)}
	equalise([]*packet{short, {stream: s, headerLen: 12, payload: make([]byte, 10)}})
	if len(short.payload) != 9 || short.header[0]&paddingBit != 0 {
		t.Errorf("padded to %d bytes", len(short.payload))
	}
}
