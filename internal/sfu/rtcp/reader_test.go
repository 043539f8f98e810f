package rtcp_test

import (
	"errors"
	"slices"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

// compound has a packet of each kind, in the order of their constants.
func compound() []byte {
	b := foreign(pion.NewCNAMESourceDescription(1, "cname"))
	b = rtcp.AppendSenderReport(b, rtcp.SenderReport{SSRC: 1, NTP: 2, RTP: 3, Packets: 4, Octets: 5}, reports(2))
	b = rtcp.AppendReceiverReport(b, 1, reports(1))
	b = append(b, foreign(&pion.Goodbye{Sources: []uint32{1, 2}})...)
	b = rtcp.AppendNACK(b, 1, 2, []uint16{65534, 65535, 0, 100})
	b = rtcp.AppendPLI(b, 1, 2)
	b = append(b, foreign(pictures(1, 2, 3))...)
	b = rtcp.AppendREMB(b, 1, 1_500_000, []uint32{2, 3})
	return append(b, 0xaf, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 7, 0, 1, 0, 0, 1, 0, 0x20, 1, 4, 1)
}

// foreign is a packet that only others send.
func foreign(p pion.Packet) []byte {
	b, err := p.Marshal()
	if err != nil {
		panic(err)
	}
	return b
}

// pictures is a full intra request with one entry.
func pictures(sender, ssrc uint32, sequence uint8) pion.Packet {
	entries := []pion.FIREntry{{SSRC: ssrc, SequenceNumber: sequence}}
	return &pion.FullIntraRequest{SenderSSRC: sender, FIR: entries}
}

func kindsOf(t *testing.T, b []byte) []rtcp.Kind {
	t.Helper()
	var kinds []rtcp.Kind
	r := rtcp.NewReader(b)
	for r.Next() {
		kinds = append(kinds, r.Packet().Kind())
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return kinds
}

func TestReader(t *testing.T) {
	want := []rtcp.Kind{
		rtcp.KindOther, rtcp.KindSenderReport, rtcp.KindReceiverReport, rtcp.KindBye, rtcp.KindNACK, rtcp.KindPLI,
		rtcp.KindFIR, rtcp.KindREMB, rtcp.KindTransportCC,
	}
	if got := kindsOf(t, compound()); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := kindsOf(t, nil); got != nil {
		t.Errorf("nothing holds %v", got)
	}
	for name, b := range map[string][]byte{
		"application":           {0x80, 204, 0, 2, 0, 0, 0, 1, 'a', 'b', 'c', 'd'},
		"extended report":       {0x80, 207, 0, 1, 0, 0, 0, 1},
		"other feedback":        {0x83, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2},
		"other application":     {0x8f, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 'A', 'B', 'C', 'D'},
		"cut application":       {0x8f, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2},
		"nothing but a header":  {0x80, 255, 0, 0},
		"padding of a stranger": {0xa0, 204, 0, 1, 0, 0, 0, 4},
	} {
		if got := kindsOf(t, b); !slices.Equal(got, []rtcp.Kind{rtcp.KindOther}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestReaderRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"three bytes":          {0x80, 200, 0},
		"version 1":            {0x40, 204, 0, 0},
		"longer than it is":    {0x80, 204, 0, 1},
		"sender report cut":    {0x80, 200, 0, 1, 0, 0, 0, 1},
		"reports cut":          {0x81, 201, 0, 1, 0, 0, 0, 1},
		"receiver without":     {0x80, 201, 0, 0},
		"bye cut":              {0x82, 203, 0, 1, 0, 0, 0, 1},
		"nack for nothing":     {0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2},
		"pli without media":    {0x81, 206, 0, 1, 0, 0, 0, 1},
		"fir half an entry":    {0x84, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2},
		"fir without entries":  {0x84, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0},
		"remb sources missing": {0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 1, 0, 0, 1},
		"transport cc cut":     {0x8f, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1},
		"padding of 0":         {0xa0, 204, 0, 1, 0, 0, 0, 0},
		"padding too long":     {0xa0, 204, 0, 1, 0, 0, 0, 5},
		"padding of no body":   {0xa0, 204, 0, 0},
		"padding eats body":    {0xa1, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4},
	} {
		r := rtcp.NewReader(append(rtcp.AppendPLI(nil, 1, 2), b...))
		if !r.Next() || r.Packet().Kind() != rtcp.KindPLI {
			t.Fatalf("%s: the packet before it is lost", name)
		}
		if r.Next() || !errors.Is(r.Err(), rtcp.ErrMalformed) || r.Packet().Raw() != nil {
			t.Errorf("%s: taken, %v", name, r.Err())
		}
		if r.Next() {
			t.Errorf("%s: went on", name)
		}
	}
}

func TestAccessorsOfOtherKinds(t *testing.T) {
	r := rtcp.NewReader(compound())
	for r.Next() {
		p := r.Packet()
		has := func(kinds ...rtcp.Kind) bool { return slices.Contains(kinds, p.Kind()) }
		check := func(name string, gives, may bool) {
			if gives != may {
				t.Errorf("kind %d: %s gives something: %v", p.Kind(), name, gives)
			}
		}
		check("SenderSSRC", p.SenderSSRC() != 0, !has(rtcp.KindOther, rtcp.KindBye))
		check("MediaSSRC", p.MediaSSRC() != 0, has(rtcp.KindNACK, rtcp.KindPLI, rtcp.KindTransportCC))
		check("SenderReport", p.SenderReport() != rtcp.SenderReport{}, has(rtcp.KindSenderReport))
		check("Reports", len(slices.Collect(p.Reports())) > 0, has(rtcp.KindSenderReport, rtcp.KindReceiverReport))
		check("Lost", len(slices.Collect(p.Lost())) > 0, has(rtcp.KindNACK))
		check("Requests", len(slices.Collect(p.Requests())) > 0, has(rtcp.KindFIR))
		check("Bitrate", p.Bitrate() != 0, has(rtcp.KindREMB))
		check("SSRCs", len(slices.Collect(p.SSRCs())) > 0, has(rtcp.KindREMB, rtcp.KindBye))
		check("Raw", len(p.Raw()) > 0, true)
	}
}
