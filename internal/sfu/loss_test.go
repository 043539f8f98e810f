package sfu

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

// original reads the number that a retransmission stands for (RFC 4588 section 4).
func original(t testing.TB, a arrival) (sequence uint16, payload []byte) {
	t.Helper()
	if len(a.payload) < 2 {
		t.Fatalf("a retransmission of %d bytes", len(a.payload))
	}
	return binary.BigEndian.Uint16(a.payload), a.payload[2:]
}

func TestVideoIsSentAgain(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	consumer := bob.consume(alice.produce(camera(ortc.MimeVP8, single(3000))), 720)
	media, rtx := ssrcs(t, consumer)
	picture := alice.sender(3000, mediaType)
	var sent []arrival
	for i := range 20 {
		picture.marker = i%2 == 1
		picture.next(vp8(i%2 == 0, i == 0, uint16(i/2), byte(i), byte(i)))
		sent = append(sent, bob.next())
		picture.timestamp += 100
	}
	ask := []uint16{sent[3].Sequence, sent[7].Sequence, sent[19].Sequence}
	bob.nack(media, append(ask, sent[19].Sequence+1, sent[0].Sequence-1)...)
	for i, index := range []int{3, 7, 19} {
		got, want := bob.nextOf(rtx), sent[index]
		sequence, payload := original(t, got)
		if sequence != want.Sequence || !bytes.Equal(payload, want.payload) || got.Timestamp != want.Timestamp ||
			got.Marker != want.Marker || got.PayloadType != consumer.Parameters().Codecs[1].PayloadType {
			t.Errorf("packet %d came again as %+v", index, got)
		}
		if i > 0 && got.Sequence != sent[0].Sequence && len(got.Extension(4)) != 3 {
			t.Errorf("abs-send-time is %x", got.Extension(4))
		}
	}
	bob.barrier()
	bob.wantSilence() // neither of the number to come nor of the one before the first
}

// TestImpatientRequests: the same packet is not sent again and again within a round trip.
func TestImpatientRequests(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	media, rtx := ssrcs(t, bob.consume(alice.produce(camera(ortc.MimeVP8, single(3000))), 720))
	alice.sender(3000, mediaType).next(vp8(true, true, 1, 1, 0))
	lost := bob.next().Sequence
	nack := &pionrtcp.TransportLayerNack{
		SenderSSRC: bob.local, MediaSSRC: media, Nacks: pionrtcp.NackPairsFromSequenceNumbers([]uint16{lost}),
	}
	bob.report(nack, nack, nack)
	bob.nextOf(rtx)
	bob.barrier()
	bob.wantSilence()
}

// TestWhatIsOnItsWayIsNotSentAgain: what got lost on the sender's way is missing at the receivers too, who ask for it
// while it is being repaired. What they ask for less than a round trip after that is on its way to them, unless that
// loses packets too.
func TestWhatIsOnItsWayIsNotSentAgain(t *testing.T) {
	picture := func(tag byte) []byte { return vp8(true, tag == 0, uint16(tag), tag, tag) }
	sound := func(tag byte) []byte { return []byte{tag} }
	for name, c := range map[string]struct {
		config  ProducerConfig
		kind    uint8
		payload func(tag byte) []byte
		loss    float64
		again   bool
	}{
		"a picture":                   {camera(ortc.MimeVP8, single(3000)), mediaType, picture, 0, false},
		"sound":                       {microphone(3000), opusType, sound, 0, false},
		"a picture, over a lossy way": {camera(ortc.MimeVP8, single(3000)), mediaType, picture, 0.05, true},
		"sound, over a lossy way":     {microphone(3000), opusType, sound, 0.05, true},
	} {
		t.Run(name, func(t *testing.T) {
			const roundTrip = 5 * time.Second // so long that no machine is too slow for this test
			router := newServer(t).NewRouter(RouterConfig{})
			alice, bob := join(t, router), join(t, router)
			consumer := bob.consume(alice.produce(c.config), 720)
			from := alice.sender(3000, c.kind)
			from.next(c.payload(0))
			first := bob.next().Sequence
			lost := from.sequence
			from.lose(1)
			from.next(c.payload(2))
			bob.next()
			from.emit(lost, c.payload(1))
			if got := bob.next(); got.Sequence != first+1 {
				t.Fatalf("the repair came as number %d", got.Sequence-first)
			}
			ask := func(sequence uint16, later time.Duration) {
				bob.askOver(consumer, c.loss, roundTrip, later, sequence)
			}
			ask(first+1, 0)
			if c.again {
				bob.next()
				return
			}
			bob.barrier()
			bob.wantSilence()
			ask(first+2, 0) // this one the receiver knows to be missing
			bob.next()
			ask(first+1, roundTrip) // and this one then too
			bob.next()
		})
	}
}

