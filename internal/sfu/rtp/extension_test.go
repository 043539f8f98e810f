package rtp_test

import (
	"bytes"
	"maps"
	"testing"

	pion "github.com/pion/rtp"

	"stube/internal/sfu/rtp"
)

// packetWith is a packet whose extension block has the given profile and elements, and is padded to four bytes.
func packetWith(profile uint16, elements ...byte) []byte {
	for len(elements)%4 != 0 {
		elements = append(elements, 0)
	}
	head := []byte{
		0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1,
		byte(profile >> 8), byte(profile), 0, byte(len(elements) / 4),
	}
	return append(head, elements...)
}

func TestExtensions(t *testing.T) {
	for name, c := range map[string]struct {
		packet []byte
		want   map[uint8]string
	}{
		"one byte":                  {packetWith(0xbede, 0x10, 'a', 0x21, 'b', 'c'), map[uint8]string{1: "a", 2: "bc"}},
		"padding between":           {packetWith(0xbede, 0x10, 'a', 0, 0, 0, 0x20, 'b'), map[uint8]string{1: "a", 2: "b"}},
		"id 15 ends":                {packetWith(0xbede, 0x10, 'a', 0xf0, 'x', 0x20, 'b'), map[uint8]string{1: "a"}},
		"id 0 with a length ends":   {packetWith(0xbede, 0x10, 'a', 0x01, 'x', 'y', 0x20, 'b'), map[uint8]string{1: "a"}},
		"element cut":               {packetWith(0xbede, 0x10, 'a', 0x2f, 'b'), map[uint8]string{1: "a"}},
		"two bytes":                 {packetWith(0x1000, 1, 1, 'a', 200, 2, 'b', 'c'), map[uint8]string{1: "a", 200: "bc"}},
		"two bytes, application":    {packetWith(0x1007, 1, 1, 'a'), map[uint8]string{1: "a"}},
		"two bytes, empty":          {packetWith(0x1000, 1, 0, 2, 1, 'b'), map[uint8]string{1: "", 2: "b"}},
		"two bytes, length cut":     {packetWith(0x1000, 1, 1, 'a', 2), map[uint8]string{1: "a"}},
		"two bytes, data cut":       {packetWith(0x1000, 1, 1, 'a', 2, 9, 'b', 'c', 'd'), map[uint8]string{1: "a"}},
		"another profile":           {packetWith(0x1234, 0x10, 'a'), map[uint8]string{}},
		"empty block":               {packetWith(0xbede), map[uint8]string{}},
		"no block":                  {append([]byte{0x80}, make([]byte, 11)...), map[uint8]string{}},
		"the payload isn't touched": {append(packetWith(0xbede), 0x10, 'a'), map[uint8]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			var h rtp.Header
			if err := h.Parse(c.packet); err != nil {
				t.Fatal(err)
			}
			got := map[uint8]string{}
			for id, data := range h.Extensions() {
				got[id] = string(data)
				if string(h.Extension(id)) != string(data) {
					t.Errorf("Extension(%d) = %q", id, h.Extension(id))
				}
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if h.Extension(9) != nil {
				t.Error("found an absent one")
			}
		})
	}
}

func TestAppendHeader(t *testing.T) {
	h := &rtp.Header{Marker: true, Padding: true, PayloadType: 101, Sequence: 65535, Timestamp: 1 << 31, SSRC: 77}
	long := bytes.Repeat([]byte{7}, 17)
	for name, c := range map[string]struct {
		extensions []rtp.Extension
		length     int
		profile    uint16
	}{
		"none": {nil, 12, 0},
		"one":  {[]rtp.Extension{{ID: 1, Data: []byte("0")}}, 20, 0xbede},
		"three": {
			[]rtp.Extension{{ID: 1, Data: []byte("0")}, {ID: 4, Data: []byte("abc")}, {ID: 14, Data: long[:16]}}, 40, 0xbede,
		},
		"long makes two bytes": {[]rtp.Extension{{ID: 1, Data: []byte("0")}, {ID: 8, Data: long}}, 40, 0x1000},
		"id makes two bytes":   {[]rtp.Extension{{ID: 15, Data: []byte("0")}, {ID: 1, Data: []byte("a")}}, 24, 0x1000},
		"left out": {
			[]rtp.Extension{{ID: 0, Data: long}, {ID: 1, Data: nil}, {ID: 2, Data: make([]byte, 256)}}, 12, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			packet := rtp.AppendHeader([]byte("before"), h, c.extensions)[len("before"):]
			if len(packet) != c.length {
				t.Fatalf("%d bytes, want %d", len(packet), c.length)
			}
			var back pion.Header
			if n, err := back.Unmarshal(packet); err != nil || n != len(packet) {
				t.Fatalf("pion: %d of %d, %v", n, len(packet), err)
			}
			var own rtp.Header
			if err := own.Parse(packet); err != nil {
				t.Fatal(err)
			}
			compareHeaders(t, &own, &back, len(packet))
			if back.ExtensionProfile != c.profile || !own.Marker || !own.Padding {
				t.Errorf("got %+v", back)
			}
			for _, e := range c.extensions {
				if c.profile != 0 && !bytes.Equal(own.Extension(e.ID), e.Data) {
					t.Errorf("extension %d: %x", e.ID, own.Extension(e.ID))
				}
			}
		})
	}
}

// FuzzAppendHeader writes what was read and reads it again.
func FuzzAppendHeader(f *testing.F) {
	f.Add(media)
	f.Add(packetWith(0x1000, 1, 1, 'a', 200, 2, 'b', 'c'))
	f.Fuzz(func(t *testing.T, packet []byte) {
		var h, back rtp.Header
		if h.Parse(packet) != nil {
			return
		}
		var list []rtp.Extension
		for id, data := range h.Extensions() {
			if len(data) > 0 {
				list = append(list, rtp.Extension{ID: id, Data: data})
			}
		}
		again := rtp.AppendHeader(nil, &h, list)
		if err := back.Parse(again); err != nil {
			t.Fatal(err)
		}
		if back.Len != len(again) || back.Sequence != h.Sequence || back.SSRC != h.SSRC {
			t.Fatalf("%x became %x", packet, again)
		}
		i := 0
		for id, data := range back.Extensions() {
			if i >= len(list) || id != list[i].ID || !bytes.Equal(data, list[i].Data) {
				t.Fatalf("extension %d: %d, %x", i, id, data)
			}
			i++
		}
		if i != len(list) {
			t.Fatalf("%d extensions of %d", i, len(list))
		}
	})
}
