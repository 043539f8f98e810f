package ortc

// URIs of the header extensions that this server knows.
const (
	URIMid                  = "urn:ietf:params:rtp-hdrext:sdes:mid"           // RFC 8843 section 15
	URIRid                  = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" // RFC 8852
	URIRepairedRid          = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	URIAudioLevel           = "urn:ietf:params:rtp-hdrext:ssrc-audio-level" // RFC 6464
	URIVideoOrientation     = "urn:3gpp:video-orientation"                  // 3GPP TS 26.114 section 7.4.5
	URIAbsSendTime          = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	URIAbsCaptureTime       = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
	URITransportWideCC      = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	URIDependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)

// Names of the codecs that this server carries, and of the retransmission format.
const (
	MimeOpus = "audio/opus"
	MimeVP8  = "video/VP8"
	MimeVP9  = "video/VP9"
	MimeH264 = "video/H264"
	MimeAV1  = "video/AV1"
	MimeRTX  = "video/rtx"
)

// Directions of a header extension, seen from whom the capabilities describe.
const (
	SendRecv = "sendrecv"
	SendOnly = "sendonly"
	RecvOnly = "recvonly"
	Inactive = "inactive"
)

const videoClockRate = 90000 // Hz; RFC 7741, RFC 9628, RFC 6184 and the AV1 payload format agree

// RouterCapabilities tells what a router can carry. Payload types stay clear of 127 and extension ids of 15:
// mediasoup-client's probator takes the first, RFC 8285 section 4.2 reserves the second.
func RouterCapabilities() RTPCapabilities {
	return RTPCapabilities{Codecs: routerCodecs(), HeaderExtensions: routerExtensions()}
}

func routerCodecs() []RTPCodecCapability {
	opus := RTPCodecCapability{
		Kind: Audio, MimeType: MimeOpus, PreferredPayloadType: 100, ClockRate: 48000, Channels: 2,
		Parameters:   CodecSettings{"minptime": 10, "useinbandfec": 1},
		RTCPFeedback: []RTCPFeedback{{Type: "nack"}, {Type: "transport-cc"}},
	}
	codecs := []RTPCodecCapability{opus}
	codecs = append(codecs, routerVideo(MimeVP8, 101, nil)...)
	codecs = append(codecs, routerVideo(MimeVP9, 103, CodecSettings{"profile-id": 0})...)
	codecs = append(codecs, routerVideo(MimeH264, 105, CodecSettings{
		"level-asymmetry-allowed": 1, "packetization-mode": 1, "profile-level-id": "42e01f",
	})...)
	return append(codecs, routerVideo(MimeAV1, 107, nil)...)
}

// routerVideo is a video codec with its retransmission format on the next payload type.
func routerVideo(mime string, payloadType uint8, settings CodecSettings) []RTPCodecCapability {
	return []RTPCodecCapability{
		{
			Kind: Video, MimeType: mime, PreferredPayloadType: payloadType, ClockRate: videoClockRate,
			Parameters: settings,
			RTCPFeedback: []RTCPFeedback{
				{Type: "nack"},
				{Type: "nack", Parameter: "pli"},
				{Type: "ccm", Parameter: "fir"},
				{Type: "goog-remb"},
				{Type: "transport-cc"},
			},
		},
		{
			Kind: Video, MimeType: MimeRTX, PreferredPayloadType: payloadType + 1, ClockRate: videoClockRate,
			Parameters: CodecSettings{"apt": int(payloadType)},
		},
	}
}

// routerExtensions are the header extensions that clients may use. Transport-wide numbers are for video alone. Were
// sound numbered as well, a browser that sends nothing but sound, as everybody does whose picture nobody shows, would
// at the first hiccup of its machine take the little that it sends for all that the network carries, and could not
// probe for more without a picture.
func routerExtensions() []RTPHeaderExtension {
	both := func(uri string, id uint8, direction string) []RTPHeaderExtension {
		return []RTPHeaderExtension{
			{Kind: Audio, URI: uri, PreferredID: id, Direction: direction},
			{Kind: Video, URI: uri, PreferredID: id, Direction: direction},
		}
	}
	extensions := both(URIMid, 1, SendRecv)
	extensions = append(
		extensions,
		RTPHeaderExtension{Kind: Video, URI: URIRid, PreferredID: 2, Direction: RecvOnly},
		RTPHeaderExtension{Kind: Video, URI: URIRepairedRid, PreferredID: 3, Direction: RecvOnly},
	)
	extensions = append(extensions, both(URIAbsSendTime, 4, SendRecv)...)
	extensions = append(
		extensions,
		RTPHeaderExtension{Kind: Video, URI: URITransportWideCC, PreferredID: 5, Direction: SendRecv},
		RTPHeaderExtension{Kind: Video, URI: URIDependencyDescriptor, PreferredID: 8, Direction: SendRecv},
		RTPHeaderExtension{Kind: Audio, URI: URIAudioLevel, PreferredID: 10, Direction: SendRecv},
		RTPHeaderExtension{Kind: Video, URI: URIVideoOrientation, PreferredID: 11, Direction: SendRecv},
	)
	return append(extensions, both(URIAbsCaptureTime, 13, SendRecv)...)
}