// askOver has the server answer a request for a packet that comes so much later, over a way that is told to lose this
// share of packets.
func (c *client) askOver(of *Consumer, loss float64, roundTrip, later time.Duration, sequence uint16) {
	reader := rtcp.NewReader(rtcp.AppendNACK(nil, c.local, of.ssrc, []uint16{sequence}))
	if !reader.Next() {
		c.Fatal(reader.Err())
	}
	p := newPipeline(c.server, &c.server.traffic, 0)
	c.transport.sendMu.Lock()
	g := &c.transport.congestion
	p.now = c.server.now() + int64(later)
	of.receiver.rtt = int64(roundTrip)
	g.sender, g.fall, g.repair = known(c, loss, p.now), fall{}, bucket{}
	of.resend(p, reader.Packet())
	c.transport.sendMu.Unlock()
	p.flush()
}

// known makes an estimator that was told of a way which loses this share of packets.
func known(t testing.TB, loss float64, now int64) *bwe.Sender {
	t.Helper()
	const packets, apart = 400, int64(5 * time.Millisecond)
	start := now - packets*apart
	s := bwe.NewSender(start)
	var told bwe.Recorder
	missing := 0.0
	for i := range int64(packets) {
		at := start + i*apart
		number := s.Sent(1000, at)
		if missing += loss; missing >= 1 {
			missing--
			continue
		}
		told.Record(number, at)
		if i%20 == 19 {
			reader := rtcp.NewReader(told.AppendFeedback(nil, 1, 2))
			if !reader.Next() {
				t.Fatal(reader.Err())
			}
			s.Feedback(reader.Packet(), at)
		}
	}
	return s
}

// TestARetransmissionHasItsOwnTime also behind a long extension, which makes the heads of all elements longer.
func TestARetransmissionHasItsOwnTime(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	media, rtx := ssrcs(t, bob.consume(alice.produce(camera(ortc.MimeAV1, single(3000))), 720))
	picture := alice.sender(3000, mediaType)
	descriptor := bytes.Repeat([]byte{0xdd}, 45)
	picture.extensions = []rtp.Extension{{ID: descriptorID, Data: descriptor}}
	picture.next([]byte{0x18, 1, 2, 3})
	first := bob.next()
	bob.nack(media, first.Sequence)
	again := bob.nextOf(rtx)
	for name, a := range map[string]arrival{"first": first, "again": again} {
		if got := a.Extension(8); !bytes.Equal(got, descriptor) {
			t.Errorf("%s: the dependency descriptor is %x", name, got)
		}
		if got := a.Extension(4); len(got) != 3 {
			t.Errorf("%s: abs-send-time is %x", name, got)
		}
	}
}

// TestAudioIsSentAgainAsItWas: without a retransmission stream the very same packet comes, byte by byte.
func TestAudioIsSentAgainAsItWas(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	media, _ := ssrcs(t, bob.consume(alice.produce(microphone(1111)), 0))
	voice := alice.sender(1111, opusType)
	voice.extensions = []rtp.Extension{{ID: levelID, Data: []byte{0x81}}}
	for i := range 10 {
		voice.next([]byte{byte(i)})
		voice.timestamp += 960
	}
	var sent []arrival
	for range 10 {
		sent = append(sent, bob.next())
	}
	bob.nack(media, sent[2].Sequence, sent[8].Sequence)
	for _, index := range []int{2, 8} {
		if got := bob.next(); !got.repeated || got.Sequence != sent[index].Sequence {
			t.Errorf("packet %d came again as %+v", index, got)
		}
	}
}

// TestAudioOfAPauseIsNotSentAgain: what came while the receiver paused must not get a number that a later packet takes.
func TestAudioOfAPauseIsNotSentAgain(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	consumer := bob.consume(alice.produce(microphone(1111)), 0)
	media, _ := ssrcs(t, consumer)
	voice := alice.sender(1111, opusType)
	voice.next([]byte("before"))
	first := bob.next().Sequence
	consumer.Pause()
	voice.next([]byte("meanwhile"))
	alice.barrier()
	consumer.Resume()
	bob.nack(media, first+1, first+2)
	bob.barrier()
	bob.wantSilence()
	voice.next([]byte("after"))
	if got := bob.next(); string(got.payload) != "after" || got.Sequence != first+1 {
		t.Errorf("number %d came: %q", got.Sequence-first, got.payload)
	}
}

