package sfu

import (
	"bytes"
	"testing"
	"time"
)

// kept makes a packet whose bytes tell its number.
func kept(sequence int64) *packet {
	k := &packet{sequence: sequence, timestamp: uint32(sequence) * 10, headerLen: 12}
	k.header[3] = byte(sequence)
	k.payload = bytes.Repeat([]byte{byte(sequence)}, 5)
	return k
}

func TestHistory(t *testing.T) {
	var h history
	var dst [64]byte
	if n, _ := h.read(dst[:], 1, 0); n != 0 {
		t.Error("an empty history has a packet")
	}
	for s := int64(100); s < 100+20; s++ {
		h.put(kept(s), 16, 0)
	}
	for _, test := range []struct {
		sequence int64
		found    bool
	}{{99, false}, {100, false}, {103, false}, {104, true}, {119, true}, {120, false}, {104 + 65536, false}} {
		n, r := h.read(dst[:], test.sequence, 2)
		if !test.found {
			if n != 0 {
				t.Errorf("%d is found", test.sequence)
			}
			continue
		}
		if r.headerLen != 12 || n != 12+2+5 || r.timestamp != uint32(test.sequence)*10 || dst[3] != byte(test.sequence) ||
			!bytes.Equal(dst[14:19], kept(test.sequence).payload) {
			t.Errorf("%d is read as %x (header %d, %d bytes)", test.sequence, dst[:n], r.headerLen, n)
		}
	}
	if n, _ := h.read(dst[:18], 119, 2); n != 0 {
		t.Errorf("%d bytes are read into 18", n)
	}
	h.forget()
	if n, _ := h.read(dst[:], 119, 0); n != 0 {
		t.Error("a forgotten packet is found")
	}
	h.put(kept(119), 16, 0)
	if n, _ := h.read(dst[:], 119, 0); n != 17 {
		t.Error("nothing can be kept after forgetting")
	}
}

// TestHistoryKeepsTheNewer of two packets for one place: a retransmission may come very late.
func TestHistoryKeepsTheNewer(t *testing.T) {
	var h history
	var dst [64]byte
	h.put(kept(30), 16, 0)
	h.put(kept(14), 16, 0)
	if n, _ := h.read(dst[:], 30, 0); n == 0 {
		t.Error("a late packet drove out a newer one")
	}
}

// TestHistoryTellsWhatCameLate, and when.
func TestHistoryTellsWhatCameLate(t *testing.T) {
	var h history
	if _, late := h.late(7); late {
		t.Error("nothing came late to an empty history")
	}
	for at, s := range []int64{7, 9, 8, 10} {
		h.put(kept(s), 16, int64(at))
	}
	for _, s := range []int64{6, 7, 9, 10, 11, 8 + 16} {
		if _, late := h.late(s); late {
			t.Errorf("%d came late", s)
		}
	}
	if at, late := h.late(8); !late || at != 2 {
		t.Errorf("8 came at %d, late: %t", at, late)
	}
	h.forget()
	if _, late := h.late(8); late {
		t.Error("a forgotten packet came late")
	}
}

// TestHistoryGrows as far as a stream sends, and no further.
func TestHistoryGrows(t *testing.T) {
	for _, test := range []struct {
		name     string
		interval time.Duration // from packet to packet
		want     int
	}{
		{"a small layer", 100 * time.Millisecond, firstHistory},
		{"a large one", 10 * time.Millisecond, 256},
		{"more than there is room for", time.Millisecond, videoHistory},
	} {
		t.Run(test.name, func(t *testing.T) {
			var h history
			var dst [64]byte
			now, last := int64(0), int64(2000)
			for s := range last + 1 {
				now += int64(test.interval)
				h.put(kept(s), videoHistory, now)
			}
			if len(h.slots) != test.want {
				t.Errorf("room for %d packets, want %d", len(h.slots), test.want)
			}
			for s := last; s > last-int64(test.want); s-- {
				if n, _ := h.read(dst[:], s, 0); n != 17 {
					t.Errorf("packet %d of %d is not there", s, last)
				}
			}
		})
	}
}
