package sfu

import (
	"errors"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

func TestProduceRefuses(t *testing.T) {
	with := func(cfg ProducerConfig, change func(*ortc.RTPParameters)) ProducerConfig {
		change(&cfg.Parameters)
		return cfg
	}
	video := camera(ortc.MimeVP8, single(3000))
	tests := []struct {
		name string
		cfg  ProducerConfig
		want error
	}{
		{"nothing", ProducerConfig{}, ortc.ErrInvalid},
		{"no encoding", with(video, func(p *ortc.RTPParameters) { p.Encodings = nil }), ortc.ErrInvalid},
		{"video as audio", ProducerConfig{Kind: ortc.Audio, Parameters: video.Parameters}, ortc.ErrInvalid},
		{"an unknown codec", camera("video/H266", single(3000)), ortc.ErrUnsupported},
		{"a mid that is taken", microphone(5), ortc.ErrInvalid},
		{"an SSRC that is taken", camera(ortc.MimeVP8, single(1111)), ortc.ErrInvalid},
		{"an SSRC that retransmissions have", camera(ortc.MimeVP8, single(2001)), ortc.ErrInvalid},
		{"a retransmission SSRC that is taken", camera(ortc.MimeVP8, single(1110)), ortc.ErrInvalid},
	}
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	c.produce(microphone(1111))
	c.produce(with(camera(ortc.MimeVP8, single(2000)), func(p *ortc.RTPParameters) { p.Mid = "w" }))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := c.transport.Produce(test.cfg); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
	if n, m := len(c.transport.producers), len(c.transport.inbound); n != 2 || m != 3 {
		t.Errorf("%d producers and %d SSRCs are left of refused ones, want 2 and 3", n, m)
	}
}

func TestConsumeRefuses(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := newClient(t, router), newClient(t, router)
	producer := alice.produce(camera(ortc.MimeVP8, single(3000)))
	var deaf, broken ortc.RTPCapabilities
	deaf.Codecs = ortc.RouterCapabilities().Codecs[:1]
	broken.Codecs = make([]ortc.RTPCodecCapability, 1)
	for want, capabilities := range map[error]ortc.RTPCapabilities{
		ortc.ErrUnsupported: deaf, ortc.ErrInvalid: broken,
	} {
		cfg := ConsumerConfig{Producer: producer, Capabilities: capabilities}
		if _, err := bob.transport.Consume(cfg); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	if n := len(bob.transport.consumers); n != 0 {
		t.Errorf("%d consumers are left", n)
	}
}

func TestConsumerParameters(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := newClient(t, router), newClient(t, router)
	video := alice.produce(camera(ortc.MimeVP8, byRid("q", "h", "f")...))
	audio := alice.produce(microphone(1111))
	mids, seen := map[string]bool{}, map[uint32]bool{}
	for range 20 {
		for _, p := range []*Producer{video, audio} {
			got := bob.consume(p, 360).Parameters()
			media, rtx := got.Encodings[0].SSRC, uint32(0)
			if got.Encodings[0].RTX != nil {
				rtx = got.Encodings[0].RTX.SSRC
			}
			if (rtx != 0) != (p == video) || len(got.Encodings) != 1 {
				t.Errorf("encodings %+v", got.Encodings)
			}
			if got.Mid == "" || mids[got.Mid] || seen[media] || seen[rtx] || media == rtx {
				t.Errorf("mid %q, SSRCs %d and %d are not its own", got.Mid, media, rtx)
			}
			mids[got.Mid], seen[media] = true, true
			if rtx != 0 {
				seen[rtx] = true
			}
			if got.RTCP.CNAME != alice.transport.ID() {
				t.Errorf("the CNAME is %q; sound and picture of one sender share it", got.RTCP.CNAME)
			}
		}
	}
}

// TestWithoutRetransmission: a client without RTX gets the video, and requests for it come to nothing.
func TestWithoutRetransmission(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	producer := alice.produce(camera(ortc.MimeVP8, single(3000)))
	capabilities := ortc.RouterCapabilities()
	var plain []ortc.RTPCodecCapability
	for _, c := range capabilities.Codecs {
		if !isRTX(c.MimeType) {
			plain = append(plain, c)
		}
	}
	capabilities.Codecs = plain
	consumer, err := bob.transport.Consume(ConsumerConfig{Producer: producer, Capabilities: capabilities})
	if err != nil {
		t.Fatal(err)
	}
	bob.view(consumer, 720)
	media, rtx := ssrcs(t, consumer)
	if rtx != 0 || len(consumer.Parameters().Codecs) != 1 {
		t.Errorf("parameters %+v", consumer.Parameters())
	}
	alice.sender(3000, mediaType).next(vp8(true, true, 1, 1, 1))
	got := bob.nextOf(media)
	bob.nack(media, got.Sequence)
	bob.barrier()
	bob.wantSilence()
}

// TestLearning: streams whose SSRCs are not told are found by mid and rid, and by nothing else.
func TestLearning(t *testing.T) {
	extension := func(id uint8, text string) rtp.Extension { return rtp.Extension{ID: id, Data: []byte(text)} }
	mid := extension(midID, "v")
	tests := []struct {
		name        string
		encodings   []ortc.RTPEncodingParameters
		payloadType uint8
		extensions  []rtp.Extension
		layer       int // none: not taken
		rtx         bool
	}{
		{"by rid", byRid("q", "h"), mediaType, []rtp.Extension{mid, extension(ridID, "h")}, 1, false},
		{"by repaired rid", byRid("q", "h"), rtxType, []rtp.Extension{mid, extension(repairedID, "h")}, 1, true},
		{"an unknown rid", byRid("q", "h"), mediaType, []rtp.Extension{mid, extension(ridID, "x")}, none, false},
		{"no rid", byRid("q", "h"), mediaType, []rtp.Extension{mid}, none, false},
		{"no mid", byRid("q", "h"), mediaType, []rtp.Extension{extension(ridID, "h")}, none, false},
		{
			"another mid", byRid("q", "h"), mediaType,
			[]rtp.Extension{extension(midID, "w"), extension(ridID, "h")},
			none, false,
		},
		{"by mid alone", make([]ortc.RTPEncodingParameters, 1), mediaType, []rtp.Extension{mid}, 0, false},
		{"retransmissions by mid alone", make([]ortc.RTPEncodingParameters, 1), rtxType, []rtp.Extension{mid}, 0, true},
		{"nothing", make([]ortc.RTPEncodingParameters, 1), mediaType, nil, none, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := join(t, newServer(t).NewRouter(RouterConfig{}))
			c.produce(camera(ortc.MimeVP8, test.encodings...))
			s := c.sender(1234567, test.payloadType)
			s.extensions = test.extensions
			s.next(vp8(true, true, 1, 1, 1))
			c.barrier()
			c.transport.recvMu.Lock()
			defer c.transport.recvMu.Unlock()
			in := c.transport.inbound[1234567]
			if in == nil {
				if test.layer != none {
					t.Error("is not taken")
				}
				return
			}
			if in.stream.layer != test.layer || in.rtx != test.rtx {
				t.Errorf("taken for layer %d (retransmission: %v)", in.stream.layer, in.rtx)
			}
		})
	}
}
