package rtp_test

import (
	"errors"
	"testing"

	"stube/internal/sfu/rtp"
)

// bitWriter writes fields that don't end at whole bytes.
type bitWriter struct {
	data []byte
	used int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.used%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.used/8] |= byte(v>>i&1) << (7 - w.used%8)
		w.used++
	}
}

// head writes the fields that every descriptor has.
func (w *bitWriter) head(start, end bool, template, frame uint32) {
	for _, flag := range []bool{start, end} {
		if flag {
			w.put(1, 1)
		} else {
			w.put(0, 1)
		}
	}
	w.put(template, 6)
	w.put(frame, 16)
}

// template is a layer and what a frame of it is to each decode target, as the specification draws it.
type template struct {
	spatial, temporal int
	indications       string
}

// structure writes templates, of which the first has the id offset.
func (w *bitWriter) structure(offset uint32, list []template, chains bool) {
	w.put(offset, 6)
	targets := uint32(len(list[0].indications))
	w.put(targets-1, 5)
	for i := range list[1:] {
		switch before, now := list[i], list[i+1]; {
		case now.spatial > before.spatial:
			w.put(2, 2)
		case now.temporal > before.temporal:
			w.put(1, 2)
		default:
			w.put(0, 2)
		}
	}
	w.put(3, 2)
	for _, t := range list {
		for _, c := range t.indications {
			w.put(map[rune]uint32{'-': 0, 'D': 1, 'S': 2, 'R': 3}[c], 2)
		}
	}
	for range list { // a frame difference each
		w.put(1, 1)
		w.put(3, 4)
		w.put(0, 1)
	}
	if !chains {
		w.put(0, widthOf(targets+1)-1)
	} else {
		w.put(0, widthOf(targets+1)-2) // one chain: 1 in as few bits as a number up to targets takes
		w.put(1, 1)
		for range list {
			w.put(2, 4)
		}
	}
	w.put(1, 1) // resolutions
	for range list[len(list)-1].spatial + 1 {
		w.put(319, 16)
		w.put(179, 16)
	}
}

func widthOf(n uint32) (bits int) {
	for ; n != 0; n >>= 1 {
		bits++
	}
	return bits
}

// threeRates is one picture size in three frame rates, as libwebrtc describes L1T3.
var threeRates = []template{{0, 0, "SSS"}, {0, 0, "SSS"}, {0, 1, "-DS"}, {0, 2, "--D"}}

// twoSizes is L2T2_KEY: two picture sizes that are independent but in key frames.
var twoSizes = []template{
	{0, 0, "SSSS"}, {0, 0, "SS--"}, {0, 1, "-D--"}, {1, 0, "--SS"}, {1, 0, "--SS"}, {1, 1, "---D"},
}

func keyDescriptor(list []template, offset, id uint32) []byte {
	w := new(bitWriter)
	w.head(true, false, id, 7)
	w.put(0b10000, 5)
	w.structure(offset, list, false)
	return w.data
}

func TestDependencies(t *testing.T) {
	short := func(template uint32) []byte {
		w := new(bitWriter)
		w.head(true, true, template, 8)
		return w.data
	}
	custom := new(bitWriter)
	custom.head(false, true, 62, 9)
	custom.put(0b01100, 5)
	custom.put(7, 3) // all three decode targets are active
	custom.put(0b001010, 6)
	for name, c := range map[string]struct {
		list   []template
		offset uint32
		first  uint32 // template of the first frame
		then   []byte
		want   rtp.Dependency
	}{
		"base layer":         {threeRates, 60, 60, short(61), rtp.Dependency{Switches: 0b111}},
		"middle layer":       {threeRates, 60, 60, short(62), rtp.Dependency{Temporal: 1, Switches: 0b100}},
		"top layer":          {threeRates, 60, 60, short(63), rtp.Dependency{Temporal: 2}},
		"ids wrap around":    {threeRates, 61, 61, short(0), rtp.Dependency{Temporal: 2}},
		"upper size":         {twoSizes, 0, 0, short(4), rtp.Dependency{Spatial: 1, Switches: 0b11}},
		"upper size, faster": {twoSizes, 0, 0, short(5), rtp.Dependency{Spatial: 1, Temporal: 1}},
		"indications of its own": {
			threeRates, 60, 60, custom.data, rtp.Dependency{Temporal: 1, Switches: 0b110, Frame: 9},
		},
	} {
		var s rtp.Templates
		key := keyDescriptor(c.list, c.offset, c.first)
		got, err := s.Parse(key)
		want := rtp.Dependency{Start: true, Frame: 7, Structure: true, Switches: 0b111}
		if len(c.list) == len(twoSizes) {
			want.Switches = 0b11
		}
		if err != nil || got != want {
			t.Errorf("%s: the first is %+v, %v; want %+v", name, got, err, want)
		}
		if c.want.Frame == 0 {
			c.want.Start, c.want.End, c.want.Frame = true, true, 8
		} else {
			c.want.End = true
		}
		if got, err := s.Parse(c.then); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

// TestDependenciesWithChains: chains stand between what matters and the resolutions.
func TestDependenciesWithChains(t *testing.T) {
	w := new(bitWriter)
	w.head(true, true, 3, 1)
	w.put(0b10000, 5)
	w.structure(0, threeRates, true)
	var s rtp.Templates
	got, err := s.Parse(w.data)
	want := rtp.Dependency{Start: true, End: true, Frame: 1, Structure: true, Temporal: 2}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if _, err := s.Parse(w.data[:len(w.data)-1]); !errors.Is(err, rtp.ErrShort) {
		t.Errorf("took a cut structure: %v", err)
	}
}

func TestDependenciesThatAreRefused(t *testing.T) {
	var s rtp.Templates
	delta := []byte{0xc1, 0, 1}
	if _, err := s.Parse(delta); !errors.Is(err, rtp.ErrNoStructure) {
		t.Errorf("before any structure: %v", err)
	}
	key := keyDescriptor(threeRates, 0, 0)
	for n := range key {
		if _, err := s.Parse(key[:n]); err == nil {
			t.Errorf("took %d of %d bytes", n, len(key))
		}
	}
	if _, err := s.Parse(delta); !errors.Is(err, rtp.ErrNoStructure) {
		t.Errorf("a broken structure was kept: %v", err)
	}
	if _, err := s.Parse(key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Parse([]byte{0xc4, 0, 1}); !errors.Is(err, rtp.ErrNoStructure) {
		t.Errorf("a template that is not there: %v", err)
	}
}

// FuzzCriterion31Dependency: descriptors one after the other, as they come in a stream.
func FuzzCriterion31Dependency(f *testing.F) {
	f.Add(keyDescriptor(threeRates, 60, 60), []byte{0xfd, 0, 1})
	f.Add(keyDescriptor(twoSizes, 0, 0), []byte{0xc4, 0, 1, 0x70, 0xff})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var s rtp.Templates
		for _, data := range [][]byte{first, second, first} {
			before := s
			d, err := s.Parse(data)
			if err != nil && s != before {
				t.Fatal("a refused descriptor changed the templates")
			}
			if d.Spatial > rtp.MaxLayer || d.Temporal > rtp.MaxLayer || d.Switches >= 1<<(rtp.MaxLayer+1) {
				t.Fatalf("got %+v", d)
			}
		}
	})
}
