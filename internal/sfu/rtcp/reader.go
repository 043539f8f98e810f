// Package rtcp reads and writes the control packets that a media server exchanges: reports (RFC 3550), negative
// acknowledgements and picture requests (RFC 4585, RFC 5104), REMB, and (reading only) transport-wide feedback.
//
// Reading is a walk over the caller's bytes, writing appends to the caller's buffer; nothing allocates and nothing
// starts a goroutine. The package must not know sockets, encryption, transports or clocks.
package rtcp

import (
	"encoding/binary"
	"errors"
)

// ErrMalformed says that a packet's length, version, padding or body contradicts itself.
var ErrMalformed = errors.New("rtcp: malformed packet")

// Kind says what a packet is about. Kinds that the server has no use for are KindOther.
type Kind uint8

// The kinds that a Packet has accessors for.
const (
	KindOther          Kind = iota
	KindSenderReport        // SenderSSRC, SenderReport, Reports
	KindReceiverReport      // SenderSSRC, Reports
	KindBye                 // SSRCs
	KindNACK                // SenderSSRC, MediaSSRC, Lost
	KindPLI                 // SenderSSRC, MediaSSRC
	KindFIR                 // SenderSSRC, Requests
	KindREMB                // SenderSSRC, Bitrate, SSRCs
	KindTransportCC         // SenderSSRC, MediaSSRC, Arrivals
)

// The packet types and feedback formats of the IANA registry.
const (
	typeSenderReport      = 200
	typeReceiverReport    = 201
	typeBye               = 203
	typeTransportFeedback = 205
	typePayloadFeedback   = 206

	formatNACK        = 1
	formatTransportCC = 15
	formatPLI         = 1
	formatFIR         = 4
	formatApplication = 15 // REMB, when its body says so

	version     = 2
	headerLen   = 4
	ssrcLen     = 4
	feedbackLen = 2 * ssrcLen // sender and media
	paddingBit  = 0x20
	countMask   = 0x1f
)

// Reader walks the packets of a datagram, compound or of reduced size (RFC 5506), in the manner of bufio.Scanner.
type Reader struct {
	rest   []byte
	packet Packet
	err    error
}

// NewReader returns a reader of a decrypted datagram. The packets alias it.
func NewReader(datagram []byte) Reader { return Reader{rest: datagram} }

// Next moves on to the next packet. It is false at the end and before a malformed packet; Err tells which.
func (r *Reader) Next() bool {
	if len(r.rest) == 0 || r.err != nil {
		return false
	}
	if !r.cut() {
		r.packet, r.err = Packet{}, ErrMalformed
		return false
	}
	return true
}

// Packet is the packet that Next moved to.
func (r *Reader) Packet() Packet { return r.packet }

// Err is nil, or ErrMalformed when the walk ended early.
func (r *Reader) Err() error { return r.err }

// cut takes the first packet off the rest, its padding removed and its body's length checked for its kind.
func (r *Reader) cut() bool {
	if len(r.rest) < headerLen || r.rest[0]>>6 != version {
		return false
	}
	size := headerLen + 4*int(binary.BigEndian.Uint16(r.rest[2:]))
	if size > len(r.rest) {
		return false
	}
	raw := r.rest[:size:size]
	r.rest = r.rest[size:]
	body := raw[headerLen:]
	if raw[0]&paddingBit != 0 {
		if len(body) == 0 {
			return false
		}
		padding := int(body[len(body)-1])
		if padding == 0 || padding > len(body) {
			return false
		}
		body = body[:len(body)-padding]
	}
	p := Packet{count: raw[0] & countMask, raw: raw, body: body}
	p.kind = kindOf(raw[1], p.count, body)
	r.packet = p
	return p.valid()
}

// kindOf names the packet by its type, its format or count, and REMB's mark.
func kindOf(packetType, format uint8, body []byte) Kind {
	switch packetType {
	case typeSenderReport:
		return KindSenderReport
	case typeReceiverReport:
		return KindReceiverReport
	case typeBye:
		return KindBye
	case typeTransportFeedback:
		switch format {
		case formatNACK:
			return KindNACK
		case formatTransportCC:
			return KindTransportCC
		}
	case typePayloadFeedback:
		switch {
		case format == formatPLI:
			return KindPLI
		case format == formatFIR:
			return KindFIR
		case format == formatApplication && len(body) >= rembLen && string(body[feedbackLen:][:4]) == rembMark:
			return KindREMB
		}
	}
	return KindOther
}

// Packet is one control packet. An accessor that doesn't belong to the packet's kind gives nothing.
type Packet struct {
	kind  Kind
	count uint8
	raw   []byte // whole, padding included
	body  []byte // behind the header, without padding
}

// Kind says which accessors have something to give.
func (p Packet) Kind() Kind { return p.kind }

// Raw is the packet with its header and padding.
func (p Packet) Raw() []byte { return p.raw }

// SenderSSRC is the source that the packet comes from.
func (p Packet) SenderSSRC() uint32 {
	if p.kind == KindOther || p.kind == KindBye {
		return 0
	}
	return binary.BigEndian.Uint32(p.body)
}

// MediaSSRC is the stream that a NACK, PLI or TransportCC packet speaks about.
func (p Packet) MediaSSRC() uint32 {
	switch p.kind {
	case KindNACK, KindPLI, KindTransportCC:
		return binary.BigEndian.Uint32(p.body[ssrcLen:])
	default:
		return 0
	}
}

// valid checks that the body holds all that the accessors will read.
func (p *Packet) valid() bool {
	n, count := len(p.body), int(p.count)
	switch p.kind {
	case KindSenderReport:
		return n >= ssrcLen+senderInfoLen+count*reportLen
	case KindReceiverReport:
		return n >= ssrcLen+count*reportLen
	case KindBye:
		return n >= count*ssrcLen
	case KindNACK:
		return n > feedbackLen && n%4 == 0
	case KindPLI:
		return n >= feedbackLen
	case KindFIR:
		return n > feedbackLen && (n-feedbackLen)%requestLen == 0
	case KindREMB:
		return n == rembLen+ssrcLen*int(p.body[rembCount])
	case KindTransportCC:
		return n >= feedbackLen+transportCCLen && validTransportCC(p.body)
	default:
		return true
	}
}
