package sfu

import (
	"slices"
	"testing"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// How the client numbers what it sends; the router's numbers are others.
const (
	midID, ridID, repairedID    = 4, 10, 11
	sendTimeID, twccID, levelID = 2, 3, 6
	descriptorID                = 12
	mediaType, rtxType          = 96, 97
	opusType                    = 111
)

// extensionParameters are the header extensions that the client negotiates.
func extensionParameters() []ortc.RTPHeaderExtensionParameters {
	return []ortc.RTPHeaderExtensionParameters{
		{URI: ortc.URIMid, ID: midID},
		{URI: ortc.URIRid, ID: ridID},
		{URI: ortc.URIRepairedRid, ID: repairedID},
		{URI: ortc.URIAbsSendTime, ID: sendTimeID},
		{URI: ortc.URITransportWideCC, ID: twccID},
		{URI: ortc.URIAudioLevel, ID: levelID},
		{URI: ortc.URIDependencyDescriptor, ID: descriptorID},
	}
}

// microphone describes an Opus track of one SSRC.
func microphone(ssrc uint32) ProducerConfig {
	return ProducerConfig{Kind: ortc.Audio, Parameters: ortc.RTPParameters{
		Mid: "a",
		Codecs: []ortc.RTPCodecParameters{
			{MimeType: ortc.MimeOpus, PayloadType: opusType, ClockRate: 48000, Channels: 2},
		},
		HeaderExtensions: extensionParameters(),
		Encodings:        []ortc.RTPEncodingParameters{{SSRC: ssrc}},
	}}
}

// camera describes a video track of the given encodings, 720 pixels high.
func camera(mime string, encodings ...ortc.RTPEncodingParameters) ProducerConfig {
	var settings ortc.CodecSettings
	if mime == ortc.MimeH264 {
		settings = ortc.CodecSettings{"packetization-mode": 1, "profile-level-id": "42e01f"}
	}
	return ProducerConfig{Kind: ortc.Video, Width: 1280, Height: 720, Parameters: ortc.RTPParameters{
		Mid: "v",
		Codecs: []ortc.RTPCodecParameters{
			{MimeType: mime, PayloadType: mediaType, ClockRate: 90000, Parameters: settings},
			{
				MimeType: ortc.MimeRTX, PayloadType: rtxType, ClockRate: 90000,
				Parameters: ortc.CodecSettings{"apt": mediaType},
			},
		},
		HeaderExtensions: extensionParameters(),
		Encodings:        encodings,
	}}
}

// single is the one encoding of a camera without simulcast.
func single(ssrc uint32) ortc.RTPEncodingParameters {
	return ortc.RTPEncodingParameters{SSRC: ssrc, RTX: &ortc.RTXParameters{SSRC: ssrc + 1}}
}

func (c *client) produce(cfg ProducerConfig) *Producer {
	c.Helper()
	p, err := c.transport.Produce(cfg)
	if err != nil {
		c.Fatal(err)
	}
	return p
}

// consume receives a track, video of the given height. It tells bandwidth by REMB.
func (c *client) consume(p *Producer, height int) *Consumer {
	c.Helper()
	capabilities := ortc.RouterCapabilities()
	capabilities.HeaderExtensions = slices.DeleteFunc(capabilities.HeaderExtensions, func(e ortc.RTPHeaderExtension) bool {
		return e.URI == ortc.URITransportWideCC
	})
	return c.consumeAs(p, height, capabilities)
}

// consumeAs receives a track with other capabilities.
func (c *client) consumeAs(p *Producer, height int, capabilities ortc.RTPCapabilities) *Consumer {
	c.Helper()
	consumer, err := c.transport.Consume(ConsumerConfig{Producer: p, Capabilities: capabilities})
	if err != nil {
		c.Fatal(err)
	}
	if p.Kind() == ortc.Video {
		c.view(consumer, height)
	}
	return consumer
}

// view shows one video only.
func (c *client) view(consumer *Consumer, height int) {
	c.transport.SetViews([]View{{ConsumerID: consumer.ID(), Width: height * 16 / 9, Height: height}})
}

// ssrcs are the SSRCs of a consumer's media and of its retransmissions.
func ssrcs(t testing.TB, c *Consumer) (media, rtx uint32) {
	t.Helper()
	p := c.Parameters()
	if len(p.Encodings) != 1 || p.Encodings[0].SSRC == 0 {
		t.Fatalf("encodings %+v", p.Encodings)
	}
	if p.Encodings[0].RTX != nil {
		rtx = p.Encodings[0].RTX.SSRC
	}
	return p.Encodings[0].SSRC, rtx
}

// sender is an RTP stream that a client sends.
type sender struct {
	*client
	ssrc        uint32
	payloadType uint8
	sequence    uint64 // of the next packet, with the roll-over counter
	timestamp   uint32
	marker      bool
	extensions  []rtp.Extension
}

func (c *client) sender(ssrc uint32, payloadType uint8) *sender {
	return &sender{client: c, ssrc: ssrc, payloadType: payloadType, sequence: 1000, timestamp: 50000}
}

// next sends the next packet.
func (s *sender) next(payload []byte) {
	s.emit(s.sequence, payload)
	s.sequence++
}

// lose counts a packet that never leaves.
func (s *sender) lose(n uint64) { s.sequence += n }

// emit sends a packet of any number.
func (s *sender) emit(sequence uint64, payload []byte) { s.send(s.seal(sequence, payload)) }

// seal makes a packet of any number.
func (s *sender) seal(sequence uint64, payload []byte) []byte {
	h := rtp.Header{
		Marker: s.marker, PayloadType: s.payloadType, Sequence: uint16(sequence), Timestamp: s.timestamp, SSRC: s.ssrc,
	}
	packet := rtp.AppendHeader(nil, &h, s.extensions)
	head := len(packet)
	packet = append(append(packet, payload...), make([]byte, sealOverhead)...)
	s.mu.Lock()
	defer s.mu.Unlock()
	return packet[:s.sealer.SealRTP(packet, head, packet[head:head+len(payload)], s.ssrc, sequence)]
}

// report sends control packets in one datagram.
func (c *client) report(packets ...pionrtcp.Packet) {
	c.Helper()
	plain, err := pionrtcp.Marshal(packets)
	if err != nil {
		c.Fatal(err)
	}
	c.send(c.sealRTCP(plain))
}

func (c *client) sealRTCP(plain []byte) []byte {
	sealed := make([]byte, len(plain)+sealOverhead)
	c.mu.Lock()
	defer c.mu.Unlock()
	return sealed[:c.sealer.SealRTCP(sealed, plain)]
}

// nack asks for packets again.
func (c *client) nack(ssrc uint32, sequences ...uint16) {
	c.Helper()
	c.report(&pionrtcp.TransportLayerNack{
		SenderSSRC: c.local, MediaSSRC: ssrc, Nacks: pionrtcp.NackPairsFromSequenceNumbers(sequences),
	})
}

// next waits for the next media packet.
func (c *client) next() arrival {
	c.Helper()
	return receive(c, c.media, "media")
}

// nextOf waits for the next packet of an SSRC and drops others.
func (c *client) nextOf(ssrc uint32) arrival {
	c.Helper()
	return await(c, c.media, "media", func(a arrival) bool { return a.SSRC == ssrc })
}

// vp8 makes a packet of a frame. Its last byte is the tag.
func vp8(start, key bool, pictureID uint16, tl0, tag byte) []byte {
	p := []byte{0x80, 0xe0, 0x80 | byte(pictureID>>8), byte(pictureID), tl0, 0x20, 1, 0, tag}
	if start {
		p[0] |= 0x10
	}
	if key {
		p[6] = 0
	}
	return p
}

// pictureOf reads a VP8 packet's descriptor.
func pictureOf(t testing.TB, a arrival) rtp.VP8 {
	t.Helper()
	d, err := rtp.ParseVP8(a.payload)
	if err != nil {
		t.Fatalf("a VP8 descriptor: %v: %x", err, a.payload)
	}
	return d
}
