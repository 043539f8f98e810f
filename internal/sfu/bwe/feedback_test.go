package bwe_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/bwe"
)

const (
	ms   = int64(time.Millisecond)
	tick = int64(250 * time.Microsecond)
)

// message is what pion/rtcp finds in one feedback message.
type message struct {
	base     uint16
	count    int
	number   uint8
	size     int
	arrivals map[uint16]int64 // in ticks, modulo 2^32
}

// read decodes b, which must be one whole message, with pion/rtcp.
func read(t *testing.T, b []byte) message {
	t.Helper()
	var cc pion.TransportLayerCC
	if err := cc.Unmarshal(b); err != nil {
		t.Fatalf("pion: %v of %x", err, b)
	}
	if cc.Header.Type != 205 || cc.Header.Count != 15 || len(b) != 4*(int(cc.Header.Length)+1) ||
		cc.SenderSSRC != 7 || cc.MediaSSRC != 8 {
		t.Fatalf("header %+v of %d bytes, from %d for %d", cc.Header, len(b), cc.SenderSSRC, cc.MediaSSRC)
	}
	m := message{
		base: cc.BaseSequenceNumber, count: int(cc.PacketStatusCount), number: cc.FbPktCount, size: len(b),
		arrivals: map[uint16]int64{},
	}
	at, deltas := int64(cc.ReferenceTime)<<8, cc.RecvDeltas
	for i, s := range states(cc.PacketChunks)[:m.count] {
		if s == pion.TypeTCCPacketNotReceived {
			continue
		}
		at += deltas[0].Delta / pion.TypeTCCDeltaScaleFactor
		m.arrivals[m.base+uint16(i)] = at & (1<<32 - 1)
		deltas = deltas[1:]
	}
	if len(deltas) > 0 {
		t.Fatalf("%d deltas too many", len(deltas))
	}
	return m
}

// states spreads chunks out into one state for each packet.
func states(chunks []pion.PacketStatusChunk) []uint16 {
	var list []uint16
	for _, c := range chunks {
		switch c := c.(type) {
		case *pion.RunLengthChunk:
			list = append(list, slices.Repeat([]uint16{c.PacketStatusSymbol}, int(c.RunLength))...)
		case *pion.StatusVectorChunk:
			list = append(list, c.SymbolList...)
		}
	}
	return list
}

// readAll takes messages until nothing is pending.
func readAll(t *testing.T, r *bwe.Recorder) []message {
	t.Helper()
	var list []message
	for {
		b := r.AppendFeedback(nil, 7, 8)
		if len(b) == 0 {
			return list
		}
		if len(b) > 1200 {
			t.Fatalf("a message of %d bytes", len(b))
		}
		list = append(list, read(t, b))
	}
}

// arrival is one call of Record.
type arrival struct {
	seq uint16
	at  int64
}

