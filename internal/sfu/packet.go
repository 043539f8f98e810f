package sfu

import (
	"encoding/binary"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

const (
	// maxHeader is the longest RTP header in bytes that is written, extensions included.
	maxHeader = 160
	// maxExtensions is how many bytes of a header are left for extensions: behind the head of their block, and before
	// its padding to a multiple of four. What does not fit is not passed on.
	maxExtensions = maxHeader - rtp.FixedHeaderLen - 4 - 3
	extensionHead = 2 // bytes before an extension's data, at the most
	paddingBit    = 0x20
	markerBit     = 0x80 // of the second byte
	versionBits   = 0xc0
)

// packet is one that was received and accepted, on its way to the consumers. Its header is written as all consumers
// get it, but for sequence number, timestamp and SSRC. The payload is shared and must not be changed.
type packet struct {
	stream    *stream
	sequence  int64 // extended, of the stream
	timestamp uint32
	sendTime  sendTime
	keyFrame  bool // begins a key frame
	headerLen int
	wideAt    int // where in the header the transport-wide number has its place; 0: nowhere
	header    [maxHeader]byte
	payload   []byte
	vp8       rtp.VP8 // of a VP8 payload
	position
}

// extensionIDs are the header extensions that the media core looks at or passes on, as one end numbers them; 0: not
// negotiated.
type extensionIDs struct {
	mid, rid, repairedRid, absSendTime, transportCC      uint8
	audioLevel, orientation, captureTime, dependencyDesc uint8
}

// set notes the id of an extension by its URI.
func (e *extensionIDs) set(uri string, id uint8) {
	switch uri {
	case ortc.URIMid:
		e.mid = id
	case ortc.URIRid:
		e.rid = id
	case ortc.URIRepairedRid:
		e.repairedRid = id
	case ortc.URIAbsSendTime:
		e.absSendTime = id
	case ortc.URITransportWideCC:
		e.transportCC = id
	case ortc.URIAudioLevel:
		e.audioLevel = id
	case ortc.URIVideoOrientation:
		e.orientation = id
	case ortc.URIAbsCaptureTime:
		e.captureTime = id
	case ortc.URIDependencyDescriptor:
		e.dependencyDesc = id
	}
}

// writeHeader writes the header that all consumers of the packet get. The extensions' ids are the router's, the same
// for every consumer; a receiver that did not negotiate one ignores it (RFC 8285 section 4.1).
func (k *packet) writeHeader(h *rtp.Header, p *Producer, now int64) {
	var list [6]rtp.Extension
	n, room := 0, maxExtensions
	pass := func(from, to uint8) {
		data := h.Extension(from)
		if from != 0 && to != 0 && len(data) > 0 && len(data)+extensionHead <= room {
			list[n] = rtp.Extension{ID: to, Data: data}
			n++
			room -= len(data) + extensionHead
		}
	}
	var sent [rtp.AbsSendTimeLen]byte
	var number [2]byte // each consumer's own
	in, out := &p.extensions, &p.router.extensions
	if p.stamped {
		rtp.PutAbsSendTime(sent[:], rtp.AbsSendTime(now))
		list[0] = rtp.Extension{ID: out.absSendTime, Data: sent[:]}
		list[1] = rtp.Extension{ID: out.transportCC, Data: number[:]}
		n, room = 2, room-len(sent)-len(number)-2*extensionHead
	}
	pass(in.audioLevel, out.audioLevel)
	pass(in.orientation, out.orientation)
	pass(in.captureTime, out.captureTime)
	pass(in.dependencyDesc, out.dependencyDesc)
	bare := rtp.Header{Marker: h.Marker, PayloadType: p.payloadType, Timestamp: h.Timestamp}
	k.headerLen, k.wideAt = len(rtp.AppendHeader(k.header[:0], &bare, list[:n])), 0
	if p.stamped {
		k.wideAt = wideAt(k.header[:])
	}
}

// stamp writes the time into a header that has abs-send-time, which comes first in the extension block (RFC 8285
// section 4): behind the block's head, and an element's head of one byte or two.
func stamp(header []byte, now int64) {
	rtp.PutAbsSendTime(header[firstExtension+elementHead(header):], rtp.AbsSendTime(now))
}

// wideAt tells where the transport-wide number has its place in a header with abs-send-time: right behind that.
func wideAt(header []byte) int {
	return firstExtension + 2*elementHead(header) + rtp.AbsSendTimeLen
}

// firstExtension is where the first element of an extension block begins.
const firstExtension = rtp.FixedHeaderLen + 4

// elementHead is how many bytes stand before the data of each extension.
func elementHead(header []byte) int {
	const oneByteMark = 0xbe
	if header[rtp.FixedHeaderLen] == oneByteMark {
		return 1
	}
	return 2
}

// address writes into a header what differs from consumer to consumer.
func address(header []byte, sequence uint16, timestamp, ssrc uint32) {
	_ = header[11]
	binary.BigEndian.PutUint16(header[2:], sequence)
	binary.BigEndian.PutUint32(header[4:], timestamp)
	binary.BigEndian.PutUint32(header[8:], ssrc)
}

// equalise makes the packets of a group equally long where one byte is missing, so that the kernel takes them as one
// train (UDP segmentation offload): encoders split a frame into packets that differ by a byte. The byte is RTP
// padding (RFC 3550 section 5.1), in the place of the authentication tag that has been checked.
func equalise(group []*packet) {
	if len(group) < 2 || group[0].stream.producer.codec == rtp.Opus {
		return
	}
	longest := 0
	for _, k := range group {
		longest = max(longest, k.headerLen+len(k.payload))
	}
	for _, k := range group {
		n := len(k.payload)
		if k.headerLen+n == longest-1 && n > 0 && cap(k.payload) > n {
			k.payload = k.payload[:n+1]
			k.payload[n] = 1
			k.header[0] |= paddingBit
		}
	}
}
