package testpeer

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/sfu/dtls"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/srtp"
)

// maxDatagram is room for any packet that a peer makes, in bytes, SRTP's overhead included.
const maxDatagram = 1500

// sender is the sending half of a transport: it seals what streams and reports put together. It owns no goroutine.
type sender struct {
	write             func(packet []byte)
	loss              lossy
	transportSequence atomic.Uint32 // of the transport-wide congestion control extension, without an uplink
	uplink            *uplink       // nil: none is followed
	transportFeedback atomic.Uint64

	mu      sync.Mutex // guards what follows
	sealer  *srtp.Sealer
	streams map[uint32]*outgoing // by SSRC
}

func (s *sender) init(write func([]byte)) {
	s.write = write
	s.streams = make(map[uint32]*outgoing)
}

// secure takes the keys to seal with.
func (s *sender) secure(k dtls.Keys) error {
	sealer, err := srtp.NewSealer(k.Profile, k.LocalKey, k.LocalSalt)
	if err != nil {
		return fmt.Errorf("secure what is sent: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealer = sealer
	return nil
}

func (s *sender) add(o *outgoing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[o.config.ssrc] = o
}

func (s *sender) remove(o *outgoing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, o.config.ssrc)
}

func (s *sender) stream(ssrc uint32) *outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams[ssrc]
}

// number gives a packet with so many bytes of payload its transport-wide number. Who follows the way up numbers
// pictures only, as browsers do here, where the extension isn't negotiated for sound.
func (s *sender) number(picture bool, payload int) (sequence uint16, ok bool) {
	if s.uplink == nil {
		return uint16(s.transportSequence.Add(1)), true
	}
	if !picture {
		return 0, false
	}
	return s.uplink.number(payload), true
}

// sendRTP seals a packet whose header stands in the buffer, and sends it unless it is to be lost.
func (s *sender) sendRTP(buffer []byte, headerLen int, payload []byte, ssrc uint32, index uint64) {
	s.mu.Lock()
	if s.sealer == nil {
		s.mu.Unlock()
		return
	}
	n := s.sealer.SealRTP(buffer, headerLen, payload, ssrc, index)
	s.mu.Unlock()
	if !s.loss.drop() {
		s.write(buffer[:n])
	}
}

// sendRTCP seals and sends a datagram of control packets. Nothing is sent for none.
func (s *sender) sendRTCP(packets []byte) {
	if len(packets) == 0 {
		return
	}
	var buffer [maxDatagram]byte
	s.mu.Lock()
	if s.sealer == nil {
		s.mu.Unlock()
		return
	}
	n := s.sealer.SealRTCP(buffer[:], packets)
	s.mu.Unlock()
	s.write(buffer[:n])
}

// report sends a sender report for each stream.
func (s *sender) report(now time.Time) {
	s.mu.Lock()
	streams := make([]*outgoing, 0, len(s.streams))
	for _, o := range s.streams {
		streams = append(streams, o)
	}
	s.mu.Unlock()
	for _, o := range streams {
		if sr, ok := o.report(now); ok {
			s.sendRTCP(rtcp.AppendSenderReport(nil, sr, nil))
		}
	}
}

// feedback takes what the server says about our streams.
func (s *sender) feedback(p rtcp.Packet) {
	switch p.Kind() {
	case rtcp.KindNACK:
		if o := s.stream(p.MediaSSRC()); o != nil {
			for sequence := range p.Lost() {
				o.resend(sequence)
			}
		}
	case rtcp.KindPLI:
		if o := s.stream(p.MediaSSRC()); o != nil {
			o.refresh()
		}
	case rtcp.KindFIR:
		for request := range p.Requests() {
			if o := s.stream(request.SSRC); o != nil {
				o.refresh()
			}
		}
	case rtcp.KindTransportCC:
		s.transportFeedback.Add(1)
		s.uplink.feedback(p)
	}
	for report := range p.Reports() {
		if o := s.stream(report.SSRC); o != nil {
			o.reported(report)
		}
	}
}
