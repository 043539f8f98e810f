package rtp_test

import (
	"bytes"
	"errors"
	"testing"

	pion "github.com/pion/rtp"

	"stube/internal/sfu/rtp"
)

// media is a packet with a contributing source, three extensions of one byte's form and a payload.
var media = []byte{
	0x91, 0xe5, 0x12, 0x34, 0, 0, 0, 9, 0xaa, 0xbb, 0xcc, 0xdd,
	1, 2, 3, 4,
	0xbe, 0xde, 0, 3,
	0x10, 'm', 0x00, 0x42, 1, 2, 3, 0x51, 0xfe, 0xdc, 0x00, 0x00,
	0xde, 0xad,
}

func TestParse(t *testing.T) {
	var h rtp.Header
	if err := h.Parse(media); err != nil {
		t.Fatal(err)
	}
	if !h.Marker || h.Padding || h.PayloadType != 0x65 || h.Sequence != 0x1234 || h.Timestamp != 9 ||
		h.SSRC != 0xaabbccdd || h.Len != len(media)-2 {
		t.Errorf("got %+v", h)
	}
}

func TestParseRefuses(t *testing.T) {
	longExtension := append([]byte{0x90}, make([]byte, 15)...)
	longExtension[15] = 1
	for name, c := range map[string]struct {
		packet []byte
		want   error
	}{
		"nothing":              {nil, rtp.ErrShort},
		"eleven bytes":         {make([]byte, 11), rtp.ErrShort},
		"version 0":            {make([]byte, 12), rtp.ErrVersion},
		"version 1":            {append([]byte{0x40}, make([]byte, 11)...), rtp.ErrVersion},
		"sources cut":          {append([]byte{0x8f}, make([]byte, 70)...), rtp.ErrShort},
		"extension's head cut": {append([]byte{0x90}, make([]byte, 14)...), rtp.ErrShort},
		"extension cut":        {longExtension, rtp.ErrShort},
	} {
		var h rtp.Header
		if err := h.Parse(c.packet); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestParseForgetsTheLastPacket(t *testing.T) {
	var h rtp.Header
	if err := h.Parse(media); err != nil {
		t.Fatal(err)
	}
	if err := h.Parse(append([]byte{0x80}, make([]byte, 11)...)); err != nil {
		t.Fatal(err)
	}
	if h.Marker || h.Len != rtp.FixedHeaderLen || h.Extension(1) != nil {
		t.Errorf("kept %+v", h)
	}
}

func TestIsRTCP(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		want bool
	}{
		{nil, false},
		{[]byte{0x80}, false},
		{[]byte{0x80, 200}, true},
		{[]byte{0x8f, 205}, true},
		{[]byte{0xbf, 223}, true},
		{[]byte{0x80, 191}, false},
		{[]byte{0x80, 224}, false},
		{[]byte{0x80, 100}, false},
		{[]byte{0x80, 100 | 0x80}, false},
		{[]byte{0x00, 200}, false}, // STUN
		{[]byte{0x16, 200}, false}, // DTLS
		{[]byte{0xc0, 200}, false},
	} {
		if got := rtp.IsRTCP(c.b); got != c.want {
			t.Errorf("IsRTCP(%x) = %v", c.b, got)
		}
	}
}

func TestTrimPadding(t *testing.T) {
	padded, plain := &rtp.Header{Padding: true}, &rtp.Header{}
	for name, c := range map[string]struct {
		h             *rtp.Header
		payload, want []byte
		err           error
	}{
		"none announced": {plain, []byte{1, 2}, []byte{1, 2}, nil},
		"two bytes":      {padded, []byte{7, 0, 2}, []byte{7}, nil},
		"nothing else":   {padded, []byte{0, 0, 3}, []byte{}, nil},
		"no payload":     {padded, nil, nil, rtp.ErrPadding},
		"length 0":       {padded, []byte{1, 0}, nil, rtp.ErrPadding},
		"too long":       {padded, []byte{0, 3}, nil, rtp.ErrPadding},
	} {
		got, err := rtp.TrimPadding(c.h, c.payload)
		if !errors.Is(err, c.err) || !bytes.Equal(got, c.want) {
			t.Errorf("%s: got %x, %v", name, got, err)
		}
	}
}

// FuzzCriterion31Parse compares with pion/rtp: what it takes of version 2, we take with the same fields.
func FuzzCriterion31Parse(f *testing.F) {
	f.Add(media)
	f.Add(append([]byte{0x80, 96}, make([]byte, 10)...))
	f.Add(append([]byte{0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 1}, 17, 1, 9, 0))
	f.Add(append([]byte{0xb0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xde, 0, 1}, 0xf0, 1, 9, 1))
	f.Fuzz(func(t *testing.T, packet []byte) {
		var h rtp.Header
		err := h.Parse(packet)
		if err == nil {
			if h.Len < rtp.FixedHeaderLen || h.Len > len(packet) {
				t.Fatalf("header of %d bytes in %d", h.Len, len(packet))
			}
			for id, data := range h.Extensions() {
				if id == 0 || data == nil || h.Extension(id) == nil {
					t.Fatalf("extension %d: %x", id, data)
				}
			}
			_, _ = rtp.TrimPadding(&h, packet[h.Len:])
		}
		var want pion.Header
		n, pionErr := want.Unmarshal(packet)
		if pionErr != nil || want.Version != 2 {
			return
		}
		if err != nil {
			t.Fatalf("pion takes what we refuse: %v", err)
		}
		compareHeaders(t, &h, &want, n)
	})
}

func compareHeaders(t *testing.T, h *rtp.Header, want *pion.Header, n int) {
	t.Helper()
	if h.Len != n || h.Marker != want.Marker || h.Padding != want.Padding || h.PayloadType != want.PayloadType ||
		h.Sequence != want.SequenceNumber || h.Timestamp != want.Timestamp || h.SSRC != want.SSRC {
		t.Fatalf("got %+v, pion %d bytes %+v", h, n, want)
	}
	if want.ExtensionProfile != pion.ExtensionProfileOneByte && want.ExtensionProfile != pion.ExtensionProfileTwoByte {
		return
	}
	for _, id := range want.GetExtensionIDs() {
		if got := h.Extension(id); !bytes.Equal(got, want.GetExtension(id)) {
			t.Fatalf("extension %d: got %x, pion %x", id, got, want.GetExtension(id))
		}
	}
}
