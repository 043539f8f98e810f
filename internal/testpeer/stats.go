package testpeer

import (
	"time"

	"stube/internal/testpeer/latency"
)

// OutgoingStats counts what became of one stream that a peer sends.
type OutgoingStats struct {
	SSRC             uint32
	Rid              string
	Packets          uint64 // without retransmissions
	Bytes            uint64 // of payload
	Resent           uint64
	NACKs            uint64 // packets that the server asked for again
	KeyFrameRequests uint64 // PLI and FIR
	Reports          uint64 // receiver reports of the server
	ReportedShare    uint8  // of 256 that the server called lost in a report, the largest so far
	ReportedLost     int32  // packets that the server missed, by its last report
}

// ConsumerStats counts what a consumer received.
type ConsumerStats struct {
	FirstPacket time.Time // when it came; zero when none did
	Packets     uint64    // each counted once, recovered ones too
	Bytes       uint64    // of payload
	Lost        int64     // numbers that never came, up to the highest
	Recovered   uint64    // came by retransmission
	Redundant   uint64    // retransmissions that weren't waited for, probing and padding
	Duplicates  uint64
	Reordered   uint64
	Late        uint64 // came so much later than the fastest that nobody would have waited: lateAfter
	Corrupt     uint64 // the payload isn't what was sent
	Unmarked    uint64 // the payload isn't of a test peer's making, so that nothing is known about it

	Frames    uint64 // that a decoder could have shown
	KeyFrames uint64
	Broken    uint64 // frames without beginning or end although no packet is missing
	Freezes   uint64 // times that the picture stood still, as W3C's statistics of WebRTC count them
	Frozen    time.Duration
	Gaps      uint64 // places where lost packets were given up

	PictureJumps   uint64 // frames that a decoder doesn't take for the next one, by picture id and TL0 index
	TimestampJumps uint64 // timestamps that don't go with the sender's clock
	Width, Height  int    // of the newest key frame, which tells the layer

	Pause           time.Duration // the longest between two packets, since the last ResetPause
	Asked           uint64        // packets asked for again, each time counted
	PictureRequests uint64
	SenderReports   uint64
	ReportSkew      time.Duration // the furthest that a sender report was off
	Jitter          time.Duration
	Level           uint8 // of the newest packet with an audio level, in -dBov
}

// ReceiverStats counts what a transport received and no consumer accounts for.
type ReceiverStats struct {
	Unknown   uint64 // of an SSRC that nobody told of, or before there were keys
	Unopened  uint64 // not authentic, or cut
	Malformed uint64 // control packets
}

// Stats counts what a peer sent and received.
type Stats struct {
	Sent     []OutgoingStats          // of all tracks
	Received map[string]ConsumerStats // by consumer id
	Stray    ReceiverStats
	Latency  latency.Histogram // from sending to receiving, of packets that came without retransmission

	DroppedUp, DroppedDown uint64 // by Uplink and Downlink loss
	TransportFeedback      uint64 // transport-wide congestion control packets from the server
	ConsentAnswers         uint64
	RoundTrip              time.Duration // of the newest connectivity check
}

// Total adds up what all consumers received. Of sizes, levels and times it has none but the earliest first packet, the
// longest pause and the largest skew.
func (s Stats) Total() ConsumerStats {
	var t ConsumerStats
	for _, c := range s.Received {
		if t.FirstPacket.IsZero() || !c.FirstPacket.IsZero() && c.FirstPacket.Before(t.FirstPacket) {
			t.FirstPacket = c.FirstPacket
		}
		t.Packets += c.Packets
		t.Bytes += c.Bytes
		t.Lost += c.Lost
		t.Recovered += c.Recovered
		t.Redundant += c.Redundant
		t.Duplicates += c.Duplicates
		t.Reordered += c.Reordered
		t.Late += c.Late
		t.Corrupt += c.Corrupt
		t.Unmarked += c.Unmarked
		t.Frames += c.Frames
		t.KeyFrames += c.KeyFrames
		t.Broken += c.Broken
		t.Freezes += c.Freezes
		t.Frozen += c.Frozen
		t.Gaps += c.Gaps
		t.Pause = max(t.Pause, c.Pause)
		t.PictureJumps += c.PictureJumps
		t.TimestampJumps += c.TimestampJumps
		t.Asked += c.Asked
		t.PictureRequests += c.PictureRequests
		t.SenderReports += c.SenderReports
		t.ReportSkew = max(t.ReportSkew, c.ReportSkew)
	}
	return t
}

// Stats copies the peer's counters.
func (p *Peer) Stats() Stats {
	s := Stats{
		Received:          make(map[string]ConsumerStats),
		DroppedUp:         p.send.sender.loss.dropped.Load(),
		DroppedDown:       p.receive.receiver.loss.dropped.Load(),
		TransportFeedback: p.send.sender.transportFeedback.Load(),
		ConsentAnswers:    p.send.agent.answers.Load() + p.receive.agent.answers.Load(),
		RoundTrip:         time.Duration(p.receive.agent.roundTrip.Load()),
	}
	p.mu.Lock()
	for t := range p.tracks {
		s.Sent = append(s.Sent, t.Stats()...)
	}
	consumers := p.consumerList()
	p.mu.Unlock()
	r := &p.receive.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Stray = r.counters
	for _, c := range consumers {
		s.Received[c.id] = c.stream.stats()
		s.Latency.Add(&c.stream.latency)
	}
	return s
}
