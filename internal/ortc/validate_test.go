package ortc

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParametersAreValidated(t *testing.T) {
	long := strings.Repeat("a", 600)
	tests := []struct {
		name   string
		change func(*RTPParameters)
	}{
		{"no codec", func(p *RTPParameters) { p.Codecs = nil }},
		{"too many codecs", func(p *RTPParameters) { p.Codecs = make([]RTPCodecParameters, 65) }},
		{"other kind", func(p *RTPParameters) { p.Codecs[0].MimeType = "audio/opus" }},
		{"no subtype", func(p *RTPParameters) { p.Codecs[0].MimeType = "video/" }},
		{"strange subtype", func(p *RTPParameters) { p.Codecs[0].MimeType = "video/V P8" }},
		{"long mime type", func(p *RTPParameters) { p.Codecs[0].MimeType = "video/" + long }},
		{"static payload type", func(p *RTPParameters) { p.Codecs[0].PayloadType = 8 }},
		{"payload type of RTCP", func(p *RTPParameters) { p.Codecs[0].PayloadType = 72 }},
		{"payload type above 7 bits", func(p *RTPParameters) { p.Codecs[0].PayloadType = 200 }},
		{"payload type twice", func(p *RTPParameters) { p.Codecs[1].PayloadType = 96 }},
		{"no clock rate", func(p *RTPParameters) { p.Codecs[0].ClockRate = 0 }},
		{"channels of video", func(p *RTPParameters) { p.Codecs[0].Channels = 2 }},
		{"rtx of nothing", func(p *RTPParameters) { p.Codecs[1].Parameters = CodecSettings{"apt": 99.0} }},
		{"rtx of itself", func(p *RTPParameters) { p.Codecs[1].Parameters = CodecSettings{"apt": 97.0} }},
		{"rtx without apt", func(p *RTPParameters) { p.Codecs[1].Parameters = nil }},
		{"setting of a list", func(p *RTPParameters) { p.Codecs[0].Parameters = CodecSettings{"a": []any{1}} }},
		{"setting infinite", func(p *RTPParameters) { p.Codecs[0].Parameters = CodecSettings{"a": math.Inf(1)} }},
		{"long setting", func(p *RTPParameters) { p.Codecs[0].Parameters = CodecSettings{"a": long} }},
		{"long name of a setting", func(p *RTPParameters) { p.Codecs[0].Parameters = CodecSettings{long: 1} }},
		{"empty feedback", func(p *RTPParameters) { p.Codecs[0].RTCPFeedback[0].Type = "" }},
		{"much feedback", func(p *RTPParameters) { p.Codecs[0].RTCPFeedback = make([]RTCPFeedback, 17) }},
		{"extension 0", func(p *RTPParameters) { p.HeaderExtensions[0].ID = 0 }},
		{"extension 15", func(p *RTPParameters) { p.HeaderExtensions[0].ID = 15 }},
		{"extension id twice", func(p *RTPParameters) { p.HeaderExtensions[0].ID = 10 }},
		{"extension URI twice", func(p *RTPParameters) { p.HeaderExtensions[0].URI = URIRid }},
		{"extension without URI", func(p *RTPParameters) { p.HeaderExtensions[0].URI = "" }},
		{"extension encrypted", func(p *RTPParameters) { p.HeaderExtensions[0].Encrypt = true }},
		{"no encoding", func(p *RTPParameters) { p.Encodings = nil }},
		{"five encodings", func(p *RTPParameters) { p.Encodings = make([]RTPEncodingParameters, 5) }},
		{"rid twice", func(p *RTPParameters) { p.Encodings[1].Rid = "r0" }},
		{"rid on some", func(p *RTPParameters) { p.Encodings[1].Rid, p.Encodings[1].SSRC = "", 7 }},
		{"strange rid", func(p *RTPParameters) { p.Encodings[1].Rid = "r\x00" }},
		{"long rid", func(p *RTPParameters) { p.Encodings[1].Rid = long }},
		{"neither rid nor SSRC", func(p *RTPParameters) { p.Encodings[1].Rid = "" }},
		{"SSRC twice", func(p *RTPParameters) { p.Encodings[0].SSRC, p.Encodings[1].SSRC = 7, 7 }},
		{"SSRC of rtx taken", func(p *RTPParameters) {
			p.Encodings[0].SSRC, p.Encodings[0].RTX = 7, &RTXParameters{SSRC: 7}
		}},
		{"SSRC of rtx alone", func(p *RTPParameters) { p.Encodings[0].RTX = &RTXParameters{SSRC: 7} }},
		{"encoding of another codec", func(p *RTPParameters) { p.Encodings[0].CodecPayloadType = 99 }},
		{"encoding of rtx", func(p *RTPParameters) { p.Encodings[0].CodecPayloadType = 97 }},
		{"scale not a number", func(p *RTPParameters) { p.Encodings[0].ScaleResolutionDownBy = math.NaN() }},
		{"negative frame rate", func(p *RTPParameters) { p.Encodings[0].MaxFramerate = -1 }},
		{"bitrate", func(p *RTPParameters) { p.Encodings[0].MaxBitrate = 1e12 }},
		{"long scalability mode", func(p *RTPParameters) { p.Encodings[0].ScalabilityMode = long }},
		{"long mid", func(p *RTPParameters) { p.Mid = long }},
		{"long msid", func(p *RTPParameters) { p.Msid = long }},
		{"long cname", func(p *RTPParameters) { p.RTCP.CNAME = long }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := camera()
			test.change(&p)
			if err := p.Validate(Video); !errors.Is(err, ErrInvalid) {
				t.Errorf("error %v, want ErrInvalid", err)
			}
		})
	}
}