func TestFeedback(t *testing.T) {
	run := func(from uint16, n int, gap int64) (list []arrival) {
		for i := range n {
			list = append(list, arrival{from + uint16(i), 1000*ms + int64(i)*gap})
		}
		return list
	}
	for name, c := range map[string]struct {
		arrivals []arrival
		sizes    []int // of the messages
	}{
		"one":                 {run(5, 1, 0), []int{24}},
		"a run":               {run(5, 100, ms), []int{124}},
		"over the wrap":       {run(65530, 12, ms), []int{36}},
		"large deltas":        {run(5, 10, 100*ms), []int{44}},
		"one large":           {append(run(5, 8, ms), arrival{13, 2000 * ms}), []int{36}},
		"loss, small":         {[]arrival{{1, 0}, {3, ms}, {6, 2 * ms}}, []int{28}},
		"loss, long":          {[]arrival{{1, 0}, {900, ms}}, []int{28}},
		"reordered":           {[]arrival{{1, 0}, {3, ms}, {2, 5 * ms}, {4, 6 * ms}}, []int{28}},
		"pause of a minute":   {[]arrival{{1, 0}, {2, 60_000 * ms}, {3, 60_001 * ms}}, []int{24, 24}},
		"more than fits":      {run(5, 500, ms), []int{424, 124}},
		"ticks wrap around":   {[]arrival{{1, tick<<32 - tick}, {2, tick << 32}, {3, tick<<32 + ms}}, []int{28}},
		"late by ten seconds": {[]arrival{{1, 0}, {3, ms}, {2, 10_000 * ms}}, []int{24, 24, 24}},
	} {
		t.Run(name, func(t *testing.T) {
			var r bwe.Recorder
			want, got := map[uint16]int64{}, map[uint16]int64{}
			for _, a := range c.arrivals {
				r.Record(a.seq, a.at)
				want[a.seq] = a.at / tick & (1<<32 - 1)
			}
			var sizes []int
			for i, m := range readAll(t, &r) {
				sizes = append(sizes, m.size)
				maps.Copy(got, m.arrivals)
				if int(m.number) != i {
					t.Errorf("message %d has the number %d", i, m.number)
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if !slices.Equal(sizes, c.sizes) {
				t.Errorf("messages of %v bytes, want %v", sizes, c.sizes)
			}
		})
	}
}

func TestNothingPending(t *testing.T) {
	var r bwe.Recorder
	if b := r.AppendFeedback([]byte{1}, 7, 8); len(b) != 1 {
		t.Errorf("before the first packet: %x", b)
	}
	r.Record(1, 0)
	readAll(t, &r)
	r.Record(1, ms) // doubled
	if b := r.AppendFeedback([]byte{1}, 7, 8); len(b) != 1 {
		t.Errorf("after the last: %x", b)
	}
}

func TestGoesOnWhereItEnded(t *testing.T) {
	var r bwe.Recorder
	r.Record(10, 0)
	readAll(t, &r)
	r.Record(13, ms)
	if m := readAll(t, &r)[0]; m.base != 11 || m.count != 3 || m.number != 1 {
		t.Errorf("got %+v", m)
	}
}

func TestLateIsReported(t *testing.T) {
	var r bwe.Recorder
	r.Record(10, 0)
	r.Record(12, 2*ms)
	readAll(t, &r)
	r.Record(11, 4*ms)
	if m := readAll(t, &r)[0]; m.base != 11 || m.count != 2 || m.arrivals[11] != 16 || m.arrivals[12] != 8 {
		t.Errorf("got %+v", m)
	}
}

func TestWindow(t *testing.T) {
	var r bwe.Recorder
	r.Record(0, 0)
	r.Record(2000, ms)
	r.Record(900, 2*ms) // too late
	messages := readAll(t, &r)
	if len(messages) != 1 || messages[0].base != 977 || messages[0].count != 1024 {
		t.Errorf("got %+v", messages)
	}
}

func TestNothingAllocates(t *testing.T) {
	var r bwe.Recorder
	r.Record(0, 0)
	seq, now, dst := uint16(0), int64(0), make([]byte, 0, 2000)
	step := func() {
		for range 20 {
			seq += 1 + seq%3
			now += int64(seq%9) * ms
			r.Record(seq, now)
		}
		dst = r.AppendFeedback(dst[:0], 7, 8)
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzRecorder feeds random arrivals: pion/rtcp must find in the messages what came, when it came, and nothing else.
func FuzzRecorder(f *testing.F) {
	f.Add([]byte{1, 4, 1, 4, 2, 200, 0x81, 1, 0, 0})
	f.Add([]byte{127, 255, 127, 255, 127, 255, 0x90, 255, 1, 1, 0, 0})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var r bwe.Recorder
		came := map[uint16]int64{}
		highest, now := int64(1<<16), int64(0)
		for ; len(steps) >= 2; steps = steps[2:] {
			seq := highest + int64(steps[0]&0x7f)
			if steps[0]&0x80 != 0 {
				seq = highest - int64(steps[0]&0x7f)
			}
			now += int64(steps[1]) * int64(steps[1]) * tick
			highest = max(highest, seq)
			if _, known := came[uint16(seq)]; !known {
				came[uint16(seq)] = now / tick & (1<<32 - 1)
			}
			if len(came) == 1000 || highest > 60_000+1<<16 { // a number is met once
				return
			}
			r.Record(uint16(seq), now)
			if steps[0] != 0 {
				continue
			}
			for _, m := range readAll(t, &r) {
				for seq, at := range m.arrivals {
					if want, known := came[seq]; !known || at != want {
						t.Fatalf("%d came at %d, reported %d", seq, want, at)
					}
				}
			}
		}
		missed := 0
		reported := readAll(t, &r)
		for _, m := range reported {
			for i := range m.count {
				_, told := m.arrivals[m.base+uint16(i)]
				if _, known := came[m.base+uint16(i)]; known != told {
					missed++
				}
			}
		}
		if missed > 0 {
			t.Fatalf("%d of %v told wrong", missed, reported)
		}
	})
}

func BenchmarkRecorder(b *testing.B) {
	b.ReportAllocs()
	var r bwe.Recorder
	dst, seq := make([]byte, 0, 1500), uint16(0)
	for b.Loop() {
		seq++
		r.Record(seq, int64(seq)*ms)
		if seq%100 == 0 {
			dst = r.AppendFeedback(dst[:0], 7, 8)
		}
	}
}
