package ortc

import (
	"errors"
	"reflect"
	"slices"
	"testing"
)

// camera is what mediasoup-client sends of a VP8 simulcast camera in Chromium.
func camera() RTPParameters {
	return RTPParameters{
		Mid: "1",
		Codecs: []RTPCodecParameters{
			{
				MimeType: "video/VP8", PayloadType: 96, ClockRate: 90000,
				RTCPFeedback: []RTCPFeedback{
					{Type: "goog-remb"},
					{Type: "transport-cc"},
					{Type: "ccm", Parameter: "fir"},
					{Type: "nack"},
					{Type: "nack", Parameter: "pli"},
				},
			},
			{MimeType: "video/rtx", PayloadType: 97, ClockRate: 90000, Parameters: CodecSettings{"apt": 96.0}},
		},
		HeaderExtensions: []RTPHeaderExtensionParameters{
			{URI: URIMid, ID: 4},
			{URI: URIRid, ID: 10},
			{URI: URIRepairedRid, ID: 11},
			{URI: URIAbsSendTime, ID: 2},
			{URI: URITransportWideCC, ID: 3},
			{URI: URIVideoOrientation, ID: 13},
			{URI: "urn:ietf:params:rtp-hdrext:toffset", ID: 14},
		},
		Encodings: []RTPEncodingParameters{
			{Rid: "r0", MaxBitrate: 150000, ScaleResolutionDownBy: 4, ScalabilityMode: "L1T2"},
			{Rid: "r1", MaxBitrate: 500000, ScaleResolutionDownBy: 2, ScalabilityMode: "L1T2"},
			{Rid: "r2", MaxBitrate: 1500000, ScaleResolutionDownBy: 1, ScalabilityMode: "L1T2"},
		},
		RTCP: RTCPParameters{CNAME: "abc", ReducedSize: true, Mux: true},
	}
}

func microphone() RTPParameters {
	return RTPParameters{
		Mid: "0",
		Codecs: []RTPCodecParameters{{
			MimeType: "audio/opus", PayloadType: 111, ClockRate: 48000, Channels: 2,
			Parameters: CodecSettings{"minptime": 10.0, "useinbandfec": 1.0, "usedtx": 1.0},
		}},
		HeaderExtensions: []RTPHeaderExtensionParameters{{URI: URIMid, ID: 4}, {URI: URIAudioLevel, ID: 1}},
		Encodings:        []RTPEncodingParameters{{SSRC: 77}},
	}
}

func negotiate(t *testing.T, p RTPParameters, kind MediaKind) (Mapping, RTPParameters) {
	t.Helper()
	if err := p.Validate(kind); err != nil {
		t.Fatal(err)
	}
	router := RouterCapabilities()
	m, err := ProducerMapping(p, kind, router)
	if err != nil {
		t.Fatal(err)
	}
	consumable, err := ConsumableParameters(p, kind, router, m)
	if err != nil {
		t.Fatal(err)
	}
	return m, consumable
}

func ids(extensions []RTPHeaderExtensionParameters) []uint8 {
	var out []uint8
	for _, e := range extensions {
		out = append(out, e.ID)
	}
	slices.Sort(out)
	return out
}

func TestCameraReachesAConsumer(t *testing.T) {
	m, consumable := negotiate(t, camera(), Video)
	want := Mapping{
		PayloadTypes: map[uint8]uint8{96: 101, 97: 102},
		Extensions:   map[uint8]uint8{4: 1, 10: 2, 11: 3, 2: 4, 3: 5, 13: 11},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("mapping %v, want %v", m, want)
	}
	if got := ids(consumable.HeaderExtensions); !slices.Equal(got, []uint8{1, 4, 5, 11}) {
		t.Errorf("consumable extensions %v, want mid, abs-send-time, transport-wide number, orientation", got)
	}

	client := RouterCapabilities() // a client that knows all that the router does
	p, err := ConsumerParameters(consumable, Video, client)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Codecs) != 2 || p.Codecs[0].PayloadType != 101 || p.Codecs[1].PayloadType != 102 {
		t.Fatalf("codecs %v, want VP8 101 and rtx 102", p.Codecs)
	}
	if p.Codecs[1].Parameters.apt() != 101 {
		t.Errorf("apt %d, want 101", p.Codecs[1].Parameters.apt())
	}
	feedback := []RTCPFeedback{{Type: "nack"}, {"nack", "pli"}, {"ccm", "fir"}, {Type: "transport-cc"}}
	if !slices.Equal(p.Codecs[0].RTCPFeedback, feedback) {
		t.Errorf("feedback %v, want %v", p.Codecs[0].RTCPFeedback, feedback)
	}
	if got := ids(p.HeaderExtensions); !slices.Equal(got, []uint8{1, 4, 5, 11}) {
		t.Errorf("extensions %v, want mid, abs-send-time, transport-wide number, orientation", got)
	}
	if p.Mid != "" || p.Encodings != nil || p.RTCP.CNAME != "" {
		t.Error("mid, encodings and CNAME are the caller's to fill in")
	}
}

