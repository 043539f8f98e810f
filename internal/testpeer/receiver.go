package testpeer

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
)

const (
	reportsPerDatagram = 31
	askInterval        = 20 * time.Millisecond // how often a gap is looked at
)

// receiver is the receiving half of a transport: it opens packets, hands them to their streams, and puts together what
// the streams want to tell the server. It owns no goroutine.
type receiver struct {
	transport *transport
	loss      lossy
	bandwidth atomic.Uint64 // bit/s, told by REMB
	hurry     chan struct{} // told when there is a gap to be looked at soon
	owes      chan struct{} // told when something came that the server is to be told of
	ssrc      uint32        // as sender of RTCP

	mu       sync.Mutex // guards what follows
	opener   *srtp.Opener
	flows    map[uint32]*flow // by SSRC
	streams  []*stream
	counters ReceiverStats
	asking   bool // a stream waits for something
	arrivals arrivals
	reports  []rtcp.Report
}

// flow is the packets of one SSRC: a stream's own, or its retransmissions.
type flow struct {
	window srtp.Window
	stream *stream
	rtx    bool
}

func (r *receiver) init(t *transport) {
	r.transport = t
	r.bandwidth.Store(t.options.Bandwidth)
	r.hurry = make(chan struct{}, 1)
	r.owes = make(chan struct{}, 1)
	r.ssrc = rand.Uint32()
	r.flows = make(map[uint32]*flow)
}

// secure takes the keys to open with.
func (r *receiver) secure(k dtls.Keys) error {
	opener, err := srtp.NewOpener(k.Profile, k.RemoteKey, k.RemoteSalt)
	if err != nil {
		return fmt.Errorf("secure what is received: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opener = opener
	return nil
}

// add expects the packets of a consumer.
func (r *receiver) add(kind ortc.MediaKind, p ortc.RTPParameters) (*stream, error) {
	if len(p.Encodings) != 1 || len(p.Codecs) == 0 || p.Encodings[0].SSRC == 0 {
		return nil, errors.New("a consumer isn't of one encoding with an SSRC")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e := p.Encodings[0]
	if r.flows[e.SSRC] != nil {
		return nil, fmt.Errorf("SSRC %d is of two consumers", e.SSRC)
	}
	s := newStream(kind, p)
	r.arrivals.expect(kind, p)
	r.streams = append(r.streams, s)
	r.flows[e.SSRC] = &flow{stream: s}
	if e.RTX != nil {
		r.flows[e.RTX.SSRC] = &flow{stream: s, rtx: true}
	}
	return s, nil
}

// remove forgets a stream.
func (r *receiver) remove(gone *stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ssrc, f := range r.flows {
		if f.stream == gone {
			delete(r.flows, ssrc)
		}
	}
	kept := r.streams[:0]
	for _, s := range r.streams {
		if s != gone {
			kept = append(kept, s)
		}
	}
	clear(r.streams[len(kept):])
	r.streams = kept
}

// rtp takes a packet of media.
func (r *receiver) rtp(a arrival) {
	if r.loss.drop() {
		return
	}
	var h rtp.Header
	if h.Parse(a.data) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.flows[h.SSRC]
	if f == nil || r.opener == nil {
		r.counters.Unknown++
		return
	}
	payload, index, err := r.opener.OpenRTP(&f.window, a.data, h.Len, h.SSRC)
	switch {
	case errors.Is(err, srtp.ErrReplay):
		f.stream.counters.Duplicates++
		return
	case err != nil:
		r.counters.Unopened++
		return
	}
	if r.arrivals.record(&h, a.at) {
		r.owe()
	}
	if payload, err = rtp.TrimPadding(&h, payload); err != nil {
		f.stream.counters.Corrupt++
		return
	}
	if f.rtx {
		f.stream.retransmitted(&h, payload, a.at)
	} else {
		f.stream.arrived(&h, int64(index), payload, a.at)
	}
	r.asking = r.asking || f.stream.asks()
}

// rtcp takes a datagram of control packets.
func (r *receiver) rtcp(a arrival) {
	r.mu.Lock()
	if r.opener == nil {
		r.mu.Unlock()
		return
	}
	plain, err := r.opener.OpenRTCP(a.data)
	if err != nil {
		r.counters.Unopened++
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	r.transport.options.heard(plain)
	reader := rtcp.NewReader(plain)
	for reader.Next() {
		p := reader.Packet()
		if p.Kind() == rtcp.KindSenderReport {
			r.senderReport(p.SenderReport(), a.at)
		}
		r.transport.sender.feedback(p)
	}
	if reader.Err() != nil {
		r.mu.Lock()
		r.counters.Malformed++
		r.mu.Unlock()
	}
}

func (r *receiver) senderReport(sr rtcp.SenderReport, at int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.flows[sr.SSRC]; f != nil && !f.rtx {
		f.stream.senderReport(sr, at)
	}
}

// answer asks for what is missing, if anything is. It comes after each batch of packets and, while something is
// missing, each askInterval.
func (r *receiver) answer(now int64) {
	r.mu.Lock()
	if !r.asking {
		r.mu.Unlock()
		return
	}
	r.asking = false
	var packets []byte
	for _, s := range r.streams {
		packets = s.ask(packets, r.ssrc, now)
		r.asking = r.asking || s.asks()
	}
	asking := r.asking
	r.mu.Unlock()
	r.transport.sender.sendRTCP(packets)
	if asking {
		select {
		case r.hurry <- struct{}{}:
		default: // told before
		}
	}
}

// report sends a receiver report of each stream, and the bandwidth.
func (r *receiver) report(now time.Time) {
	r.mu.Lock()
	r.reports = r.reports[:0]
	var video []uint32
	for _, s := range r.streams {
		if report, ok := s.report(now.UnixNano()); ok {
			r.reports = append(r.reports, report)
		}
		if s.video {
			video = append(video, s.ssrc)
		}
	}
	reports := r.reports
	r.mu.Unlock()
	for len(reports) > 0 {
		n := min(len(reports), reportsPerDatagram)
		r.transport.sender.sendRTCP(rtcp.AppendReceiverReport(nil, r.ssrc, reports[:n]))
		reports = reports[n:]
	}
	r.sendBandwidth(video)
}

// tellBandwidth sends the bandwidth at once.
func (r *receiver) tellBandwidth() {
	var video []uint32
	r.mu.Lock()
	for _, s := range r.streams {
		if s.video {
			video = append(video, s.ssrc)
		}
	}
	r.mu.Unlock()
	r.sendBandwidth(video)
}

func (r *receiver) sendBandwidth(video []uint32) {
	if o := &r.transport.options; len(video) > 0 && o.Bandwidth != 0 && !o.Unanswering {
		r.transport.sender.sendRTCP(rtcp.AppendREMB(nil, r.ssrc, r.bandwidth.Load(), video))
	}
}
