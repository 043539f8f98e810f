package testpeer

import (
	"slices"
	"strings"

	"stube/internal/ortc"
)

// Payload types and extension ids of what a peer sends. They are Chromium's, and so not the router's.
const (
	typeVP8  = 96
	typeRTX  = 97
	typeOpus = 111

	extAudioLevel  = 1
	extAbsSendTime = 2
	extTransportCC = 3
	extMid         = 4
	extRid         = 10
	extRepairedRid = 11

	videoClock = 90_000 // Hz
	audioClock = 48_000
)

// capabilities are what a peer can receive, in the router's numbers, as mediasoup-client has them: Opus, and VP8 with
// retransmission. Bandwidth is told transport-wide, or by REMB only.
func capabilities(router ortc.RTPCapabilities, wide bool) ortc.RTPCapabilities {
	var c ortc.RTPCapabilities
	var vp8 uint8
	for _, codec := range router.Codecs {
		switch {
		case strings.EqualFold(codec.MimeType, ortc.MimeOpus):
			c.Codecs = append(c.Codecs, codec)
		case strings.EqualFold(codec.MimeType, ortc.MimeVP8):
			vp8 = codec.PreferredPayloadType
			c.Codecs = append(c.Codecs, codec)
		}
	}
	for _, codec := range router.Codecs {
		if strings.EqualFold(codec.MimeType, ortc.MimeRTX) && retransmits(codec.Parameters, vp8) {
			c.Codecs = append(c.Codecs, codec)
		}
	}
	known := []string{ortc.URIMid, ortc.URIAbsSendTime, ortc.URIAudioLevel}
	if wide {
		known = append(known, ortc.URITransportWideCC)
	}
	for _, e := range router.HeaderExtensions {
		if slices.Contains(known, e.URI) {
			c.HeaderExtensions = append(c.HeaderExtensions, e)
		}
	}
	return c
}

// retransmits says whether a format's settings name the payload type as the one that it repeats. Numbers that came as
// JSON are of another Go type than those of a router in the same process.
func retransmits(settings ortc.CodecSettings, payloadType uint8) bool {
	switch apt := settings["apt"].(type) {
	case float64:
		return apt == float64(payloadType)
	case int:
		return apt == int(payloadType)
	default:
		return false
	}
}

// videoParameters describe a VP8 track: one encoding with its SSRCs, or simulcast layers told by rid alone.
func videoParameters(mid string, streams []*outgoing, layers []Layer) ortc.RTPParameters {
	p := ortc.RTPParameters{
		Mid: mid,
		Codecs: []ortc.RTPCodecParameters{
			{
				MimeType: ortc.MimeVP8, PayloadType: typeVP8, ClockRate: videoClock,
				RTCPFeedback: []ortc.RTCPFeedback{
					{Type: "nack"},
					{Type: "nack", Parameter: "pli"},
					{Type: "ccm", Parameter: "fir"},
					{Type: "transport-cc"},
				},
			},
			{
				MimeType: ortc.MimeRTX, PayloadType: typeRTX, ClockRate: videoClock,
				Parameters: ortc.CodecSettings{"apt": typeVP8},
			},
		},
		HeaderExtensions: []ortc.RTPHeaderExtensionParameters{
			{URI: ortc.URIMid, ID: extMid},
			{URI: ortc.URIAbsSendTime, ID: extAbsSendTime},
			{URI: ortc.URITransportWideCC, ID: extTransportCC},
		},
		RTCP: ortc.RTCPParameters{CNAME: "testpeer", ReducedSize: true, Mux: true},
	}
	for i, o := range streams {
		e := ortc.RTPEncodingParameters{
			Rid: o.config.rid, MaxBitrate: uint64(layers[i].Bitrate), ScalabilityMode: "L1T1",
			ScaleResolutionDownBy: float64(layers[len(layers)-1].Width) / float64(layers[i].Width),
		}
		if o.config.rid == "" {
			e.SSRC, e.RTX = o.config.ssrc, &ortc.RTXParameters{SSRC: o.config.rtxSSRC}
		}
		p.Encodings = append(p.Encodings, e)
	}
	if len(streams) > 1 || streams[0].config.rid != "" {
		p.HeaderExtensions = append(p.HeaderExtensions,
			ortc.RTPHeaderExtensionParameters{URI: ortc.URIRid, ID: extRid},
			ortc.RTPHeaderExtensionParameters{URI: ortc.URIRepairedRid, ID: extRepairedRid})
	}
	return p
}

// audioParameters describe an Opus track.
func audioParameters(mid string, o *outgoing, dtx bool) ortc.RTPParameters {
	settings := ortc.CodecSettings{"minptime": 10, "useinbandfec": 1}
	if dtx {
		settings["usedtx"] = 1
	}
	return ortc.RTPParameters{
		Mid: mid,
		Codecs: []ortc.RTPCodecParameters{{
			MimeType: ortc.MimeOpus, PayloadType: typeOpus, ClockRate: audioClock, Channels: 2, Parameters: settings,
			RTCPFeedback: []ortc.RTCPFeedback{{Type: "nack"}, {Type: "transport-cc"}},
		}},
		HeaderExtensions: []ortc.RTPHeaderExtensionParameters{
			{URI: ortc.URIMid, ID: extMid},
			{URI: ortc.URIAbsSendTime, ID: extAbsSendTime},
			{URI: ortc.URITransportWideCC, ID: extTransportCC},
			{URI: ortc.URIAudioLevel, ID: extAudioLevel},
		},
		Encodings: []ortc.RTPEncodingParameters{{SSRC: o.config.ssrc, DTX: dtx}},
		RTCP:      ortc.RTCPParameters{CNAME: "testpeer", ReducedSize: true, Mux: true},
	}
}
