package sfu

import "stube/internal/sfu/rtp"

// reception are the statistics of a stream that is received (RFC 3550 section 6.4.1 and appendix A.3, A.8).
type reception struct {
	started   bool
	first     int64 // extended sequence numbers
	highest   int64
	packets   uint64
	bytes     uint64 // of payload
	recovered uint64 // came as a retransmission

	// Jitter, in 1/16 of timestamp units.
	transit int64
	jitter  int64

	// At the last report, for the fraction lost since.
	reportedExpected, reportedPackets uint64
	// Of the last sender report.
	reportNTP  uint32 // its middle 32 bits
	reportAt   int64
	recentLoss uint8  // the fraction lost, of 256, in the last report
	missed     uint64 // packets lost in the time of the last report
	// At the last measuring of the bitrate.
	measuredAt    int64
	measuredBytes uint64
	settled       settled
}

// account counts a packet.
func (s *stream) account(h *rtp.Header, sequence int64, size int, now int64) {
	r := &s.reception
	r.packets++
	r.bytes += uint64(size)
	transit := scale(now, int64(s.producer.clockRate)) - int64(h.Timestamp)
	if !r.started {
		r.started, r.first, r.highest, r.transit = true, sequence, sequence, transit
		return
	}
	r.highest = max(r.highest, sequence)
	r.first = min(r.first, sequence)
	d := int64(int32(transit - r.transit))
	r.transit = transit
	if d < 0 {
		d = -d
	}
	r.jitter += d - (r.jitter+8)>>4
}

// lost tells the packets lost in all, those since the last report as a fraction of 256, and notes the report.
func (r *reception) lost() (total int64, fraction uint8) {
	expected := uint64(r.highest - r.first + 1)
	got := r.packets + r.recovered
	total = int64(expected) - int64(got)
	expectedNow, gotNow := expected-r.reportedExpected, got-r.reportedPackets
	r.reportedExpected, r.reportedPackets = expected, got
	r.missed = 0
	if expectedNow > 0 && expectedNow > gotNow {
		r.missed = expectedNow - gotNow
		fraction = uint8(min(255, (expectedNow-gotNow)<<8/expectedNow))
	}
	r.recentLoss = fraction
	return total, fraction
}
