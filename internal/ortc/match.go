package ortc

import (
	"strconv"
	"strings"
)

// codec is what codec parameters and codec capabilities have in common.
type codec struct {
	mime      string
	clockRate uint32
	channels  uint8
	settings  CodecSettings
}

func (c RTPCodecParameters) codec() codec {
	return codec{c.MimeType, c.ClockRate, c.Channels, c.Parameters}
}

func (c RTPCodecCapability) codec() codec {
	return codec{c.MimeType, c.ClockRate, c.Channels, c.Parameters}
}

// matches tells whether what one end sends can be decoded by the other: the same format, and for codecs that come
// in incompatible variants the same variant. Levels are not compared, as browsers decode above what they declare.
func (c codec) matches(other codec) bool {
	if !strings.EqualFold(c.mime, other.mime) || c.clockRate != other.clockRate {
		return false
	}
	if max(c.channels, 1) != max(other.channels, 1) {
		return false
	}
	switch {
	case strings.EqualFold(c.mime, MimeH264):
		return c.settings.number("packetization-mode") == other.settings.number("packetization-mode") &&
			sameH264Profile(c.settings, other.settings)
	case strings.EqualFold(c.mime, MimeVP9):
		return c.settings.number("profile-id") == other.settings.number("profile-id")
	case strings.EqualFold(c.mime, MimeAV1):
		return c.settings.number("profile") == other.settings.number("profile")
	}
	return true
}

// isRTX tells whether a format carries retransmissions (RFC 4588) rather than media.
func isRTX(mime string) bool {
	_, subtype, _ := strings.Cut(mime, "/")
	return strings.EqualFold(subtype, "rtx")
}

// apt is the payload type that a retransmission format belongs to (RFC 4588 section 8.6); 0 when it names none.
func (s CodecSettings) apt() uint8 {
	n := s.number("apt")
	if n < 0 || n > 127 {
		return 0
	}
	return uint8(n)
}

// number is a setting as an integer: 0 when it is absent, as in all codecs here, -1 when it is there and no integer.
func (s CodecSettings) number(key string) int {
	switch value := s[key].(type) {
	case nil:
		return 0
	case int:
		return value
	case float64:
		if value == float64(int32(value)) {
			return int(value)
		}
	case string:
		if n, err := strconv.ParseInt(value, 10, 32); err == nil {
			return int(n)
		}
	}
	return -1
}
