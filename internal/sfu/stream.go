package sfu

import (
	"sync/atomic"
	"time"

	"stube/internal/sfu/nack"
	"stube/internal/sfu/rtp"
)

const (
	// keyFrameInterval is how often a sender is asked for a key frame at the most.
	keyFrameInterval = 300 * time.Millisecond
	// streamSilence is after how long without packets a simulcast layer counts as gone.
	streamSilence = 1500 * time.Millisecond
)

// stream is one RTP stream that a client sends: the whole of a Producer, or one simulcast layer of it.
type stream struct {
	// Set at the start.
	producer *Producer
	layer    int // 0 is the smallest
	rid      string
	scale    float64 // how much smaller than the source the picture is
	// The most that it costs in bit/s, as the client says; 0: not told.
	maxBitrate uint64

	// Safe for concurrent use by themselves.
	ssrc          atomic.Uint32
	lastPacket    atomic.Int64  // when the newest packet came
	bitrate       atomic.Uint64 // bit/s, of the last measuring interval
	keyFrameAsked atomic.Int64  // when a key frame was asked for
	clock         atomic.Pointer[clock]
	spatials      atomic.Int32                          // how many spatial layers there are in it
	rates         [layerCount][layerCount]atomic.Uint64 // bit/s of each spatial and temporal layer in it
	history       history
	strain        strain

	// Guarded by the transport's recvMu.
	rtxSSRC uint32
	seen    seen
	muted   int64 // numbers up to this one came, or were to come, while the producer was paused; 0: none
	nack    nack.Generator
	// How many packets had been asked for at the last report.
	reportedAsked uint64
	// Of AV1, the layers of its frames.
	templates *rtp.Templates
	// What came of each layer since the last measuring of the bitrate.
	layerBytes [layerCount][layerCount]uint64
	reception
}

// clock is what a sender report said: how the stream's timestamps lie on the sender's clock (RFC 3550 section 6.4.1).
type clock struct {
	ntp int64  // ns on the sender's clock
	rtp uint32 // the timestamp at that time
}

// at tells the timestamp at a time of the sender's clock, in ns.
func (c *clock) at(ntp int64, rate uint32) uint32 {
	return c.rtp + uint32(scale(ntp-c.ntp, int64(rate)))
}

// time tells the sender's clock, in ns, at a timestamp near the report's.
func (c *clock) time(timestamp, rate uint32) int64 {
	return c.ntp + int64(int32(timestamp-c.rtp))*int64(time.Second)/int64(rate)
}

// scale turns nanoseconds into ticks of a clock of the given rate, in Hz.
func scale(ns, rate int64) int64 {
	return ns/int64(time.Second)*rate + ns%int64(time.Second)*rate/int64(time.Second)
}

// bit is the stream's place in a Consumer's set of layers that it looks at.
func (s *stream) bit() uint32 { return 1 << s.layer }

// live tells whether packets are coming.
func (s *stream) live(now int64) bool {
	last := s.lastPacket.Load()
	return last != 0 && now-last < int64(streamSilence)
}

// receive takes an opened packet. recvMu is held.
func (s *stream) receive(p *pipeline, h *rtp.Header, sequence int64, payload []byte) {
	if h.PayloadType != s.producer.clientType {
		p.server.counters.unroutable.Add(1)
		return
	}
	s.account(h, sequence, len(payload), p.arrived)
	s.lastPacket.Store(p.now)
	s.nack.Arrived(sequence, p.now)
	var sent sendTime
	if x := &s.producer.extensions; x.absSendTime != 0 && len(s.producer.streams) > 1 {
		sent = readSendTime(h.Extension(x.absSendTime))
	}
	s.pass(p, h, sequence, sent, payload)
}

// receiveRTX takes a retransmission (RFC 4588 section 4) if the original is missing; senders also probe the network
// with copies of what has long arrived. recvMu is held.
func (s *stream) receiveRTX(p *pipeline, h *rtp.Header, payload []byte) {
	if len(payload) < 2 || !s.reception.started {
		return
	}
	original := uint16(payload[0])<<8 | uint16(payload[1])
	sequence := s.reception.highest + int64(int16(original-uint16(s.reception.highest)))
	if !s.nack.Recovered(sequence, p.now) {
		return
	}
	s.reception.recovered++
	s.pass(p, h, sequence, 0, payload[2:])
}

// pass puts a packet before the consumers, unless it has come before or is of the time of a pause. recvMu is held.
func (s *stream) pass(p *pipeline, h *rtp.Header, sequence int64, sent sendTime, payload []byte) {
	if !s.seen.pass(sequence) || !s.audible(sequence) {
		return
	}
	p.packets = append(p.packets, packet{})
	k := &p.packets[len(p.packets)-1]
	k.stream, k.sequence, k.timestamp, k.sendTime, k.payload = s, sequence, h.Timestamp, sent, payload
	if !s.locate(k, h) {
		p.packets = p.packets[:len(p.packets)-1]
		p.server.counters.malformed.Add(1)
		return
	}
	size := videoHistory
	if s.producer.codec == rtp.Opus {
		size = audioHistory
		s.producer.heard(h, p.now)
	}
	k.writeHeader(h, s.producer, p.now)
	s.history.put(k, size, p.now)
}

// audible tells whether a packet may be handed on: not while the producer is paused, nor when it was sent in a pause
// and comes late. recvMu is held.
func (s *stream) audible(sequence int64) bool {
	if s.producer.silenced.Load() {
		s.muted = max(s.muted, sequence)
		return false
	}
	return s.muted == 0 || sequence > s.muted
}

// mayAskKeyFrame tells whether the sender was not asked for a key frame just before.
func (s *stream) mayAskKeyFrame(now int64) bool {
	asked := s.keyFrameAsked.Load()
	return asked == 0 || now-asked >= int64(keyFrameInterval)
}

// askKeyFrame asks the sender for a key frame, by picture loss indication (RFC 4585 section 6.3.1), but not too
// often: whoever still lacks one asks again. No lock may be held.
func (s *stream) askKeyFrame(p *pipeline) {
	asked := s.keyFrameAsked.Load()
	if !s.mayAskKeyFrame(p.now) || !s.keyFrameAsked.CompareAndSwap(asked, p.now) {
		return
	}
	ssrc := s.ssrc.Load()
	if ssrc == 0 || s.producer.closed.Load() {
		s.keyFrameAsked.Store(0) // ask as soon as the SSRC is known
		return
	}
	p.traffic.picturesOut.Add(1)
	s.producer.transport.sendPLI(p, ssrc)
}
