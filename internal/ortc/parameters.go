// Package ortc holds the capabilities and parameters with which two ends agree on media without SDP,
// and the pure functions that derive one from the other: what a router can carry, what a producer sends,
// what a consumer receives. The shapes are those that mediasoup-client speaks (mediasoup.org, "RTP
// Parameters and Capabilities"), which follow the W3C ORTC draft.
//
// It owns no goroutine and no state, and must not know rooms, sockets or packets.
package ortc

// MediaKind tells audio from video.
type MediaKind string

// The two kinds of media.
const (
	Audio MediaKind = "audio"
	Video MediaKind = "video"
)

// CodecSettings are a codec's format parameters (the "a=fmtp" of SDP). Values are strings or numbers;
// validation refuses anything else.
type CodecSettings map[string]any

// RTCPFeedback is one feedback mechanism, such as {nack, pli} (RFC 4585 section 4.2).
type RTCPFeedback struct {
	Type      string `json:"type"`
	Parameter string `json:"parameter,omitempty"`
}

// RTPCapabilities tells what an end point or a router can receive.
type RTPCapabilities struct {
	Codecs           []RTPCodecCapability `json:"codecs"`
	HeaderExtensions []RTPHeaderExtension `json:"headerExtensions"`
}

// RTPCodecCapability is a codec that an end point can receive.
type RTPCodecCapability struct {
	Kind                 MediaKind      `json:"kind"`
	MimeType             string         `json:"mimeType"`
	PreferredPayloadType uint8          `json:"preferredPayloadType"`
	ClockRate            uint32         `json:"clockRate"` // Hz
	Channels             uint8          `json:"channels,omitzero"`
	Parameters           CodecSettings  `json:"parameters,omitempty"`
	RTCPFeedback         []RTCPFeedback `json:"rtcpFeedback,omitempty"`
}

// RTPHeaderExtension is a header extension that an end point can receive (RFC 8285).
type RTPHeaderExtension struct {
	Kind             MediaKind `json:"kind"`
	URI              string    `json:"uri"`
	PreferredID      uint8     `json:"preferredId"`
	PreferredEncrypt bool      `json:"preferredEncrypt,omitzero"`
	Direction        string    `json:"direction,omitempty"` // sendrecv, sendonly, recvonly or inactive
}

// RTPParameters tells what a producer sends or a consumer receives.
type RTPParameters struct {
	Mid              string                         `json:"mid,omitempty"`
	Msid             string                         `json:"msid,omitempty"`
	Codecs           []RTPCodecParameters           `json:"codecs"`
	HeaderExtensions []RTPHeaderExtensionParameters `json:"headerExtensions,omitempty"`
	Encodings        []RTPEncodingParameters        `json:"encodings,omitempty"`
	RTCP             RTCPParameters                 `json:"rtcp,omitzero"`
}

// RTPCodecParameters is a codec in use, with its payload type.
type RTPCodecParameters struct {
	MimeType     string         `json:"mimeType"`
	PayloadType  uint8          `json:"payloadType"`
	ClockRate    uint32         `json:"clockRate"` // Hz
	Channels     uint8          `json:"channels,omitzero"`
	Parameters   CodecSettings  `json:"parameters,omitempty"`
	RTCPFeedback []RTCPFeedback `json:"rtcpFeedback,omitempty"`
}

// RTPHeaderExtensionParameters is a header extension in use, with its id (1 to 14; RFC 8285 section 4.2).
type RTPHeaderExtensionParameters struct {
	URI        string        `json:"uri"`
	ID         uint8         `json:"id"`
	Encrypt    bool          `json:"encrypt,omitzero"`
	Parameters CodecSettings `json:"parameters,omitempty"`
}

// RTPEncodingParameters is one stream of a producer or consumer: the whole, or one simulcast layer. A simulcast
// layer is told by Rid or by SSRC, lowest quality first.
type RTPEncodingParameters struct {
	SSRC                  uint32         `json:"ssrc,omitzero"`
	Rid                   string         `json:"rid,omitempty"`
	CodecPayloadType      uint8          `json:"codecPayloadType,omitzero"`
	RTX                   *RTXParameters `json:"rtx,omitempty"`
	DTX                   bool           `json:"dtx,omitzero"`
	Active                *bool          `json:"active,omitempty"`
	ScalabilityMode       string         `json:"scalabilityMode,omitempty"`
	ScaleResolutionDownBy float64        `json:"scaleResolutionDownBy,omitzero"`
	MaxBitrate            uint64         `json:"maxBitrate,omitzero"` // bit/s
	MaxFramerate          float64        `json:"maxFramerate,omitzero"`
	AdaptivePtime         bool           `json:"adaptivePtime,omitzero"`
	Priority              string         `json:"priority,omitempty"`
	NetworkPriority       string         `json:"networkPriority,omitempty"`
}

// RTXParameters names the retransmission stream of an encoding (RFC 4588).
type RTXParameters struct {
	SSRC uint32 `json:"ssrc"`
}

// RTCPParameters tells how RTCP of a producer or consumer is sent.
type RTCPParameters struct {
	CNAME       string `json:"cname,omitempty"`
	ReducedSize bool   `json:"reducedSize,omitzero"`
	Mux         bool   `json:"mux,omitzero"`
}

// ICEParameters are the credentials of a transport (RFC 8445 section 5.3).
type ICEParameters struct {
	UsernameFragment string `json:"usernameFragment"`
	Password         string `json:"password"`
	ICELite          bool   `json:"iceLite"`
}

// ICECandidate is an address at which a transport is reached (RFC 8445 section 5.1).
type ICECandidate struct {
	Foundation string `json:"foundation"`
	Priority   uint32 `json:"priority"`
	Address    string `json:"address"`
	IP         string `json:"ip"` // the same as Address, for older clients
	Protocol   string `json:"protocol"`
	Port       uint16 `json:"port"`
	Type       string `json:"type"`
	TCPType    string `json:"tcpType,omitempty"`
}

// DTLSParameters are the role and certificate fingerprints of one end of a transport (RFC 8122).
type DTLSParameters struct {
	Role         string            `json:"role"` // auto, client or server
	Fingerprints []DTLSFingerprint `json:"fingerprints"`
}

// DTLSFingerprint is a hash of a certificate: the algorithm's name ("sha-256") and upper-case hex with colons.
type DTLSFingerprint struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}