func TestParametersInUseAreValid(t *testing.T) {
	av1 := camera()
	av1.Codecs[0].PayloadType, av1.Codecs[0].MimeType = 45, MimeAV1 // as Chromium numbers it
	av1.Codecs[1].PayloadType, av1.Codecs[1].Parameters = 46, CodecSettings{"apt": 45.0}
	bySSRC := camera()
	for i := range bySSRC.Encodings {
		bySSRC.Encodings[i].Rid = ""
		bySSRC.Encodings[i].SSRC = uint32(100 + 2*i)
		bySSRC.Encodings[i].RTX = &RTXParameters{SSRC: uint32(101 + 2*i)}
	}
	byMid := camera()
	byMid.Encodings = []RTPEncodingParameters{{}}
	for name, p := range map[string]RTPParameters{"AV1": av1, "by SSRC": bySSRC, "by mid": byMid} {
		if err := p.Validate(Video); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	audio := microphone()
	audio.Encodings = append(audio.Encodings, RTPEncodingParameters{SSRC: 78})
	if err := audio.Validate(Audio); !errors.Is(err, ErrInvalid) {
		t.Errorf("simulcast of audio: error %v, want ErrInvalid", err)
	}
}

func TestCapabilitiesAreValidated(t *testing.T) {
	tests := map[string]func(*RTPCapabilities){
		"too many codecs":     func(c *RTPCapabilities) { c.Codecs = make([]RTPCodecCapability, 65) },
		"too many extensions": func(c *RTPCapabilities) { c.HeaderExtensions = make([]RTPHeaderExtension, 65) },
		"no kind":             func(c *RTPCapabilities) { c.Codecs[0].Kind = "" },
		"kind and mime type":  func(c *RTPCapabilities) { c.Codecs[0].Kind = Video },
		"payload type twice":  func(c *RTPCapabilities) { c.Codecs[0].PreferredPayloadType = 101 },
		"extension kind":      func(c *RTPCapabilities) { c.HeaderExtensions[0].Kind = "text" },
		"extension id":        func(c *RTPCapabilities) { c.HeaderExtensions[0].PreferredID = 15 },
		"extension direction": func(c *RTPCapabilities) { c.HeaderExtensions[0].Direction = "up" },
	}
	for name, change := range tests {
		c := RouterCapabilities()
		change(&c)
		if err := c.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", name, err)
		}
	}
	if err := (RTPCapabilities{}).Validate(); err != nil {
		t.Errorf("a client that receives nothing: %v", err)
	}
}

func TestDTLSParametersAreValidated(t *testing.T) {
	sha256 := strings.TrimSuffix(strings.Repeat("0F:", 32), ":")
	tests := []struct {
		name  string
		p     DTLSParameters
		valid bool
	}{
		{"sha-256", DTLSParameters{"client", []DTLSFingerprint{{"sha-256", sha256}}}, true},
		{"lower case", DTLSParameters{"auto", []DTLSFingerprint{{"SHA-256", strings.ToLower(sha256)}}}, true},
		{"no role", DTLSParameters{"", []DTLSFingerprint{{"sha-256", sha256}}}, false},
		{"no fingerprint", DTLSParameters{"auto", nil}, false},
		{"nine", DTLSParameters{"auto", make([]DTLSFingerprint, 9)}, false},
		{"other algorithm", DTLSParameters{"auto", []DTLSFingerprint{{"md5", sha256}}}, false},
		{"cut", DTLSParameters{"auto", []DTLSFingerprint{{"sha-256", sha256[3:]}}}, false},
		{"no hex", DTLSParameters{"auto", []DTLSFingerprint{{"sha-256", strings.Repeat("g", 95)}}}, false},
		{"no colons", DTLSParameters{"auto", []DTLSFingerprint{{"sha-256", strings.Repeat("a", 95)}}}, false},
	}
	for _, test := range tests {
		if err := test.p.Validate(); (err == nil) != test.valid {
			t.Errorf("%s: error %v", test.name, err)
		}
	}
}

// FuzzCriterion31Negotiation feeds arbitrary JSON through everything that a client's parameters go through. What is
// valid must stay within the router's numbers, and nothing may panic.
func FuzzCriterion31Negotiation(f *testing.F) {
	for _, p := range []RTPParameters{camera(), microphone()} {
		text, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		capabilities, err := json.Marshal(RouterCapabilities())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), string(capabilities), true)
		f.Add(string(text), string(capabilities), false)
	}
	f.Fuzz(func(t *testing.T, parameters, capabilities string, video bool) {
		var p RTPParameters
		var client RTPCapabilities
		if json.Unmarshal([]byte(parameters), &p) != nil || json.Unmarshal([]byte(capabilities), &client) != nil {
			return
		}
		kind := Audio
		if video {
			kind = Video
		}
		if p.Validate(kind) != nil || client.Validate() != nil {
			return
		}
		router := RouterCapabilities()
		m, err := ProducerMapping(p, kind, router)
		if err != nil {
			return
		}
		consumable, err := ConsumableParameters(p, kind, router, m)
		if err != nil {
			t.Fatalf("mapped and not consumable: %v", err)
		}
		out, err := ConsumerParameters(consumable, kind, client)
		if err != nil {
			return
		}
		for _, codec := range out.Codecs {
			if codec.PayloadType < 100 || codec.PayloadType > 108 {
				t.Errorf("payload type %d is not the router's", codec.PayloadType)
			}
		}
		for _, ext := range out.HeaderExtensions {
			if ext.ID < 1 || ext.ID > 14 {
				t.Errorf("header extension id %d", ext.ID)
			}
		}
	})
}
