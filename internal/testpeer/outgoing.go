package testpeer

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

// outgoingConfig says how the packets of one stream look.
type outgoingConfig struct {
	ssrc, rtxSSRC        uint32 // rtxSSRC is 0 for a stream without retransmission
	payloadType, rtxType uint8
	clockRate            uint32 // Hz
	mid, rid             string
	sequence             uint16 // the first one
}

// outgoing is one RTP stream that a peer sends: the whole of a track, or a simulcast layer. One goroutine sends on it;
// the transport's reading goroutine resends. It owns no goroutine.
type outgoing struct {
	config  outgoingConfig
	sender  *sender
	mid     []byte
	rid     []byte      // empty for a track of one layer
	known   atomic.Bool // the server has reported on it, and so learned mid and rid
	wanted  atomic.Bool // a key frame is
	scratch scratch     // the sending goroutine's

	mu       sync.Mutex // guards what follows
	index    uint64     // extended sequence number of the last packet
	rtxIndex uint64
	history  history
	counters OutgoingStats
	last     uint32 // timestamp of the last packet, which a report extrapolates
	lastAt   time.Time
}

// scratch is where a packet is put together.
type scratch struct {
	packet   [maxDatagram]byte
	sendTime [rtp.AbsSendTimeLen]byte
	sequence [2]byte
}

// sentPacket is what differs from one packet of a stream to the next.
type sentPacket struct {
	payload   []byte
	timestamp uint32
	marker    bool
	level     []byte // data of the audio level extension; nil leaves it out
}

func newOutgoing(s *sender, c outgoingConfig) *outgoing {
	o := &outgoing{
		config: c, sender: s, mid: []byte(c.mid), rid: []byte(c.rid),
		index: uint64(c.sequence), rtxIndex: rand.Uint64N(1 << 15),
	}
	o.counters.SSRC, o.counters.Rid = c.ssrc, c.rid
	s.add(o)
	return o
}

// send sends one packet. It allocates nothing once the history is full.
func (o *outgoing) send(p sentPacket, now time.Time) {
	o.mu.Lock()
	index := o.index
	o.index++
	o.history.store(uint16(index), p)
	o.counters.Packets++
	o.counters.Bytes += uint64(len(p.payload))
	o.last, o.lastAt = p.timestamp, now
	o.mu.Unlock()
	h := rtp.Header{
		Marker: p.marker, PayloadType: o.config.payloadType, Sequence: uint16(index),
		Timestamp: p.timestamp, SSRC: o.config.ssrc,
	}
	n := o.putHeader(&o.scratch, &h, &p, o.introduction(extRid), now)
	o.sender.sendRTP(o.scratch.packet[:], n, p.payload, o.config.ssrc, index)
}

// introduction is the extension that names the layer, and with it the mid; 0 when the server knows the stream.
func (o *outgoing) introduction(ridExtension uint8) uint8 {
	if o.known.Load() {
		return 0
	}
	return ridExtension
}

// putHeader writes a packet's header with the extensions that a browser has, and says how long it is. ridExtension is
// the one that names the layer: another one for a retransmission, none (0) for a stream that the server knows.
func (o *outgoing) putHeader(to *scratch, h *rtp.Header, p *sentPacket, ridExtension uint8, now time.Time) int {
	rtp.PutAbsSendTime(to.sendTime[:], rtp.AbsSendTime(now.UnixNano()))
	var extensions [5]rtp.Extension
	list := append(extensions[:0], rtp.Extension{ID: extAbsSendTime, Data: to.sendTime[:]})
	if number, ok := o.sender.number(o.config.rtxSSRC != 0, len(p.payload)); ok {
		binary.BigEndian.PutUint16(to.sequence[:], number)
		list = append(list, rtp.Extension{ID: extTransportCC, Data: to.sequence[:]})
	}
	if p.level != nil {
		list = append(list, rtp.Extension{ID: extAudioLevel, Data: p.level})
	}
	if ridExtension != 0 {
		list = append(list, rtp.Extension{ID: extMid, Data: o.mid}, rtp.Extension{ID: ridExtension, Data: o.rid})
	}
	return len(rtp.AppendHeader(to.packet[:0], h, list))
}

