package ortc

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrUnsupported is wrapped by errors that say that two ends have no format in common.
var ErrUnsupported = errors.New("unsupported")

// Mapping translates what a producer writes into its packets to what the router's consumers get. Both maps have
// the producer's number as key and the router's as value.
type Mapping struct {
	PayloadTypes map[uint8]uint8 // includes the retransmission format
	Extensions   map[uint8]uint8
}

// ProducerMapping fits a producer into a router. A producer has one codec, with or without its retransmission
// format; anything more is refused with ErrUnsupported, as is a codec that the router does not carry. Header
// extensions that the router does not know are left out of the mapping. The parameters must be valid.
func ProducerMapping(p RTPParameters, kind MediaKind, router RTPCapabilities) (Mapping, error) {
	media, rtx, err := p.formats()
	if err != nil {
		return Mapping{}, err
	}
	carried := router.find(media.codec())
	if carried == nil {
		return Mapping{}, fmt.Errorf("%w: this router does not carry %s", ErrUnsupported, media.MimeType)
	}
	m := Mapping{
		PayloadTypes: map[uint8]uint8{media.PayloadType: carried.PreferredPayloadType},
		Extensions:   make(map[uint8]uint8, len(p.HeaderExtensions)),
	}
	if rtx != nil {
		if carriedRTX := router.rtxOf(carried.PreferredPayloadType); carriedRTX != nil {
			m.PayloadTypes[rtx.PayloadType] = carriedRTX.PreferredPayloadType
		}
	}
	for _, ext := range p.HeaderExtensions {
		i := slices.IndexFunc(router.HeaderExtensions, func(e RTPHeaderExtension) bool {
			return e.Kind == kind && e.URI == ext.URI && e.Direction != SendOnly && e.Direction != Inactive
		})
		if i >= 0 {
			m.Extensions[ext.ID] = router.HeaderExtensions[i].PreferredID
		}
	}
	return m, nil
}

// ConsumableParameters says what the router hands on of a producer, before any consumer is known: one codec with
// its retransmission format, in the router's numbers. Header extensions are those that the router may send: what
// the producer writes, and what the router writes itself (mid, the time of sending, and the transport-wide number).
func ConsumableParameters(
	p RTPParameters, kind MediaKind, router RTPCapabilities, m Mapping,
) (RTPParameters, error) {
	media, _, err := p.formats()
	if err != nil {
		return RTPParameters{}, err
	}
	payloadType, mapped := m.PayloadTypes[media.PayloadType]
	carried := router.find(media.codec())
	if !mapped || carried == nil || carried.PreferredPayloadType != payloadType {
		return RTPParameters{}, fmt.Errorf("%w: %s is not in the mapping", ErrUnsupported, media.MimeType)
	}
	out := RTPParameters{Codecs: []RTPCodecParameters{{
		MimeType: carried.MimeType, PayloadType: payloadType, ClockRate: carried.ClockRate,
		Channels: carried.Channels, Parameters: maps.Clone(media.Parameters),
		RTCPFeedback: slices.Clone(carried.RTCPFeedback),
	}}}
	if rtx := router.rtxOf(payloadType); rtx != nil {
		out.Codecs = append(out.Codecs, rtxParameters(*rtx, payloadType))
	}
	written := slices.Collect(maps.Values(m.Extensions))
	for _, ext := range router.HeaderExtensions {
		sends := ext.Kind == kind && (ext.Direction == "" || ext.Direction == SendRecv || ext.Direction == SendOnly)
		own := ext.URI == URIMid || ext.URI == URIAbsSendTime || ext.URI == URITransportWideCC
		if sends && (own || slices.Contains(written, ext.PreferredID)) {
			out.HeaderExtensions = append(out.HeaderExtensions,
				RTPHeaderExtensionParameters{URI: ext.URI, ID: ext.PreferredID})
		}
	}
	return out, nil
}

