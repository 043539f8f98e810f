package sfu

import (
	"sync/atomic"

	"stube/internal/ortc"
)

// wireOverhead is how many bytes a packet has on the wire beside its payload, about: IPv4, UDP, RTP with the usual
// extensions, and the authentication tag.
const wireOverhead = 72

// Traffic counts what the Server has received and sent since its start. What passes the packet path is taken over
// from its own counts about twice a second, and so a little late.
type Traffic struct {
	Audio, Video Flow
	// AskedOut and AskedIn are the packets that the Server asked its clients for again, and they it (RFC 4585, NACK).
	AskedOut, AskedIn uint64
	// PicturesOut and PicturesIn are the key frames that the Server asked its clients for, and they it.
	PicturesOut, PicturesIn uint64
	// Switches are the times that a receiver was given another layer of a video.
	Switches uint64
	// Probes are the times that it was tried whether a way to a client carries more, SuccessfulProbes those that found
	// that it does, and ProbeBytes what was sent for it besides media, headers from IP on among it.
	Probes, SuccessfulProbes, ProbeBytes uint64
	// RepairBytes are those of packets sent again, headers from IP on among them.
	RepairBytes uint64
	// Withheld are the packets that clients asked for again and did not get at once, because repair would have taken
	// too much of what their ways carry, or a long queue stood there.
	Withheld uint64
	// Held are the packets that were held back for a moment, not to pile up in front of a narrow link.
	Held uint64
	// Dropped are the packets that the system did not take for sending.
	Dropped uint64
}

// Flow counts the packets of one kind of media.
type Flow struct {
	PacketsIn, BytesIn uint64 // that clients sent; bytes of payload
	RepairedIn         uint64 // that came as retransmissions
	LostIn             uint64 // that were missing in a report to who sends
	PacketsOut         uint64 // that were forwarded
	BytesOut           uint64 // of payload
	RepairedOut        uint64 // that were sent again
	LostOut            uint64 // that receivers reported as missing
}

// Packets is how many packets were received and sent.
func (t Traffic) Packets() uint64 {
	return t.Audio.PacketsIn + t.Audio.PacketsOut + t.Audio.RepairedOut +
		t.Video.PacketsIn + t.Video.PacketsOut + t.Video.RepairedOut
}

// WireOut is about how many bytes were sent, with the headers of all layers from IP on.
func (t Traffic) WireOut() uint64 {
	return t.Audio.BytesOut + t.Video.BytesOut + wireOverhead*(t.Audio.PacketsOut+t.Video.PacketsOut) +
		t.RepairBytes + t.ProbeBytes
}

// traffic is where counts are gathered. Each Worker has its own, so that they do not contend.
type traffic struct {
	flows                                      [2]flow // audio, video
	askedOut, askedIn, picturesOut, picturesIn atomic.Uint64
	switches, dropped                          atomic.Uint64
	probes, successfulProbes, probeBytes       atomic.Uint64
	repairBytes, withheld, held                atomic.Uint64
	datagrams                                  atomic.Uint64
}

// flow gathers the counts of a Flow.
type flow struct {
	packetsIn, bytesIn, repairedIn, lostIn     atomic.Uint64
	packetsOut, bytesOut, repairedOut, lostOut atomic.Uint64
}

func (t *traffic) flow(kind ortc.MediaKind) *flow {
	if kind == ortc.Audio {
		return &t.flows[0]
	}
	return &t.flows[1]
}

// Traffic gives the counts since the Server's start.
func (s *Server) Traffic() Traffic {
	var sum Traffic
	s.traffic.addTo(&sum)
	for _, w := range s.workers {
		w.traffic.addTo(&sum)
	}
	return sum
}

func (t *traffic) addTo(sum *Traffic) {
	t.flows[0].addTo(&sum.Audio)
	t.flows[1].addTo(&sum.Video)
	sum.AskedOut += t.askedOut.Load()
	sum.AskedIn += t.askedIn.Load()
	sum.PicturesOut += t.picturesOut.Load()
	sum.PicturesIn += t.picturesIn.Load()
	sum.Switches += t.switches.Load()
	sum.Probes += t.probes.Load()
	sum.SuccessfulProbes += t.successfulProbes.Load()
	sum.ProbeBytes += t.probeBytes.Load()
	sum.RepairBytes += t.repairBytes.Load()
	sum.Withheld += t.withheld.Load()
	sum.Held += t.held.Load()
	sum.Dropped += t.dropped.Load()
}

func (f *flow) addTo(sum *Flow) {
	sum.PacketsIn += f.packetsIn.Load()
	sum.BytesIn += f.bytesIn.Load()
	sum.RepairedIn += f.repairedIn.Load()
	sum.LostIn += f.lostIn.Load()
	sum.PacketsOut += f.packetsOut.Load()
	sum.BytesOut += f.bytesOut.Load()
	sum.RepairedOut += f.repairedOut.Load()
	sum.LostOut += f.lostOut.Load()
}

// Datagrams tells how many packets of any kind each Worker has received since the Server's start. They are even when
// the kernel spreads the clients well.
func (s *Server) Datagrams() []uint64 {
	counts := make([]uint64, len(s.workers))
	for i, w := range s.workers {
		counts[i] = w.traffic.datagrams.Load()
	}
	return counts
}

// settled is what of a stream's or a Consumer's own counts has been taken over.
type settled struct{ packets, bytes, repaired uint64 }

// settle takes over what the stream received since the last time. recvMu is held.
func (s *stream) settle(t *traffic) {
	f, r := t.flow(s.producer.kind), &s.reception
	f.packetsIn.Add(r.packets - r.settled.packets)
	f.bytesIn.Add(r.bytes - r.settled.bytes)
	f.repairedIn.Add(r.recovered - r.settled.repaired)
	r.settled = settled{packets: r.packets, bytes: r.bytes, repaired: r.recovered}
}

// settle takes over what the Consumer sent since the last time. sendMu is held.
func (c *Consumer) settle(t *traffic) {
	f := t.flow(c.producer.kind)
	f.packetsOut.Add(c.sent.packets - c.sent.settled.packets)
	f.bytesOut.Add(c.sent.bytes - c.sent.settled.bytes)
	f.repairedOut.Add(c.sent.resent - c.sent.settled.repaired)
	c.sent.settled = settled{packets: c.sent.packets, bytes: c.sent.bytes, repaired: c.sent.resent}
}

// publish takes over what the Worker counts for itself.
func (w *Worker) publish() {
	w.traffic.datagrams.Store(w.received)
	var dropped uint64
	for _, writer := range w.pipe.writers {
		dropped += writer.Stats().Dropped
	}
	w.traffic.dropped.Store(dropped)
}
