package rtcp_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

// FuzzCriterion31Reader compares each packet with pion/rtcp's reading of the same bytes.
func FuzzCriterion31Reader(f *testing.F) {
	f.Add(compound())
	f.Add(rtcp.AppendSenderReport(nil, rtcp.SenderReport{SSRC: 1}, reports(31)))
	f.Add([]byte{0xa1, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4})
	f.Add([]byte{0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 0, 0xff, 0xff, 0xff})
	f.Add(feedback(65535, 3, 0x20, 3, 1, 2, 255))
	f.Add(feedback(7, 3, 0b11_01_00_10, 0, 4, 0x80, 0))
	f.Add(feedback(7, 20, 0b10_10_1000, 0, 0, 6, 4, 5))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := rtcp.NewReader(b)
		total := 0
		for r.Next() {
			p := r.Packet()
			total += len(p.Raw())
			if p.Kind() != rtcp.KindOther {
				compare(t, p)
			}
			visit(p)
		}
		if r.Err() == nil && total != len(b) {
			t.Fatalf("%d of %d bytes", total, len(b))
		}
		if r.Err() != nil && !errors.Is(r.Err(), rtcp.ErrMalformed) {
			t.Fatal(r.Err())
		}
	})
}

// visit calls every accessor: none may panic for any kind.
func visit(p rtcp.Packet) {
	_, _, _, _ = p.SenderSSRC(), p.MediaSSRC(), p.SenderReport(), p.Bitrate()
	for seq := range p.Lost() {
		_ = seq
	}
	for report := range p.Reports() {
		_, _ = report.RoundTrip(1 << 40)
	}
	for ssrc := range p.SSRCs() {
		_ = ssrc
	}
	for request := range p.Requests() {
		_ = request
	}
	for arrival := range p.Arrivals() {
		_ = arrival
	}
}

// compare fails when pion understands the packet and finds something else in it. pion reads padding as part of a
// body, so that padded packets aren't compared.
func compare(t *testing.T, p rtcp.Packet) {
	t.Helper()
	if p.Raw()[0]&0x20 != 0 {
		return
	}
	list, err := pion.Unmarshal(p.Raw())
	if err != nil {
		return
	}
	switch want := list[0].(type) {
	case *pion.SenderReport:
		got := p.SenderReport()
		if got.SSRC != want.SSRC || got.NTP != want.NTPTime || got.RTP != want.RTPTime ||
			got.Packets != want.PacketCount || got.Octets != want.OctetCount {
			t.Fatalf("got %+v, pion %+v", got, want)
		}
		compareReports(t, p, want.Reports)
	case *pion.ReceiverReport:
		compareReports(t, p, want.Reports)
	case *pion.Goodbye:
		compareSources(t, p, want.Sources)
	case *pion.TransportLayerNack:
		var lost []uint16
		for _, pair := range want.Nacks {
			lost = append(lost, pair.PacketList()...)
		}
		if got := slices.Collect(p.Lost()); !slices.Equal(got, lost) || p.MediaSSRC() != want.MediaSSRC {
			t.Fatalf("got %v, pion %v", got, lost)
		}
	case *pion.PictureLossIndication:
		if p.SenderSSRC() != want.SenderSSRC || p.MediaSSRC() != want.MediaSSRC {
			t.Fatalf("got %d, %d, pion %+v", p.SenderSSRC(), p.MediaSSRC(), want)
		}
	case *pion.FullIntraRequest:
		var requests []rtcp.Request
		for _, e := range want.FIR {
			requests = append(requests, rtcp.Request{SSRC: e.SSRC, Sequence: e.SequenceNumber})
		}
		if got := slices.Collect(p.Requests()); !slices.Equal(got, requests) {
			t.Fatalf("got %v, pion %v", got, requests)
		}
	case *pion.ReceiverEstimatedMaximumBitrate:
		compareSources(t, p, want.SSRCs)
		if b := p.Bitrate(); b != 0 && b != math.MaxUint64 && want.Bitrate != float32(b) {
			t.Fatalf("got %d, pion %f", b, want.Bitrate)
		}
	case *pion.TransportLayerCC:
		if p.SenderSSRC() != want.SenderSSRC || p.MediaSSRC() != want.MediaSSRC {
			t.Fatalf("got %d, %d, pion %+v", p.SenderSSRC(), p.MediaSSRC(), want)
		}
		compareArrivals(t, p, want)
	}
}

func compareReports(t *testing.T, p rtcp.Packet, want []pion.ReceptionReport) {
	t.Helper()
	got := slices.Collect(p.Reports())
	if len(got) != len(want) {
		t.Fatalf("%d reports, pion %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.SSRC != w.SSRC || g.FractionLost != w.FractionLost || uint32(g.TotalLost)&0xffffff != w.TotalLost ||
			g.HighestSeq != w.LastSequenceNumber || g.Jitter != w.Jitter || g.LSR != w.LastSenderReport ||
			g.DLSR != w.Delay {
			t.Fatalf("got %+v, pion %+v", g, w)
		}
	}
}

func compareSources(t *testing.T, p rtcp.Packet, want []uint32) {
	t.Helper()
	if got := slices.Collect(p.SSRCs()); !slices.Equal(got, want) {
		t.Fatalf("got %v, pion %v", got, want)
	}
}

// FuzzAppend builds packets out of random fields; pion/rtcp must find the same in them as we do.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("0123456789012345678901234567890"), uint64(1_500_000))
	f.Add(bytes.Repeat([]byte{255, 254}, 700), uint64(1<<40))
	f.Fuzz(func(t *testing.T, b []byte, rate uint64) {
		source := bytes.NewReader(b)
		next := func() uint32 {
			var w [4]byte
			_, _ = io.ReadFull(source, w[:])
			return uint32(w[0])<<24 | uint32(w[1])<<16 | uint32(w[2])<<8 | uint32(w[3])
		}
		sr := rtcp.SenderReport{SSRC: next(), NTP: rate, RTP: next(), Packets: next(), Octets: next()}
		list := make([]rtcp.Report, int(rate%40))
		for i := range list {
			list[i] = rtcp.Report{SSRC: next(), FractionLost: uint8(next()), TotalLost: int32(next()), Jitter: next()}
		}
		out := rtcp.AppendSenderReport(nil, sr, list)
		out = rtcp.AppendREMB(out, next(), rate>>8, []uint32{next(), next()})
		lost := []uint16{0}
		for source.Len() > 0 {
			lost = append(lost, uint16(next()))
		}
		out = rtcp.AppendNACK(out, next(), next(), lost)
		if _, err := pion.Unmarshal(out); err != nil {
			t.Fatal(err)
		}
		r := rtcp.NewReader(out)
		for r.Next() {
			compare(t, r.Packet())
		}
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
	})
}
