package ortc

import "slices"

// SlotParameters say what a router hands on in an audio slot, before any consumer is known: Opus in the router's
// numbers, from one producer after the other, with the header extensions that any of them may write.
func SlotParameters(router RTPCapabilities) RTPParameters {
	var out RTPParameters
	for _, c := range router.Codecs {
		if c.Kind == Audio && c.MimeType == MimeOpus {
			out.Codecs = append(out.Codecs, RTPCodecParameters{
				MimeType: c.MimeType, PayloadType: c.PreferredPayloadType, ClockRate: c.ClockRate, Channels: c.Channels,
				Parameters: c.Parameters, RTCPFeedback: slices.Clone(c.RTCPFeedback),
			})
		}
	}
	for _, e := range router.HeaderExtensions {
		if e.Kind == Audio && e.Direction != RecvOnly && e.Direction != Inactive {
			out.HeaderExtensions = append(out.HeaderExtensions, RTPHeaderExtensionParameters{URI: e.URI, ID: e.PreferredID})
		}
	}
	return out
}
