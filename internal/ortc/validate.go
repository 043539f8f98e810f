package ortc

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrInvalid is wrapped by errors that say that parameters break their own rules.
var ErrInvalid = errors.New("invalid")

// Limits of what a client may send. Browsers stay far below: a producer has 2 codecs, a few extensions, 3 layers.
const (
	maxCodecs       = 64
	maxExtensions   = 64
	maxEncodings    = 4
	maxSettings     = 32
	maxFeedback     = 16
	maxFingerprints = 8
	maxName         = 64  // bytes of a mime type, of a setting's key
	maxText         = 255 // bytes of a URI, CNAME or msid, of a setting's value
	maxMid          = 16  // bytes; what a one-byte header extension carries (RFC 8285 section 4.2)
	maxExtensionID  = 14
	maxBitrate      = 1e9 // bit/s
	maxClockRate    = 192000
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Validate checks what an end point says that it can receive. All errors wrap ErrInvalid.
func (c RTPCapabilities) Validate() error {
	if len(c.Codecs) > maxCodecs {
		return invalid("%d codecs; at most %d", len(c.Codecs), maxCodecs)
	}
	if len(c.HeaderExtensions) > maxExtensions {
		return invalid("%d header extensions; at most %d", len(c.HeaderExtensions), maxExtensions)
	}
	taken := make(map[uint8]bool, len(c.Codecs))
	for _, codec := range c.Codecs {
		if err := validateCodec(codec.Kind, codec.codec(), codec.PreferredPayloadType, codec.RTCPFeedback); err != nil {
			return err
		}
		if taken[codec.PreferredPayloadType] {
			return invalid("payload type %d twice", codec.PreferredPayloadType)
		}
		taken[codec.PreferredPayloadType] = true
	}
	for _, ext := range c.HeaderExtensions {
		if ext.Kind != Audio && ext.Kind != Video {
			return invalid("kind of a header extension")
		}
		if err := validateExtension(ext.URI, ext.PreferredID); err != nil {
			return err
		}
		switch ext.Direction {
		case "", SendRecv, SendOnly, RecvOnly, Inactive:
		default:
			return invalid("direction of a header extension")
		}
	}
	return nil
}

// Validate checks what a producer says that it sends. All errors wrap ErrInvalid.
func (p RTPParameters) Validate(kind MediaKind) error {
	if len(p.Mid) > maxMid || !isToken(p.Mid) {
		return invalid("mid")
	}
	if len(p.Msid) > 2*maxText {
		return invalid("msid longer than %d bytes", 2*maxText)
	}
	if len(p.RTCP.CNAME) > maxText {
		return invalid("cname longer than %d bytes", maxText)
	}
	if err := p.validateCodecs(kind); err != nil {
		return err
	}
	if err := p.validateExtensions(); err != nil {
		return err
	}
	return p.validateEncodings(kind)
}

func (p RTPParameters) validateCodecs(kind MediaKind) error {
	if len(p.Codecs) == 0 || len(p.Codecs) > maxCodecs {
		return invalid("%d codecs; from 1 to %d", len(p.Codecs), maxCodecs)
	}
	media := make(map[uint8]bool, len(p.Codecs)) // by payload type: media rather than retransmission
	for _, codec := range p.Codecs {
		if err := validateCodec(kind, codec.codec(), codec.PayloadType, codec.RTCPFeedback); err != nil {
			return err
		}
		if _, taken := media[codec.PayloadType]; taken {
			return invalid("payload type %d twice", codec.PayloadType)
		}
		media[codec.PayloadType] = !isRTX(codec.MimeType)
	}
	for _, codec := range p.Codecs {
		if isRTX(codec.MimeType) && !media[codec.Parameters.apt()] {
			return invalid("retransmission of payload type %d, which is not there", codec.Parameters.apt())
		}
	}
	for _, encoding := range p.Encodings {
		if encoding.CodecPayloadType != 0 && !media[encoding.CodecPayloadType] {
			return invalid("encoding of payload type %d, which is not there", encoding.CodecPayloadType)
		}
	}
	return nil
}

func (p RTPParameters) validateExtensions() error {
	if len(p.HeaderExtensions) > maxExtensionID {
		return invalid("%d header extensions; at most %d", len(p.HeaderExtensions), maxExtensionID)
	}
	ids := make(map[uint8]bool, len(p.HeaderExtensions))
	uris := make(map[string]bool, len(p.HeaderExtensions))
	for _, ext := range p.HeaderExtensions {
		if err := validateExtension(ext.URI, ext.ID); err != nil {
			return err
		}
		if ids[ext.ID] || uris[ext.URI] {
			return invalid("header extension %d twice", ext.ID)
		}
		ids[ext.ID], uris[ext.URI] = true, true
		if ext.Encrypt {
			return invalid("encrypted header extension %d", ext.ID)
		}
		if err := ext.Parameters.validate(); err != nil {
			return err
		}
	}
	return nil
}

// validateCodec checks one codec. Payload types are those that RTP shares with RTCP on one port without doubt:
// 96 to 127, and 35 to 63, which Chromium uses once the others are taken (RFC 5761 section 4).
func validateCodec(kind MediaKind, c codec, payloadType uint8, feedback []RTCPFeedback) error {
	if kind != Audio && kind != Video {
		return invalid("kind of media")
	}
	prefix, subtype, _ := strings.Cut(c.mime, "/")
	if len(c.mime) > maxName || !strings.EqualFold(prefix, string(kind)) || subtype == "" || !isToken(subtype) {
		return invalid("mime type of a codec of %s", kind)
	}
	if payloadType < 35 || payloadType > 127 || (payloadType > 63 && payloadType < 96) {
		return invalid("payload type %d; from 96 to 127 or from 35 to 63", payloadType)
	}
	if c.clockRate == 0 || c.clockRate > maxClockRate {
		return invalid("clock rate %d Hz", c.clockRate)
	}
	if c.channels > 8 || (kind == Video && c.channels > 1) {
		return invalid("%d channels of %s", c.channels, kind)
	}
	if len(feedback) > maxFeedback {
		return invalid("%d kinds of feedback; at most %d", len(feedback), maxFeedback)
	}
	for _, fb := range feedback {
		if fb.Type == "" || len(fb.Type) > maxName || len(fb.Parameter) > maxName {
			return invalid("feedback")
		}
	}
	if isRTX(c.mime) && c.settings.apt() == 0 {
		return invalid("retransmission that does not say of which payload type")
	}
	return c.settings.validate()
}

// validateExtension checks an id that a one-byte header can carry (RFC 8285 section 4.2).
func validateExtension(uri string, id uint8) error {
	if uri == "" || len(uri) > maxText {
		return invalid("URI of a header extension")
	}
	if id < 1 || id > maxExtensionID {
		return invalid("header extension id %d; from 1 to %d", id, maxExtensionID)
	}
	return nil
}

func (s CodecSettings) validate() error {
	if len(s) > maxSettings {
		return invalid("%d codec settings; at most %d", len(s), maxSettings)
	}
	for key, value := range s {
		if len(key) > maxName {
			return invalid("codec setting with a name longer than %d bytes", maxName)
		}
		switch value := value.(type) {
		case int:
		case float64:
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return invalid("codec setting that is no number")
			}
		case string:
			if len(value) > maxText {
				return invalid("codec setting longer than %d bytes", maxText)
			}
		default:
			return invalid("codec setting that is neither text nor number")
		}
	}
	return nil
}

// isToken tells whether text is empty or made of letters, digits, "-", "_" and a few more that names are made of
// (a part of RFC 4566 section 9, token).
func isToken(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+") == ""
}
