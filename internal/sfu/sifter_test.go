package sfu

import (
	"testing"

	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
	"stube/internal/sfu/udp"
)

// sifter is a stream with layers and a consumer of it, whose limits a test sets by hand: nobody looks after the
// transport in between. Packets are handed to the stream as if they had just been opened.
type sifter struct {
	testing.TB
	pipe     *pipeline
	stream   *stream
	consumer *Consumer
	sink     *udp.Reader
	opener   *srtp.Opener
	windows  map[uint32]*srtp.Window
	marks    map[uint16]bool // numbers that came
}

func newSifter(tb testing.TB, mime string) *sifter {
	tb.Helper()
	server := newServer(tb)
	router := server.NewRouter(RouterConfig{})
	from, err := router.NewTransport(TransportConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	p, err := from.Produce(camera(mime, single(3000)))
	if err != nil {
		tb.Fatal(err)
	}
	to, err := router.NewTransport(TransportConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	secure(tb, to, srtp.AEADAES128GCM)
	to.home.Store(newWorker(server, 0, 0, server.sockets[0][0])) // which does not run
	socket := listen(tb)
	to.sendMu.Lock()
	to.path = path{udp: udp.Path{Remote: socket.LocalAddr()}}
	to.sendMu.Unlock()
	c, err := to.Consume(ConsumerConfig{Producer: p, Capabilities: router.Capabilities()})
	if err != nil {
		tb.Fatal(err)
	}
	profile := srtp.AEADAES128GCM
	opener, err := srtp.NewOpener(profile, make([]byte, profile.KeyLen()), make([]byte, profile.SaltLen()))
	if err != nil {
		tb.Fatal(err)
	}
	s := &sifter{
		TB: tb, pipe: newPipeline(server, &server.traffic, 0), stream: p.streams[0], consumer: c,
		sink: udp.NewReader(socket, 1), opener: opener, windows: make(map[uint32]*srtp.Window), marks: make(map[uint16]bool),
	}
	s.pipe.now = server.now()
	s.aim(0, allLayers)
	return s
}

// aim sets what the consumer is to carry.
func (s *sifter) aim(spatial int, temporal uint8) {
	s.consumer.transport.sendMu.Lock()
	s.consumer.aim(spatial, temporal, false)
	s.consumer.transport.sendMu.Unlock()
}

// shot is a packet on its way in, or one that came out.
type shot struct {
	sequence   int64
	timestamp  uint32
	marker     bool
	payload    []byte
	descriptor []byte
}

// send hands packets in, in this order, and returns what comes out.
func (s *sifter) send(shots ...shot) []shot {
	s.Helper()
	for _, in := range shots {
		wire := rtp.AppendHeader(nil, &rtp.Header{
			Marker: in.marker, PayloadType: mediaType, Sequence: uint16(in.sequence), Timestamp: in.timestamp, SSRC: 3000,
		}, []rtp.Extension{{ID: descriptorID, Data: in.descriptor}})
		var h rtp.Header
		if err := h.Parse(wire); err != nil {
			s.Fatal(err)
		}
		transport := s.stream.producer.transport
		transport.recvMu.Lock()
		s.stream.receive(s.pipe, &h, in.sequence, in.payload)
		transport.recvMu.Unlock()
	}
	s.pipe.fanOut()
	s.pipe.keyFrames = s.pipe.keyFrames[:0]
	return s.drain()
}

// drain reads what has come out, up to a packet that follows all.
func (s *sifter) drain() (out []shot) {
	s.Helper()
	s.pipe.raw(s.consumer.transport.path, []byte{0})
	s.pipe.flush()
	for {
		datagrams, err := s.sink.Read()
		if err != nil {
			s.Fatal(err)
		}
		for _, d := range datagrams {
			if len(d.Payload) == 1 {
				return out
			}
			var h rtp.Header
			if err := h.Parse(d.Payload); err != nil {
				s.Fatal(err)
			}
			if s.windows[h.SSRC] == nil {
				s.windows[h.SSRC] = new(srtp.Window)
			}
			payload, _, err := s.opener.OpenRTP(s.windows[h.SSRC], d.Payload, h.Len, h.SSRC)
			if err != nil {
				s.Fatalf("number %d: %v", h.Sequence, err)
			}
			if payload, err = rtp.TrimPadding(&h, payload); err != nil {
				s.Fatal(err)
			}
			out = append(out, shot{
				sequence: int64(h.Sequence), timestamp: h.Timestamp, marker: h.Marker, payload: append([]byte(nil), payload...),
			})
			if h.SSRC == s.consumer.ssrc {
				s.marks[h.Sequence] = true
			}
		}
	}
}

// wantNoGaps checks that every number between the lowest and the highest came.
func (s *sifter) wantNoGaps() {
	s.Helper()
	lowest, highest := uint16(0xffff), uint16(0)
	for n := range s.marks { // far from the wrap-around: a consumer begins below 0x4000
		lowest, highest = min(lowest, n), max(highest, n)
	}
	for n := lowest; n < highest; n++ {
		if !s.marks[n] {
			s.Errorf("number %d is missing of %d to %d", n, lowest, highest)
		}
	}
}

func rtcpNACK(t testing.TB, ssrc uint32, sequences ...uint16) rtcp.Packet {
	t.Helper()
	reader := rtcp.NewReader(rtcp.AppendNACK(nil, 1, ssrc, sequences))
	if !reader.Next() {
		t.Fatal(reader.Err())
	}
	return reader.Packet()
}
