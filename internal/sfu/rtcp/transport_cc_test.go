package rtcp_test

import (
	"slices"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

// feedback makes a transport-wide feedback message about count packets from base on, with the reference time 1.
func feedback(base, count uint16, rest ...byte) []byte {
	b := []byte{0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2}
	b = append(b, byte(base>>8), byte(base), byte(count>>8), byte(count), 0, 0, 1, 9)
	b = append(b, rest...)
	if padding := -len(b) & 3; padding > 0 {
		b = append(b, make([]byte, padding)...)
		b[len(b)-1] = byte(padding)
		b[0] |= 0x20
	}
	b[2], b[3] = byte((len(b)/4-1)>>8), byte(len(b)/4-1)
	return b
}

func TestTransportCC(t *testing.T) {
	came := func(sequence uint16, ticks int64) rtcp.Arrival {
		return rtcp.Arrival{Sequence: sequence, Came: true, Ticks: ticks}
	}
	for name, c := range map[string]struct {
		message []byte
		want    []rtcp.Arrival
	}{
		"a run, over the wrap": {
			feedback(65535, 3, 0x20, 3, 1, 2, 255),
			[]rtcp.Arrival{came(65535, 257), came(0, 259), came(1, 514)},
		},
		"a run of lost ones": {
			feedback(7, 2, 0x00, 2), []rtcp.Arrival{{Sequence: 7, Ticks: 256}, {Sequence: 8, Ticks: 256}},
		},
		"a run of large deltas": {
			feedback(7, 2, 0x40, 2, 0xff, 0xff, 0x01, 0x00), []rtcp.Arrival{came(7, 255), came(8, 511)},
		},
		"a vector of one bit": {
			feedback(7, 3, 0b10_10_1000, 0, 4, 5),
			[]rtcp.Arrival{came(7, 260), {Sequence: 8, Ticks: 260}, came(9, 265)},
		},
		"a vector of two bits": {
			feedback(7, 3, 0b11_01_00_10, 0, 4, 0x80, 0), []rtcp.Arrival{
				came(7, 260), {Sequence: 8, Ticks: 260}, came(9, (260-0x8000)&(1<<32-1)),
			},
		},
		"more symbols than packets": {feedback(7, 1, 0b11_01_11_11, 0xff, 4), []rtcp.Arrival{came(7, 260)}},
		"two chunks": {
			feedback(7, 4, 0x20, 2, 0x00, 2, 1, 1),
			[]rtcp.Arrival{came(7, 257), came(8, 258), {Sequence: 9, Ticks: 258}, {Sequence: 10, Ticks: 258}},
		},
	} {
		if got := slices.Collect(first(t, c.message).Arrivals()); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	for range first(t, feedback(1, 2, 0x20, 2, 1, 1)).Arrivals() {
		break // leaving early is allowed
	}
	for range first(t, rtcp.AppendPLI(nil, 1, 2)).Arrivals() {
		t.Error("a picture request tells arrivals")
	}
}

func TestTransportCCRefused(t *testing.T) {
	long := []byte{0x3f, 0xff, 0x20, 2} // 8193 packets that came
	long = append(long, make([]byte, 1<<13+1)...)
	cut := feedback(7, 2, 0x20, 2, 1, 1)
	cut[0] &^= 0x20
	for name, b := range map[string][]byte{
		"of no packet":           feedback(7, 0, 0x20, 1, 1, 0),
		"without chunks":         feedback(7, 1),
		"too few chunks":         feedback(7, 30, 0x20, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"an empty run":           feedback(7, 1, 0x20, 0, 0x20, 1, 1),
		"a delta missing":        feedback(7, 2, 0x20, 2, 1),
		"half a delta missing":   feedback(7, 1, 0x40, 1, 1),
		"the reserved symbol":    feedback(7, 1, 0x60, 1, 1, 1),
		"reserved, in a vector":  feedback(7, 1, 0xf0, 0, 1, 1),
		"something behind":       feedback(7, 1, 0x20, 1, 1, 0, 0, 0, 0),
		"beyond any number sent": feedback(7, 1<<13+1, long...),
	} {
		r := rtcp.NewReader(b)
		if r.Next() || r.Err() == nil {
			t.Errorf("%s: read %v", name, slices.Collect(r.Packet().Arrivals()))
		}
	}
	if n := len(slices.Collect(first(t, cut).Arrivals())); n != 2 {
		t.Errorf("filled up without saying so: %d packets", n)
	}
}

// compareArrivals fails when pion finds other arrivals in a message.
func compareArrivals(t *testing.T, p rtcp.Packet, want *pion.TransportLayerCC) {
	t.Helper()
	var states []uint16
	for _, c := range want.PacketChunks {
		switch c := c.(type) {
		case *pion.RunLengthChunk:
			states = append(states, slices.Repeat([]uint16{c.PacketStatusSymbol}, int(c.RunLength))...)
		case *pion.StatusVectorChunk:
			states = append(states, c.SymbolList...)
		}
	}
	at, deltas, i := int64(want.ReferenceTime)<<8, want.RecvDeltas, 0
	for a := range p.Arrivals() {
		if a.Sequence != want.BaseSequenceNumber+uint16(i) || a.Came != (states[i] != pion.TypeTCCPacketNotReceived) {
			t.Fatalf("packet %d: got %+v, pion %d", i, a, states[i])
		}
		if a.Came {
			at += deltas[0].Delta / pion.TypeTCCDeltaScaleFactor
			deltas = deltas[1:]
		}
		if a.Ticks != at&(1<<32-1) {
			t.Fatalf("packet %d: got %+v, pion %d", i, a, at)
		}
		i++
	}
	if i != int(want.PacketStatusCount) {
		t.Fatalf("%d packets, pion %d", i, want.PacketStatusCount)
	}
}
