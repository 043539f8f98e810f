package rtcp_test

import (
	"slices"
	"testing"

	pion "github.com/pion/rtcp"

	"stube/internal/sfu/rtcp"
)

// reports are n reports, each field of each its own.
func reports(n int) []rtcp.Report {
	var list []rtcp.Report
	for i := range uint32(n) {
		list = append(list, rtcp.Report{
			SSRC: 1000 + i, FractionLost: uint8(i), TotalLost: int32(i) - 1, HighestSeq: 3000 + i,
			Jitter: 4000 + i, LSR: 5000 + i, DLSR: 6000 + i,
		})
	}
	return list
}

func TestReports(t *testing.T) {
	sr := rtcp.SenderReport{SSRC: 9, NTP: 1 << 63, RTP: 1 << 31, Packets: 7, Octets: 8}
	for _, n := range []int{0, 1, 31, 32, 63} {
		for name, b := range map[string][]byte{
			"sender":   rtcp.AppendSenderReport(nil, sr, reports(n)),
			"receiver": rtcp.AppendReceiverReport(nil, 9, reports(n)),
		} {
			var got []rtcp.Report
			r := rtcp.NewReader(b)
			for r.Next() {
				p := r.Packet()
				if p.SenderSSRC() != 9 || p.Kind() == rtcp.KindSenderReport && p.SenderReport() != sr {
					t.Errorf("%s of %d: from %d, %+v", name, n, p.SenderSSRC(), p.SenderReport())
				}
				got = slices.AppendSeq(got, p.Reports())
			}
			if r.Err() != nil || !slices.Equal(got, reports(n)) {
				t.Errorf("%s of %d: %v, %v", name, n, got, r.Err())
			}
			if _, err := pion.Unmarshal(b); err != nil {
				t.Errorf("%s of %d: pion: %v", name, n, err)
			}
		}
	}
}

func TestTotalLostIsBounded(t *testing.T) {
	for in, want := range map[int32]int32{-1: -1, 1 << 23: 1<<23 - 1, -1 << 30: -1 << 23, 5: 5} {
		r := rtcp.NewReader(rtcp.AppendReceiverReport(nil, 1, []rtcp.Report{{TotalLost: in, FractionLost: 255}}))
		if !r.Next() {
			t.Fatal(r.Err())
		}
		for report := range r.Packet().Reports() {
			if report.TotalLost != want || report.FractionLost != 255 {
				t.Errorf("%d became %+v", in, report)
			}
		}
	}
}