// ConsumerParameters says what a client gets of what a router hands on: the codec, retransmission if the client
// takes it, the feedback and the header extensions that both know. Bandwidth is told by transport-cc, or else by
// goog-remb: a client that is offered both answers neither well. Mid, encodings and CNAME are for the caller to fill
// in. A client that cannot decode the codec gets ErrUnsupported.
func ConsumerParameters(
	consumable RTPParameters, kind MediaKind, client RTPCapabilities,
) (RTPParameters, error) {
	media, rtx, err := consumable.formats()
	if err != nil {
		return RTPParameters{}, err
	}
	decodes := client.find(media.codec())
	if decodes == nil || decodes.Kind != kind {
		return RTPParameters{}, fmt.Errorf("%w: the client does not decode %s", ErrUnsupported, media.MimeType)
	}
	out := RTPParameters{RTCP: RTCPParameters{ReducedSize: true, Mux: true}}
	codec := *media
	codec.Parameters = maps.Clone(media.Parameters)
	codec.RTCPFeedback = nil
	unused := feedbackTransportCC
	if consumable.wide(media.RTCPFeedback, client, decodes.RTCPFeedback) {
		unused = feedbackREMB
	}
	for _, fb := range media.RTCPFeedback {
		if fb.Type != unused && slices.Contains(decodes.RTCPFeedback, fb) {
			codec.RTCPFeedback = append(codec.RTCPFeedback, fb)
		}
	}
	out.Codecs = append(out.Codecs, codec)
	if rtx != nil && client.rtxOf(decodes.PreferredPayloadType) != nil {
		retransmission := *rtx
		retransmission.Parameters = maps.Clone(rtx.Parameters)
		out.Codecs = append(out.Codecs, retransmission)
	}
	for _, ext := range consumable.HeaderExtensions {
		if client.knows(ext) && (ext.URI != URITransportWideCC || unused != feedbackTransportCC) {
			out.HeaderExtensions = append(out.HeaderExtensions, ext)
		}
	}
	return out, nil
}

// The two ways to tell bandwidth.
const (
	feedbackTransportCC = "transport-cc" // draft-holmer-rmcat-transport-wide-cc-extensions-01
	feedbackREMB        = "goog-remb"    // draft-alvestrand-rmcat-remb-03
)

// wide tells whether a consumer's packets are numbered and the client tells when they came: when both ends have the
// header extension and the feedback.
func (p RTPParameters) wide(ours []RTCPFeedback, client RTPCapabilities, theirs []RTCPFeedback) bool {
	fb := RTCPFeedback{Type: feedbackTransportCC}
	i := slices.IndexFunc(p.HeaderExtensions, func(e RTPHeaderExtensionParameters) bool {
		return e.URI == URITransportWideCC
	})
	return i >= 0 && client.knows(p.HeaderExtensions[i]) && slices.Contains(ours, fb) && slices.Contains(theirs, fb)
}

// formats takes parameters apart into their one codec and the codec's retransmission format, or nil.
func (p RTPParameters) formats() (media, rtx *RTPCodecParameters, err error) {
	for i := range p.Codecs {
		c := &p.Codecs[i]
		switch {
		case !isRTX(c.MimeType) && media == nil:
			media = c
		case isRTX(c.MimeType) && rtx == nil:
			rtx = c
		default:
			return nil, nil, fmt.Errorf("%w: more than one codec in one stream", ErrUnsupported)
		}
	}
	if media == nil {
		return nil, nil, fmt.Errorf("%w: no codec", ErrUnsupported)
	}
	if rtx != nil && rtx.Parameters.apt() != media.PayloadType {
		return nil, nil, fmt.Errorf("%w: retransmission of another codec", ErrUnsupported)
	}
	return media, rtx, nil
}

// find is the first capability that fits a codec, or nil.
func (c RTPCapabilities) find(want codec) *RTPCodecCapability {
	for i := range c.Codecs {
		if !isRTX(c.Codecs[i].MimeType) && want.matches(c.Codecs[i].codec()) {
			return &c.Codecs[i]
		}
	}
	return nil
}

// rtxOf is the retransmission format of a payload type, or nil.
func (c RTPCapabilities) rtxOf(payloadType uint8) *RTPCodecCapability {
	for i := range c.Codecs {
		if isRTX(c.Codecs[i].MimeType) && c.Codecs[i].Parameters.apt() == payloadType {
			return &c.Codecs[i]
		}
	}
	return nil
}

// knows tells whether a client takes a header extension under its id. The kind is not compared: browsers list an
// extension under one kind and take it under both.
func (c RTPCapabilities) knows(ext RTPHeaderExtensionParameters) bool {
	return slices.ContainsFunc(c.HeaderExtensions, func(e RTPHeaderExtension) bool {
		return e.PreferredID == ext.ID && e.URI == ext.URI && e.Direction != SendOnly && e.Direction != Inactive
	})
}

func rtxParameters(rtx RTPCodecCapability, apt uint8) RTPCodecParameters {
	return RTPCodecParameters{
		MimeType: strings.ToLower(rtx.MimeType), PayloadType: rtx.PreferredPayloadType, ClockRate: rtx.ClockRate,
		Parameters: CodecSettings{"apt": int(apt)},
	}
}
