package rtp

import "encoding/binary"

// Codec says how a payload is to be read. The zero value is none.
type Codec uint8

// The codecs that the server forwards.
const (
	Opus Codec = iota + 1
	VP8Codec
	VP9Codec
	H264Codec
	AV1Codec
)

// String is the codec's name as in a media type.
func (c Codec) String() string {
	switch c {
	case Opus:
		return "opus"
	case VP8Codec:
		return "VP8"
	case VP9Codec:
		return "VP9"
	case H264Codec:
		return "H264"
	case AV1Codec:
		return "AV1"
	default:
		return "unknown"
	}
}

// KeyFrame says whether a frame that needs no earlier one begins in payload. Each packet of Opus is such; an empty,
// cut or unknown payload never is.
func KeyFrame(codec Codec, payload []byte) bool {
	if len(payload) == 0 {
		return false
	}
	switch codec {
	case Opus:
		return true
	case VP8Codec:
		d, err := ParseVP8(payload)
		return err == nil && d.KeyFrame
	case VP9Codec:
		d, err := ParseVP9(payload)
		return err == nil && d.KeyFrame
	case H264Codec:
		return keyFrameH264(payload)
	case AV1Codec:
		return keyFrameAV1(payload)
	default:
		return false
	}
}

// keyFrameAV1 reads the aggregation header (RTP Payload Format For AV1, section 4.4): N stands on the first packet of
// a coded video sequence, and can't go together with Z, the continuation of an OBU.
func keyFrameAV1(payload []byte) bool {
	const z, n = 0x80, 0x08
	return payload[0]&(z|n) == n
}

// The NAL unit types of RFC 6184 section 5.2 and of H.264 table 7-1 that matter here.
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
	nalMask  = 0x1f
)

// keyFrameH264 looks for an IDR slice or the parameter sets that go before one: alone, in an aggregate, or as the
// first fragment of a unit.
func keyFrameH264(payload []byte) bool {
	switch kind := payload[0] & nalMask; kind {
	case nalSTAPA:
		return keyFrameSTAPA(payload[1:])
	case nalFUA:
		return len(payload) >= 2 && payload[1]&0x80 != 0 && keyNAL(payload[1]&nalMask)
	default:
		return keyNAL(kind)
	}
}

// keyFrameSTAPA walks the units of an aggregate, each behind its length of 16 bits.
func keyFrameSTAPA(units []byte) bool {
	for len(units) > 2 {
		n := int(binary.BigEndian.Uint16(units))
		if n == 0 || n > len(units)-2 {
			return false
		}
		if keyNAL(units[2] & nalMask) {
			return true
		}
		units = units[2+n:]
	}
	return false
}

func keyNAL(kind byte) bool { return kind == nalIDR || kind == nalSPS }
