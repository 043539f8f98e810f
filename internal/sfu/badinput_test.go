package sfu

import (
	"bytes"
	"net"
	"testing"

	pionrtcp "github.com/pion/rtcp"
	"github.com/pion/stun/v3"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// counted gives what the server dropped since the last call.
func (c *client) counted(since *Counters) Counters {
	c.Helper()
	c.barrier()
	now := c.server.Counters()
	d := Counters{
		UnknownAddress: now.UnknownAddress - since.UnknownAddress, Malformed: now.Malformed - since.Malformed,
		Unauthentic: now.Unauthentic - since.Unauthentic, Replayed: now.Replayed - since.Replayed,
		Unroutable: now.Unroutable - since.Unroutable, NotReady: now.NotReady - since.NotReady,
		TCPQueueFull: now.TCPQueueFull - since.TCPQueueFull,
	}
	*since = now
	return d
}

// TestBadPackets: what is cut, forged, replayed or too long is counted and dropped.
func TestBadPackets(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	alice.produce(microphone(1111))
	bob.consume(alice.produce(camera(ortc.MimeVP8, single(3000))), 720)
	voice, picture := alice.sender(1111, opusType), alice.sender(3000, mediaType)
	good := voice.seal(1000, []byte("good"))
	changed := func(packet []byte, at int) []byte {
		b := bytes.Clone(packet)
		b[at] ^= 1
		return b
	}
	report := alice.sealRTCP([]byte{0x80, 201, 0, 1, 0, 0, 0, 9})
	tests := []struct {
		name   string
		packet []byte
		want   Counters
	}{
		{"forged payload", changed(good, len(good)-20), Counters{Unauthentic: 1}},
		{"forged header", changed(good, 4), Counters{Unauthentic: 1}},
		{"forged tag", changed(good, len(good)-1), Counters{Unauthentic: 1}},
		{"cut header", good[:11], Counters{Malformed: 1}},
		{"cut tag", good[:20], Counters{Malformed: 1}},
		{"cut payload", good[:len(good)-1], Counters{Unauthentic: 1}},
		{"contributing sources beyond the end", append([]byte{0x8f}, good[1:30]...), Counters{Malformed: 1}},
		{"too long", voice.seal(1001, make([]byte, maxPacket)), Counters{Malformed: 1}},
		{"good", good, Counters{}},
		{"replayed", good, Counters{Replayed: 1}},
		{"forged report", changed(report, 9), Counters{Unauthentic: 1}},
		{"cut report", report[:10], Counters{Malformed: 1}},
		{"report of one byte", report[:1], Counters{Malformed: 1}},
		{"good report", report, Counters{}},
		{"replayed report", report, Counters{Replayed: 1}},
		{"broken report", alice.sealRTCP([]byte{0x81, 201, 0, 1, 0, 0, 0, 9}), Counters{Malformed: 1}},
		{"unknown SSRC", alice.sender(99, opusType).seal(7, []byte{1}), Counters{Unroutable: 1}},
		{"broken VP8", picture.seal(5, []byte{0x80}), Counters{Malformed: 1}},
		{"neither of all", []byte{100, 1, 2, 3}, Counters{Malformed: 1}},
		{"STUN cut short", []byte{0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42}, Counters{Malformed: 1}},
	}
	var since Counters
	alice.counted(&since)
	for _, test := range tests {
		alice.send(test.packet)
		if got := alice.counted(&since); got != test.want {
			t.Errorf("%s: counted %+v, want %+v", test.name, got, test.want)
		}
	}
	padded := rtp.AppendHeader(nil, &rtp.Header{Padding: true, PayloadType: opusType, Sequence: 1002, SSRC: 1111}, nil)
	padded = append(padded, make([]byte, 40)...)
	alice.send(padded[:alice.sealer.SealRTP(padded, 12, padded[12:20], 1111, 1002)])
	if got := alice.counted(&since); got != (Counters{Malformed: 1}) {
		t.Errorf("padding of no length: counted %+v", got)
	}
	bob.barrier()
	bob.wantSilence()
}

// TestCriterion27NothingBeforeTheHandshake: nothing but STUN and DTLS is taken.
func TestCriterion27NothingBeforeTheHandshake(t *testing.T) {
	s := newServer(t)
	router := s.NewRouter(RouterConfig{})
	alice, stranger := join(t, router), newClient(t, router)
	alice.produce(microphone(1111))
	stranger.dialFrom(net.IPv4(127, 0, 0, 9), s.Addresses()[0])
	stranger.produce(microphone(1111))
	voice := alice.sender(1111, opusType)
	media, report := voice.seal(1, []byte("hello")), alice.sealRTCP([]byte{0x80, 201, 0, 1, 0, 0, 0, 9})
	hello := append([]byte{22, 0xfe, 0xfd}, make([]byte, 60)...)

	since := s.Counters()
	packets := [][]byte{media, report, hello, {1}, {255}, bytes.Repeat([]byte{0x80}, 1400)}
	for _, packet := range packets {
		stranger.send(packet)
	}
	if got := stranger.counted(&since); got != (Counters{UnknownAddress: uint64(len(packets))}) {
		t.Errorf("before ICE: counted %+v", got)
	}
	for _, packet := range [][]byte{media, report} {
		stranger.send(packet)
	}
	if got := stranger.counted(&since); got != (Counters{NotReady: 2}) {
		t.Errorf("before DTLS: counted %+v", got)
	}
	for range 100 {
		stranger.send(hello) // piles up until the fingerprints come
	}
	stranger.barrier()
	stranger.transport.sendMu.Lock()
	defer stranger.transport.sendMu.Unlock()
	if n := len(stranger.transport.early); n != maxEarly {
		t.Errorf("%d packets are kept, want %d", n, maxEarly)
	}
}

// badChecks are connectivity checks that get no answer.
func badChecks(t testing.TB, p ortc.ICEParameters) map[string][]byte {
	t.Helper()
	good := request(t, p, nominate, role(stun.AttrICEControlling)).Raw
	forged := p
	forged.Password += "x"
	unknown := p
	unknown.UsernameFragment = "nobody"
	bare, err := stun.Build(stun.TransactionID, stun.BindingRequest,
		stun.NewUsername(p.UsernameFragment+":far"), stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	kind, err := stun.Build(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassRequest),
		stun.NewUsername(p.UsernameFragment+":far"), stun.NewShortTermIntegrity(p.Password), stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(good)
	torn[30] ^= 1
	return map[string][]byte{
		"wrong password":         request(t, forged, nominate).Raw,
		"wrong role, wrong pass": request(t, forged, role(stun.AttrICEControlled)).Raw,
		"unknown fragment":       request(t, unknown).Raw,
		"no integrity":           bare.Raw,
		"another method":         kind.Raw,
		"cut":                    good[:len(good)-4],
		"a changed byte":         torn,
		"only a header":          good[:20],
		"a success":              append([]byte{1, 1}, good[2:]...),
	}
}

// TestBadChecks get no answer, and validate nothing.
func TestBadChecks(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	c.dial(c.server.Addresses()[0])
	for name, packet := range badChecks(t, c.transport.ICEParameters()) {
		c.send(packet)
		c.ask(request(t, c.transport.ICEParameters(), role(stun.AttrICEControlled))) // answered, but validates nothing
		if n := len(c.answers); n > 0 {
			t.Fatalf("%s: %d answers", name, n)
		}
		if s := c.transport.State(); s != TransportNew {
			t.Errorf("%s: the state became %d", name, s)
		}
	}
}

// TestBadChecksOverTCP end the connection.
func TestBadChecksOverTCP(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	bad := badChecks(t, c.transport.ICEParameters())
	bad["no STUN"] = []byte{22, 0xfe, 0xfd, 0}
	bad["too long"] = make([]byte, maxPacket+1)
	for name, packet := range bad {
		l := c.dialTCP()
		c.send(packet)
		if _, err := l.conn.Read(make([]byte, 1)); err == nil || len(c.answers) > 0 {
			t.Errorf("%s: something was answered", name)
		}
	}
	c.dialTCP()
	c.connect()
}

// TestAnswersAreNoLarger than the checks that they answer: nobody is flooded through the server.
func TestAnswersAreNoLarger(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	c.dial(c.server.Addresses()[0])
	p := c.transport.ICEParameters()
	for _, kind := range []stun.AttrType{stun.AttrICEControlling, stun.AttrICEControlled} {
		m, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(p.UsernameFragment+":f"),
			role(kind), stun.NewShortTermIntegrity(p.Password), stun.Fingerprint)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.ask(m); len(got.Raw) > len(m.Raw) {
			t.Errorf("%d bytes are answered with %d", len(m.Raw), len(got.Raw))
		}
	}
}

// TestCriterion30ManyStreams: a client cannot have more than so many SSRCs.
func TestCriterion30ManyStreams(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice := join(t, router)
	alice.produce(camera(ortc.MimeVP8, byRid("q", "h")...))
	for i := range uint32(3 * maxInbound) {
		s := alice.sender(50_000+i, mediaType)
		s.extensions = []rtp.Extension{{ID: midID, Data: []byte("v")}, {ID: ridID, Data: []byte("h")}}
		s.next(vp8(true, true, 1, 1, 1))
	}
	alice.barrier()
	alice.transport.recvMu.Lock()
	defer alice.transport.recvMu.Unlock()
	if n := len(alice.transport.inbound); n != maxInbound {
		t.Errorf("%d SSRCs are kept, want %d", n, maxInbound)
	}
}

// TestReportsAboutManyStreams fit into what they are written to, also for a client on TCP.
func TestReportsAboutManyStreams(t *testing.T) {
	c := newClient(t, newServer(t).NewRouter(RouterConfig{}))
	c.dialTCP()
	c.connect()
	for i := range uint32(maxInbound) {
		cfg := microphone(9000 + i)
		cfg.Parameters.Mid = ""
		producer, err := c.transport.Produce(cfg)
		if err != nil {
			break // there is no room for more
		}
		s := c.sender(9000+i, opusType)
		s.next([]byte{1})
		s.lose(200)
		for range 5 {
			s.next([]byte{1})
			s.lose(20)
		}
		s.next([]byte{1})
		defer producer.Close()
	}
	blocks := 0
	awaitControl(c, "reports about all", func(r *pionrtcp.ReceiverReport) bool {
		blocks += len(r.Reports)
		return blocks >= maxInbound-2
	})
}

// TestTheLongestPackets, with the longest headers, go out by UDP and by TCP, and are sent again.
func TestTheLongestPackets(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob, carol := join(t, router), join(t, router), newClient(t, router)
	carol.dialTCP()
	carol.connect()
	producer := alice.produce(camera(ortc.MimeVP8, single(3000)))
	b, c := bob.consume(producer, 720), carol.consume(producer, 720)
	picture := alice.sender(3000, mediaType)
	long := bytes.Repeat([]byte{0xee}, 200)
	for _, picture.extensions = range [][]rtp.Extension{
		nil,
		{{ID: descriptorID, Data: long[:16]}},
		{{ID: descriptorID, Data: long[:70]}, {ID: levelID, Data: long[:70]}, {ID: sendTimeID, Data: long[:70]}},
	} {
		head := len(rtp.AppendHeader(nil, &rtp.Header{}, picture.extensions))
		payload := append(vp8(true, true, 1, 1, 1), make([]byte, maxPacket)...)[:maxPacket-head-16]
		picture.next(payload)
		for _, end := range []struct {
			*client
			*Consumer
		}{{bob, b}, {carol, c}} {
			media, _ := ssrcs(t, end.Consumer)
			got := end.nextOf(media)
			if !bytes.Equal(got.payload, payload) {
				t.Errorf("%d bytes came as %d", len(payload), len(got.payload))
			}
			end.nack(media, got.Sequence)
			end.barrier()
		}
	}
}