// TestLostPacketsAreAskedFor: the server asks the sender, takes the retransmission and hands it on once.
func TestLostPacketsAreAskedFor(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	bob.consume(alice.produce(camera(ortc.MimeVP8, single(3000))), 720)
	picture, rtx := alice.sender(3000, mediaType), alice.sender(3001, rtxType)
	picture.sequence = 65533 // the gap spans the wrap-around
	picture.next(vp8(true, true, 1, 1, 0))
	first := bob.next()
	picture.lose(3)
	for tag := byte(4); tag < 8; tag++ {
		picture.next(vp8(true, false, uint16(tag), tag, tag))
		if got := bob.next(); got.Sequence != first.Sequence+uint16(tag) {
			t.Errorf("packet %d came as %d", tag, got.Sequence-first.Sequence)
		}
	}
	want := map[uint16]bool{65534: true, 65535: true, 0: true}
	for len(want) > 0 {
		nack := awaitControl[*pionrtcp.TransportLayerNack](alice, "a request for the lost packets", nil)
		if nack.MediaSSRC != 3000 {
			t.Errorf("asks for SSRC %d", nack.MediaSSRC)
		}
		for _, pair := range nack.Nacks {
			for _, sequence := range pair.PacketList() {
				delete(want, sequence)
			}
		}
	}
	again := func(sequence uint16, tag byte) {
		rtx.next(append(binary.BigEndian.AppendUint16(nil, sequence), vp8(true, false, uint16(tag), tag, tag)...))
	}
	for i, sequence := range []uint16{0, 65534, 65535} {
		tag := []byte{3, 1, 2}[i]
		again(sequence, tag)
		got := bob.next()
		if got.Sequence != first.Sequence+uint16(tag) || got.payload[8] != tag {
			t.Errorf("the packet lost as %d came as %d: %x", tag, got.Sequence-first.Sequence, got.payload)
		}
	}
	for _, sequence := range []uint16{65533, 65534, 0, 1, 4, 5, 30000} { // probes of the network: nothing is missing
		again(sequence, 99)
	}
	rtx.next([]byte{1}) // padding alone
	rtx.next(nil)
	picture.emit(65534, vp8(true, false, 1, 1, 1)) // an original that was only late
	picture.emit(65535, vp8(true, false, 2, 2, 2))
	alice.barrier()
	bob.barrier()
	bob.wantSilence()
}

// TestRetransmissionsByRid: the streams of layers told by rid are learnt from repaired-rid.
func TestRetransmissionsByRid(t *testing.T) {
	camera, screen, _, _ := watch(t, byRid("q", "h"))
	camera.frame(0)
	camera.owe(camera.layers[1].ssrc)
	camera.wantPLI(camera.layers[1].ssrc)
	camera.frame(1)
	first := screen.follow(1)
	screen.follow(1)

	top := camera.layers[1]
	lost := uint16(top.sequence)
	top.lose(1)
	camera.frame(2)
	awaitControl(camera.client, "a request for the lost packet", func(p *pionrtcp.TransportLayerNack) bool {
		return p.MediaSSRC == top.ssrc && p.Nacks[0].PacketID == lost
	})
	top.rtx.next(append(binary.BigEndian.AppendUint16(nil, lost), vp8(false, false, 5, 5, 55)...))
	got := await(t, screen.media, "the lost packet", func(a arrival) bool { return a.payload[8] == 55 })
	if got.Sequence != first.Sequence+2 {
		t.Errorf("it came as number %d, want 2", got.Sequence-first.Sequence)
	}
}

// TestNothingIsAskedForInVain: a muted sender is not asked to repeat what nobody gets.
func TestNothingIsAskedForInVain(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice := join(t, router)
	producer := alice.produce(microphone(1111))
	producer.Pause()
	voice := alice.sender(1111, opusType)
	voice.next([]byte{0})
	voice.lose(5)
	for range 10 {
		voice.next([]byte{1})
	}
	alice.barrier()
	for range 3 {
		alice.at(time.Second)
	}
	alice.barrier()
	for {
		select {
		case packet := <-alice.control:
			if nack, ok := packet.(*pionrtcp.TransportLayerNack); ok {
				t.Errorf("asks for %v", nack)
			}
		default:
			return
		}
	}
}
