package testpeer

import (
	"encoding/binary"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/nack"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
	"stube/internal/testpeer/latency"
	"stube/internal/testpeer/synth"
)

// lateAfter is how much later than the fastest packet of its stream one is of no use any more: a jitter buffer waits no
// longer.
const lateAfter = int64(200 * time.Millisecond)

// pictureInterval is the shortest time between two requests for a key frame.
const pictureInterval = int64(300 * time.Millisecond)

// stream accounts for the packets of one consumer. The receiver's lock guards it.
type stream struct {
	ssrc     uint32
	video    bool
	clock    int64 // Hz
	level    uint8 // id of the audio level extension; 0 without one
	asksNACK bool

	started      bool
	first        int64 // extended sequence numbers
	highest      int64
	missing      nack.Generator
	playout      playout
	nacks        []uint16
	askedPicture int64 // when a key frame was last asked for

	jitter     float64 // RFC 3550 section 6.4.1, in timestamp units
	transit    int64
	latestTime int64 // arrival and timestamp of the newest packet
	latest     uint32

	newest  int64 // when the last packet came
	fastest int64 // how long the fastest one took

	reportNTP uint64 // of the last sender report
	reportAt  int64
	expected  int64 // at the last receiver report
	received  int64

	counters ConsumerStats
	latency  latency.Histogram
}

func newStream(kind ortc.MediaKind, p ortc.RTPParameters) *stream {
	s := &stream{
		ssrc: p.Encodings[0].SSRC, video: kind == ortc.Video, clock: int64(p.Codecs[0].ClockRate),
	}
	for _, fb := range p.Codecs[0].RTCPFeedback {
		s.asksNACK = s.asksNACK || fb.Type == "nack" && fb.Parameter == ""
	}
	for _, e := range p.HeaderExtensions {
		if e.URI == ortc.URIAudioLevel {
			s.level = e.ID
		}
	}
	s.playout.init(s.video, s.clock, &s.counters)
	return s
}

// arrived takes an original packet.
func (s *stream) arrived(h *rtp.Header, index int64, payload []byte, at int64) {
	switch {
	case !s.started:
		s.started, s.first, s.highest = true, index, index-1
		s.counters.FirstPacket = time.Unix(0, at)
	case index < s.highest:
		s.counters.Reordered++
	}
	if index > s.highest {
		s.highest = index
		s.measureJitter(h.Timestamp, at)
	}
	s.first = min(s.first, index)
	if s.level != 0 {
		if level, _, ok := rtp.AudioLevel(h.Extension(s.level)); ok {
			s.counters.Level = level
		}
	}
	s.take(h, index, payload, at, false)
}

// retransmitted takes a packet of the retransmission stream, RFC 4588 section 4: the original sequence number stands
// before the payload.
func (s *stream) retransmitted(h *rtp.Header, payload []byte, at int64) {
	const originalLen = 2
	if len(payload) <= originalLen || !s.started {
		s.counters.Redundant++
		return
	}
	original := binary.BigEndian.Uint16(payload)
	index := s.highest + int64(int16(original-uint16(s.highest)))
	if !s.missing.Recovered(index, at) {
		s.counters.Redundant++
		return
	}
	s.take(h, index, payload[originalLen:], at, true)
}

// take accounts for a packet that may be new.
func (s *stream) take(h *rtp.Header, index int64, payload []byte, at int64, recovered bool) {
	if s.asksNACK && !recovered {
		s.missing.Arrived(index, at)
	}
	packet := slot{sequence: index, timestamp: h.Timestamp}
	if h.Marker {
		packet.flags |= flagMarker
	}
	open := synth.OpusOpen
	if s.video {
		open = packet.describe(payload)
	}
	mark, verdict := synth.Read(payload, open)
	packet.sent = mark.Sent
	if !s.playout.insert(packet, at) {
		s.counters.Duplicates++
		return
	}
	s.counters.Packets++
	s.counters.Bytes += uint64(len(payload))
	s.time(mark.Sent, at)
	switch {
	case recovered:
		s.counters.Recovered++
	case verdict == synth.Intact:
		s.latency.Record(time.Duration(at - mark.Sent))
	}
	switch verdict {
	case synth.Corrupt:
		s.counters.Corrupt++
	case synth.Unmarked:
		s.counters.Unmarked++
	}
}

