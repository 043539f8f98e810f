package sfu

import (
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
)

// maxInbound is how many SSRCs a client may send on one transport.
const maxInbound = 64

// inbound is one SSRC that a client sends: media, or the retransmissions (RTX) of it. It is guarded by the
// transport's recvMu.
type inbound struct {
	stream *stream
	rtx    bool
	window srtp.Window

	// Of the packet opened last.
	payload []byte
	index   uint64
}

// register routes an SSRC to a stream.
func (t *Transport) register(ssrc uint32, s *stream, rtx bool) *inbound {
	if len(t.inbound) >= maxInbound {
		return nil
	}
	in := &inbound{stream: s, rtx: rtx}
	t.inbound[ssrc] = in
	if rtx {
		s.rtxSSRC = ssrc
	} else {
		s.ssrc.Store(ssrc)
	}
	return in
}

// learn opens a packet with an SSRC that is not known yet, and finds its stream by the extensions mid and rid (RFC
// 8843 section 9.2, RFC 8852). The SSRC is believed only after the packet proved authentic. recvMu is held.
func (t *Transport) learn(h *rtp.Header, raw []byte) *inbound {
	var in inbound
	if !t.open(&in, h, raw) {
		return nil
	}
	for _, p := range t.producers {
		s, rtx := p.match(h)
		if s == nil {
			continue
		}
		known := t.register(h.SSRC, s, rtx)
		if known == nil {
			break
		}
		known.window, known.payload, known.index = in.window, in.payload, in.index
		return known
	}
	t.server.counters.unroutable.Add(1)
	return nil
}

// match finds the stream of the producer that a packet names by mid and rid, and tells whether it is one of
// retransmissions.
func (p *Producer) match(h *rtp.Header) (s *stream, rtx bool) {
	if p.mid != "" {
		mid := h.Extension(p.extensions.mid)
		if p.extensions.mid == 0 || string(mid) != p.mid {
			return nil, false
		}
	}
	if rid := h.Extension(p.extensions.rid); p.extensions.rid != 0 && len(rid) > 0 {
		return p.streamByRid(string(rid)), false
	}
	if rid := h.Extension(p.extensions.repairedRid); p.extensions.repairedRid != 0 && len(rid) > 0 {
		return p.streamByRid(string(rid)), true
	}
	if len(p.streams) != 1 || p.mid == "" {
		return nil, false
	}
	if _, isRTX := p.rtxPayloadTypes[h.PayloadType]; isRTX {
		return p.streams[0], true
	}
	return p.streams[0], false
}

func (p *Producer) streamByRid(rid string) *stream {
	for _, s := range p.streams {
		if s.rid == rid {
			return s
		}
	}
	return nil
}
