package sfu

import (
	"errors"
	"net/netip"

	"stube/internal/sfu/dtls"
	"stube/internal/sfu/ice"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
	"stube/internal/sfu/tcp"
	"stube/internal/sfu/udp"
)

// maxPacket is the largest packet in bytes that is taken or written: an Ethernet frame's payload, with room to spare.
const maxPacket = 2048

// receive sorts a datagram by its first byte (RFC 7983). From an address that ICE has not validated nothing is taken
// but STUN, and what a known client proves to have sent through another port of its address.
func (w *Worker) receive(d *udp.Datagram) {
	if len(d.Payload) == 0 || len(d.Payload) > maxPacket {
		w.server.counters.malformed.Add(1)
		return
	}
	key := udp.Path{Remote: d.Remote, Local: d.Local}
	from := path{socket: w.address, udp: key}
	if ice.IsSTUN(d.Payload) {
		if t, _ := w.server.answerSTUN(w.pipe, from, d.Remote, d.Payload); t != nil {
			w.settle(t)
			w.learn(key, t)
		}
		return
	}
	t := w.lookup(key)
	if t == nil {
		t = w.adopt(d, from)
	}
	if t == nil || dtls.IsDTLS(d.Payload) && !t.isValidated(from) {
		w.server.counters.unknownAddress.Add(1)
		return
	}
	t.receive(w.pipe, d.Payload)
}

// receiveTCP reads the packets of an ICE-TCP connection until it ends.
func (s *Server) receiveTCP(conn *tcp.Conn) {
	var (
		t      *Transport
		from   = path{tcp: conn}
		remote = conn.RemoteAddr()
		pipe   = newPipeline(s, &s.traffic, int(s.nextWorker.Add(1)))
		buffer [maxPacket]byte
	)
	for {
		n, err := conn.ReadFrame(buffer[:])
		if err != nil {
			break
		}
		pipe.now = s.now()
		pipe.arrived = pipe.now
		if !s.receiveFrame(pipe, &t, from, remote, buffer[:n]) {
			break
		}
		pipe.fanOut()
		pipe.flush()
	}
	if t != nil {
		t.lost(conn)
	}
}

// receiveFrame takes one packet of an ICE-TCP connection, which belongs to one transport for good. It returns false
// when the connection is to be closed.
func (s *Server) receiveFrame(pipe *pipeline, t **Transport, from path, remote netip.AddrPort, packet []byte) bool {
	switch {
	case len(packet) == 0:
	case ice.IsSTUN(packet):
		found, authentic := s.answerSTUN(pipe, from, remote, packet)
		if !authentic && *t == nil || found != nil && *t != nil && found != *t {
			return false
		}
		if found != nil {
			*t = found
		}
	case *t == nil:
		return false
	default:
		(*t).receive(pipe, packet)
	}
	return (*t) == nil || !(*t).closed.Load()
}

// receive takes a packet that is not STUN.
func (t *Transport) receive(p *pipeline, packet []byte) {
	switch {
	case t.closed.Load():
	case rtp.IsRTCP(packet):
		t.receiveRTCP(p, packet)
	case isMedia(packet):
		t.receiveRTP(p, packet)
	case dtls.IsDTLS(packet):
		t.receiveDTLS(packet)
	default:
		t.server.counters.malformed.Add(1)
	}
}

// receiveRTP opens an RTP packet and hands it to its stream.
func (t *Transport) receiveRTP(p *pipeline, raw []byte) {
	var h rtp.Header
	if err := h.Parse(raw); err != nil {
		t.server.counters.malformed.Add(1)
		return
	}
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	if t.opener == nil {
		t.server.counters.notReady.Add(1)
		return
	}
	in := t.inbound[h.SSRC]
	if in == nil {
		if in = t.learn(&h, raw); in == nil {
			return
		}
	} else if !t.open(in, &h, raw) {
		return
	}
	t.heard(p.now)
	if id := t.feedback.twccID; id != 0 {
		if sequence, ok := rtp.TransportSequence(h.Extension(id)); ok {
			t.feedback.twcc.Record(sequence, p.arrived)
			t.feedback.mediaSSRC = h.SSRC
		}
	}
	payload, err := rtp.TrimPadding(&h, in.payload)
	if err != nil {
		t.server.counters.malformed.Add(1)
		return
	}
	if in.rtx {
		in.stream.receiveRTX(p, &h, payload)
		return
	}
	in.stream.receive(p, &h, int64(in.index), payload)
}

// open decrypts a packet in place. recvMu is held.
func (t *Transport) open(in *inbound, h *rtp.Header, raw []byte) bool {
	payload, index, err := t.opener.OpenRTP(&in.window, raw, h.Len, h.SSRC)
	if err != nil {
		t.countOpenError(err)
		return false
	}
	in.payload, in.index = payload, index
	return true
}

func (t *Transport) countOpenError(err error) {
	switch {
	case errors.Is(err, srtp.ErrReplay):
		t.server.counters.replayed.Add(1)
	case errors.Is(err, srtp.ErrAuth):
		t.server.counters.unauthentic.Add(1)
	default:
		t.server.counters.malformed.Add(1)
	}
}