// TestSoundIsNotNumbered: an estimate is about pictures alone.
func TestSoundIsNotNumbered(t *testing.T) {
	for _, extension := range RouterCapabilities().HeaderExtensions {
		if extension.URI == URITransportWideCC && extension.Kind != Video {
			t.Errorf("transport-wide numbers for %s", extension.Kind)
		}
	}
}

// TestBandwidthIsToldOneWay: transport-wide where the client has the extension and the feedback, else by REMB.
func TestBandwidthIsToldOneWay(t *testing.T) {
	_, consumable := negotiate(t, camera(), Video)
	for name, change := range map[string]func(*RTPCapabilities){
		"without the extension": func(c *RTPCapabilities) {
			c.HeaderExtensions = slices.DeleteFunc(c.HeaderExtensions, func(e RTPHeaderExtension) bool {
				return e.URI == URITransportWideCC
			})
		},
		"that only sends the extension": func(c *RTPCapabilities) {
			for i, e := range c.HeaderExtensions {
				if e.URI == URITransportWideCC {
					c.HeaderExtensions[i].Direction = SendOnly
				}
			}
		},
		"without the feedback": func(c *RTPCapabilities) {
			for i := range c.Codecs {
				c.Codecs[i].RTCPFeedback = slices.DeleteFunc(c.Codecs[i].RTCPFeedback, func(fb RTCPFeedback) bool {
					return fb.Type == "transport-cc"
				})
			}
		},
	} {
		client := RouterCapabilities()
		change(&client)
		p, err := ConsumerParameters(consumable, Video, client)
		if err != nil {
			t.Fatal(err)
		}
		if fb := p.Codecs[0].RTCPFeedback; slices.Contains(fb, RTCPFeedback{Type: "transport-cc"}) ||
			!slices.Contains(fb, RTCPFeedback{Type: "goog-remb"}) {
			t.Errorf("a client %s: feedback %v, want goog-remb", name, fb)
		}
		if got := ids(p.HeaderExtensions); slices.Contains(got, 5) {
			t.Errorf("a client %s: extensions %v", name, got)
		}
	}
}

func TestMicrophoneKeepsItsOpusSettings(t *testing.T) {
	_, consumable := negotiate(t, microphone(), Audio)
	p, err := ConsumerParameters(consumable, Audio, RouterCapabilities())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Codecs) != 1 || p.Codecs[0].PayloadType != 100 || p.Codecs[0].Parameters["usedtx"] != 1.0 {
		t.Errorf("codecs %v, want opus 100 with DTX", p.Codecs)
	}
	if !slices.Equal(p.Codecs[0].RTCPFeedback, []RTCPFeedback{{Type: "nack"}}) {
		t.Errorf("feedback %v, want nack", p.Codecs[0].RTCPFeedback)
	}
	if got := ids(p.HeaderExtensions); !slices.Equal(got, []uint8{1, 4, 10}) {
		t.Errorf("extensions %v, want mid, abs-send-time, audio level", got)
	}
}

func TestConsumerTakesOnlyWhatTheClientHas(t *testing.T) {
	_, consumable := negotiate(t, camera(), Video)
	client := RTPCapabilities{
		Codecs: []RTPCodecCapability{{
			Kind: Video, MimeType: "video/vp8", PreferredPayloadType: 101, ClockRate: 90000,
			RTCPFeedback: []RTCPFeedback{{"nack", "pli"}},
		}},
		HeaderExtensions: []RTPHeaderExtension{
			{Kind: Audio, URI: URIMid, PreferredID: 1}, // listed under the other kind
			{Kind: Video, URI: URIAbsSendTime, PreferredID: 9},
		},
	}
	p, err := ConsumerParameters(consumable, Video, client)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Codecs) != 1 || !slices.Equal(p.Codecs[0].RTCPFeedback, []RTCPFeedback{{"nack", "pli"}}) {
		t.Errorf("codecs %v, want VP8 with nack pli and no rtx", p.Codecs)
	}
	if got := ids(p.HeaderExtensions); !slices.Equal(got, []uint8{1}) {
		t.Errorf("extensions %v, want mid only: the other has another id", got)
	}
	client.Codecs = client.Codecs[:0]
	if _, err := ConsumerParameters(consumable, Video, client); !errors.Is(err, ErrUnsupported) {
		t.Errorf("error %v, want ErrUnsupported", err)
	}
}

func TestNegotiationLeavesItsInputAlone(t *testing.T) {
	p := camera()
	_, consumable := negotiate(t, p, Video)
	first, err := ConsumerParameters(consumable, Video, RouterCapabilities())
	if err != nil {
		t.Fatal(err)
	}
	first.Codecs[0].RTCPFeedback[0].Type = "changed"
	first.Codecs[1].Parameters["apt"] = 1
	second, err := ConsumerParameters(consumable, Video, RouterCapabilities())
	if err != nil {
		t.Fatal(err)
	}
	if second.Codecs[0].RTCPFeedback[0].Type != "nack" || second.Codecs[1].Parameters.apt() != 101 {
		t.Error("one consumer's parameters reach into another's")
	}
	if !reflect.DeepEqual(p, camera()) {
		t.Error("the producer's parameters were changed")
	}
}

