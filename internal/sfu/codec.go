package sfu

import (
	"strings"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// codecOf tells how payloads of a media type are read; 0 for one that is not known.
func codecOf(mimeType string) rtp.Codec {
	for _, known := range []struct {
		mimeType string
		codec    rtp.Codec
	}{
		{ortc.MimeOpus, rtp.Opus},
		{ortc.MimeVP8, rtp.VP8Codec},
		{ortc.MimeVP9, rtp.VP9Codec},
		{ortc.MimeH264, rtp.H264Codec},
		{ortc.MimeAV1, rtp.AV1Codec},
	} {
		if strings.EqualFold(mimeType, known.mimeType) {
			return known.codec
		}
	}
	return 0
}

func isRTX(mimeType string) bool { return strings.EqualFold(mimeType, ortc.MimeRTX) }
