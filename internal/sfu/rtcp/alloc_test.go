package rtcp_test

import (
	"testing"

	"stube/internal/sfu/rtcp"
)

func TestNothingAllocates(t *testing.T) {
	datagram, buf := compound(), make([]byte, 0, 2000)
	list, lost := reports(33), []uint16{1, 2, 3, 40}
	for name, f := range map[string]func(){
		"Reader": func() {
			sum := uint32(0)
			r := rtcp.NewReader(datagram)
			for r.Next() {
				p := r.Packet()
				sum += p.SenderSSRC() + p.MediaSSRC() + p.SenderReport().RTP + uint32(p.Bitrate())
				for seq := range p.Lost() {
					sum += uint32(seq)
				}
				for report := range p.Reports() {
					sum += report.Jitter
				}
				for ssrc := range p.SSRCs() {
					sum += ssrc
				}
				for request := range p.Requests() {
					sum += request.SSRC
				}
				for arrival := range p.Arrivals() {
					sum += uint32(arrival.Ticks)
				}
			}
			if sum == 0 || r.Err() != nil {
				t.Error("read nothing: ", r.Err())
			}
		},
		"Reader, refused": func() {
			r := rtcp.NewReader(datagram[:len(datagram)-1])
			for r.Next() {
				_ = r.Packet()
			}
			_ = r.Err()
		},
		"builders": func() {
			b := rtcp.AppendSenderReport(buf[:0], rtcp.SenderReport{SSRC: 1}, list)
			b = rtcp.AppendReceiverReport(b, 1, list[:1])
			b = rtcp.AppendNACK(b, 1, 2, lost)
			b = rtcp.AppendPLI(b, 1, 2)
			_ = rtcp.AppendREMB(b, 1, 1_500_000, []uint32{2})
		},
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