// resend answers a NACK for one packet, as browsers do: with a retransmission of RFC 4588, which no report makes known,
// so that it always names its stream; and of sound, which has no such stream, with the packet under its old number.
func (o *outgoing) resend(sequence uint16) {
	o.mu.Lock()
	o.counters.NACKs++
	p, ok := o.history.load(sequence)
	if !ok || o.config.rtxSSRC != 0 && !o.sender.uplink.repair(len(p.payload)) {
		o.mu.Unlock()
		return
	}
	o.counters.Resent++
	if o.config.rtxSSRC == 0 {
		index := o.index - 1 - uint64(uint16(o.index-1)-sequence)
		p.payload = append([]byte(nil), p.payload...)
		o.mu.Unlock()
		o.resendPlain(p, index)
		return
	}
	o.retransmit(p, sequence)
}

// repeat sends the newest packet again although nobody asked, as browsers do to probe the way. It says of how many
// bytes that was; 0: there is none yet.
func (o *outgoing) repeat() int {
	o.mu.Lock()
	sequence := uint16(o.index - 1)
	p, ok := o.history.load(sequence)
	if !ok {
		o.mu.Unlock()
		return 0
	}
	size := len(p.payload) + overhead
	o.retransmit(p, sequence)
	return size
}

// retransmit sends a packet of the history in the way of RFC 4588. mu is held, and given up.
func (o *outgoing) retransmit(p sentPacket, sequence uint16) {
	index := o.rtxIndex
	o.rtxIndex++
	p.payload = append(binary.BigEndian.AppendUint16(nil, sequence), p.payload...)
	o.mu.Unlock()
	h := rtp.Header{
		Marker: p.marker, PayloadType: o.config.rtxType, Sequence: uint16(index),
		Timestamp: p.timestamp, SSRC: o.config.rtxSSRC,
	}
	var s scratch
	n := o.putHeader(&s, &h, &p, extRepairedRid, time.Now())
	o.sender.sendRTP(s.packet[:], n, p.payload, o.config.rtxSSRC, index)
}

func (o *outgoing) resendPlain(p sentPacket, index uint64) {
	h := rtp.Header{
		Marker: p.marker, PayloadType: o.config.payloadType, Sequence: uint16(index),
		Timestamp: p.timestamp, SSRC: o.config.ssrc,
	}
	var s scratch
	n := o.putHeader(&s, &h, &p, o.introduction(extRid), time.Now())
	o.sender.sendRTP(s.packet[:], n, p.payload, o.config.ssrc, index)
}

// refresh asks the stream's source for a key frame.
func (o *outgoing) refresh() {
	o.wanted.Store(true)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counters.KeyFrameRequests++
}

// reported takes the server's report on the stream.
func (o *outgoing) reported(r rtcp.Report) {
	o.known.Store(true)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counters.ReportedLost = r.TotalLost
	o.counters.ReportedShare = max(o.counters.ReportedShare, r.FractionLost)
	o.counters.Reports++
}

// report makes a sender report. ok is false before the first packet.
func (o *outgoing) report(now time.Time) (sr rtcp.SenderReport, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.counters.Packets == 0 {
		return sr, false
	}
	elapsed := now.Sub(o.lastAt).Seconds() * float64(o.config.clockRate)
	return rtcp.SenderReport{
		SSRC: o.config.ssrc, NTP: rtcp.NTP(now.UnixNano()), RTP: o.last + uint32(int64(elapsed)),
		Packets: uint32(o.counters.Packets), Octets: uint32(o.counters.Bytes),
	}, true
}

// stats copies the counters.
func (o *outgoing) stats() OutgoingStats {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.counters
}