// time notes when a packet came that was sent at a time; 0 when that isn't known.
func (s *stream) time(sent, at int64) {
	if s.newest != 0 {
		s.counters.Pause = max(s.counters.Pause, time.Duration(at-s.newest))
	}
	s.newest = max(s.newest, at)
	if sent == 0 {
		return
	}
	took := at - sent
	if s.fastest == 0 || took < s.fastest {
		s.fastest = took
	}
	if took > s.fastest+lateAfter {
		s.counters.Late++
	}
}

// measureJitter is RFC 3550 section 6.4.1.
func (s *stream) measureJitter(timestamp uint32, at int64) {
	transit := at/1000*s.clock/1_000_000 - int64(timestamp)
	if s.transit != 0 {
		d := int64(int32(transit - s.transit)) // both wrap with the timestamp
		s.jitter += (float64(max(d, -d)) - s.jitter) / 16
	}
	s.transit = transit
	s.latest, s.latestTime = timestamp, at
}

// senderReport checks that the server's clock and timestamps go together, and notes the report for the answer to it.
func (s *stream) senderReport(sr rtcp.SenderReport, at int64) {
	s.reportNTP, s.reportAt = sr.NTP, at
	s.counters.SenderReports++
	if s.latestTime == 0 {
		return
	}
	expected := s.latest + uint32((at-s.latestTime)/1000*s.clock/1_000_000)
	skew := time.Duration(int64(int32(sr.RTP-expected)) * int64(time.Second) / s.clock)
	s.counters.ReportSkew = max(s.counters.ReportSkew, skew.Abs())
}

// asks says whether the stream may have something to ask for.
func (s *stream) asks() bool {
	return s.playout.waiting() || s.playout.wantsPicture()
}

// ask appends a NACK for what is missing, and a picture loss indication when a decoder could go no further.
func (s *stream) ask(dst []byte, sender uint32, now int64) []byte {
	if s.asksNACK {
		s.nacks = s.missing.Due(s.nacks[:0], now)
		s.counters.Asked += uint64(len(s.nacks))
		dst = rtcp.AppendNACK(dst, sender, s.ssrc, s.nacks)
	}
	s.playout.giveUp(now)
	if s.playout.wantsPicture() && now-s.askedPicture >= pictureInterval {
		s.askedPicture = now
		s.counters.PictureRequests++
		dst = rtcp.AppendPLI(dst, sender, s.ssrc)
	}
	return dst
}

// report makes the stream's block of a receiver report. ok is false before the first packet.
func (s *stream) report(now int64) (rtcp.Report, bool) {
	if !s.started {
		return rtcp.Report{}, false
	}
	expected, received := s.highest-s.first+1, int64(s.counters.Packets)
	fraction := int64(0)
	if interval := expected - s.expected; interval > 0 {
		fraction = min(max((interval-(received-s.received))*256/interval, 0), 255)
	}
	s.expected, s.received = expected, received
	report := rtcp.Report{
		SSRC: s.ssrc, FractionLost: uint8(fraction), TotalLost: int32(expected - received),
		HighestSeq: uint32(s.highest), Jitter: uint32(s.jitter),
	}
	if s.reportNTP != 0 {
		report.LSR = uint32(s.reportNTP >> 16)
		report.DLSR = uint32((now - s.reportAt) << 16 / int64(time.Second))
	}
	return report, true
}

// stats copies the counters.
func (s *stream) stats() ConsumerStats {
	c := s.counters
	if s.started {
		c.Lost = max(s.highest-s.first+1-int64(c.Packets), 0)
	}
	c.Jitter = time.Duration(s.jitter * float64(time.Second) / float64(s.clock))
	return c
}
