package ortc

import (
	"fmt"
	"strconv"
)

// h264Profile is a set of coding tools that a decoder must know (RFC 6184 section 8.1, table 5).
type h264Profile uint8

const (
	h264Unknown h264Profile = iota
	h264ConstrainedBaseline
	h264Baseline
	h264Main
	h264Extended
	h264High
	h264ConstrainedHigh
)

// h264Pattern tells the profile of a profile_idc whose profile_iop, under a mask, has a value.
type h264Pattern struct {
	idc, mask, value uint8
	profile          h264Profile
}

// h264Profiles follows RFC 6184 section 8.1, table 5, and its two lines for High from ITU-T H.264 annex A.
func h264Profiles() [9]h264Pattern {
	return [9]h264Pattern{
		{0x42, 0b0100_1111, 0b0100_0000, h264ConstrainedBaseline},
		{0x4d, 0b1000_1111, 0b1000_0000, h264ConstrainedBaseline},
		{0x58, 0b1100_1111, 0b1100_0000, h264ConstrainedBaseline},
		{0x42, 0b0100_1111, 0b0000_0000, h264Baseline},
		{0x58, 0b1100_1111, 0b1000_0000, h264Baseline},
		{0x4d, 0b1010_1111, 0b0000_0000, h264Main},
		{0x58, 0b1100_1111, 0b0000_0000, h264Extended},
		{0x64, 0b1111_1111, 0b0000_0000, h264High},
		{0x64, 0b1111_1111, 0b0000_1100, h264ConstrainedHigh},
	}
}

func sameH264Profile(a, b CodecSettings) bool {
	profile := a.h264Profile()
	return profile != h264Unknown && profile == b.h264Profile()
}

// h264Profile reads profile-level-id: three bytes in hex, profile_idc, profile_iop and level_idc. Without one the
// profile is constrained baseline, as every browser takes it.
func (s CodecSettings) h264Profile() h264Profile {
	var text string
	switch value := s["profile-level-id"].(type) {
	case nil:
		return h264ConstrainedBaseline
	case string:
		text = value
	case int, float64: // SDP parsers make a number of an id without letters
		text = fmt.Sprintf("%06d", s.number("profile-level-id"))
	}
	if len(text) != 6 {
		return h264Unknown
	}
	bits, err := strconv.ParseUint(text, 16, 24)
	if err != nil {
		return h264Unknown
	}
	idc, iop := uint8(bits>>16), uint8(bits>>8)
	for _, p := range h264Profiles() {
		if idc == p.idc && iop&p.mask == p.value {
			return p.profile
		}
	}
	return h264Unknown
}