func TestProducerMappingFindsTheVariant(t *testing.T) {
	tests := []struct {
		name     string
		mime     string
		settings CodecSettings
		want     uint8 // the router's payload type; 0: unsupported
	}{
		{"VP8", "video/vp8", nil, 101},
		{"VP9 without a profile", "video/VP9", nil, 103},
		{"VP9 profile 0", "video/VP9", CodecSettings{"profile-id": 0.0}, 103},
		{"VP9 profile 2", "video/VP9", CodecSettings{"profile-id": 2.0}, 0},
		{"AV1", "video/AV1", CodecSettings{"level-idx": 5.0, "profile": 0.0, "tier": 0.0}, 107},
		{"AV1 profile 1", "video/AV1", CodecSettings{"profile": 1.0}, 0},
		{"H264 without settings", "video/H264", nil, 0},
		{"H264 mode 1", "video/H264", CodecSettings{"packetization-mode": 1.0, "profile-level-id": "42e01f"}, 105},
		{"H264 other level", "video/H264", CodecSettings{"packetization-mode": "1", "profile-level-id": "42E034"}, 105},
		{"H264 mode 0", "video/H264", CodecSettings{"packetization-mode": 0.0, "profile-level-id": "42e01f"}, 0},
		{"H264 high", "video/H264", CodecSettings{"packetization-mode": 1.0, "profile-level-id": "640c1f"}, 0},
		{"H264 numeric id", "video/H264", CodecSettings{"packetization-mode": 1.0, "profile-level-id": 420029.0}, 0},
		{"H264 cut id", "video/H264", CodecSettings{"packetization-mode": 1.0, "profile-level-id": "42e0"}, 0},
		{"unknown codec", "video/H265", nil, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := camera()
			p.Codecs = p.Codecs[:1]
			p.Codecs[0].MimeType, p.Codecs[0].Parameters = test.mime, test.settings
			m, err := ProducerMapping(p, Video, RouterCapabilities())
			if test.want == 0 {
				if !errors.Is(err, ErrUnsupported) {
					t.Fatalf("mapping %v, error %v; want ErrUnsupported", m, err)
				}
				return
			}
			if err != nil || m.PayloadTypes[96] != test.want {
				t.Fatalf("mapping %v, error %v; want payload type %d", m, err, test.want)
			}
		})
	}
}

func TestProducerMappingRefusesSeveralCodecs(t *testing.T) {
	p := camera()
	p.Codecs = append(p.Codecs, RTPCodecParameters{MimeType: MimeVP9, PayloadType: 98, ClockRate: 90000})
	if _, err := ProducerMapping(p, Video, RouterCapabilities()); !errors.Is(err, ErrUnsupported) {
		t.Errorf("error %v, want ErrUnsupported", err)
	}
	p = camera()
	p.Codecs = p.Codecs[1:]
	if _, err := ProducerMapping(p, Video, RouterCapabilities()); !errors.Is(err, ErrUnsupported) {
		t.Errorf("retransmission alone: error %v, want ErrUnsupported", err)
	}
}

func TestH264Profile(t *testing.T) {
	tests := map[string]h264Profile{
		"42e01f": h264ConstrainedBaseline,
		"4de01f": h264ConstrainedBaseline,
		"58f01f": h264ConstrainedBaseline,
		"42001f": h264Baseline,
		"58a01f": h264Baseline,
		"4d401f": h264Main,
		"58001f": h264Extended,
		"64001f": h264High,
		"640c1f": h264ConstrainedHigh,
		"f4001f": h264Unknown,
		"42e11f": h264Unknown,
		"":       h264Unknown,
		"+2e01f": h264Unknown,
	}
	for id, want := range tests {
		if got := (CodecSettings{"profile-level-id": id}).h264Profile(); got != want {
			t.Errorf("profile of %q: %d, want %d", id, got, want)
		}
	}
}

func TestRouterCapabilitiesAreValid(t *testing.T) {
	router := RouterCapabilities()
	if err := router.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, codec := range router.Codecs {
		if codec.PreferredPayloadType < 96 || codec.PreferredPayloadType == 127 {
			t.Errorf("%s has payload type %d", codec.MimeType, codec.PreferredPayloadType)
		}
	}
	uris := map[uint8]string{}
	for _, ext := range router.HeaderExtensions {
		if uri, ok := uris[ext.PreferredID]; ok && uri != ext.URI {
			t.Errorf("id %d stands for two header extensions", ext.PreferredID)
		}
		uris[ext.PreferredID] = ext.URI
	}
}
