package testpeer

import (
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtp"
)

const (
	// answerInterval is the time between messages of transport-wide feedback, as in browsers.
	answerInterval = 100 * time.Millisecond
	// maxAnswers is how many are sent at a time.
	maxAnswers = 4
)

// arrivals is what a receiver notes for transport-wide feedback.
type arrivals struct {
	extension uint8 // id; 0: not negotiated
	recorder  bwe.Recorder
	media     uint32 // the newest source
	owing     bool   // something came since the last message
	message   []byte
}

// expect learns the extension from a consumer's parameters.
func (a *arrivals) expect(kind ortc.MediaKind, p ortc.RTPParameters) {
	for _, e := range p.HeaderExtensions {
		if kind == ortc.Video && e.URI == ortc.URITransportWideCC {
			a.extension = e.ID
		}
	}
}

// record notes a packet that came at a time, and tells whether it is the first since the last message.
func (a *arrivals) record(h *rtp.Header, at int64) (first bool) {
	if a.extension == 0 {
		return false
	}
	sequence, ok := rtp.TransportSequence(h.Extension(a.extension))
	if !ok {
		return false
	}
	a.recorder.Record(sequence, at)
	a.media = h.SSRC
	first = !a.owing
	a.owing = true
	return first
}

// owe has tellArrivals called after answerInterval.
func (r *receiver) owe() {
	select {
	case r.owes <- struct{}{}:
	default: // told before
	}
}

// tellArrivals sends transport-wide feedback about what came.
func (r *receiver) tellArrivals() {
	if r.transport.options.Unanswering {
		return
	}
	for range maxAnswers {
		r.mu.Lock()
		a := &r.arrivals
		a.owing = false
		a.message = a.recorder.AppendFeedback(a.message[:0], r.ssrc, a.media)
		message := a.message
		r.mu.Unlock()
		if len(message) == 0 {
			return
		}
		r.transport.sender.sendRTCP(message)
	}
}
