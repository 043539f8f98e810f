package sfu

import (
	"math"
	"testing"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

// wideID is the router's id of the transport-wide number.
const wideID = 5

func wideOf(t *testing.T, a arrival) uint16 {
	t.Helper()
	number, ok := rtp.TransportSequence(a.Extension(wideID))
	if !ok {
		t.Fatalf("no transport-wide number in %+v", a.Header)
	}
	return number
}

// TestNumbersAreTransportWide: all video of a transport is numbered in the order of sending, retransmissions anew.
// Audio is not: it is sent again under its old number, and must be the same bytes.
func TestNumbersAreTransportWide(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob, carol := join(t, router), join(t, router), join(t, router)
	one := bob.consumeAs(alice.produce(camera(ortc.MimeVP8, single(3000))), 0, router.Capabilities())
	two := bob.consumeAs(carol.produce(camera(ortc.MimeVP8, single(4000))), 0, router.Capabilities())
	bob.transport.SetViews([]View{
		{ConsumerID: one.ID(), Width: 1280, Height: 720}, {ConsumerID: two.ID(), Width: 1280, Height: 720},
	})
	heard := bob.consumeAs(alice.produce(microphone(1111)), 0, router.Capabilities())
	media, rtx := ssrcs(t, one)
	voice, _ := ssrcs(t, heard)
	senders := []*sender{alice.sender(3000, mediaType), carol.sender(4000, mediaType)}
	microphone := alice.sender(1111, opusType)
	var first arrival
	var last uint16
	for i := range 20 {
		senders[i%2].next(vp8(true, i < 2, uint16(i/2), byte(i), byte(i)))
		got := bob.next()
		number := wideOf(t, got)
		if i == 0 {
			first = got
		} else if number != last+1 {
			t.Fatalf("number %d follows %d", number, last)
		}
		last = number
		microphone.next([]byte{1, 2, byte(i)})
		if got := bob.nextOf(voice); got.Extension(wideID) != nil {
			t.Fatalf("an audio packet has the number %x", got.Extension(wideID))
		}
	}
	bob.nack(media, first.Sequence)
	if number := wideOf(t, bob.nextOf(rtx)); number != last+1 {
		t.Errorf("a retransmission has the number %d after %d", number, last)
	}
}

// TestFeedbackLowersLayers: a client at whose link a queue grows gets less, and it is told what is known of its way.
func TestFeedbackLowersLayers(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	encodings := byRid("q", "h", "f")
	consumer := bob.consumeAs(alice.produce(camera(ortc.MimeVP8, encodings...)), 720, router.Capabilities())
	if stats := bob.transport.Stats(); stats.Estimate != math.MaxUint64 || stats.Arriving != 0 {
		t.Errorf("before anything was sent %+v", stats)
	}
	encoder := alice.encoder(encodings)
	encoder.fill.Store(2000) // 1.6 Mbit/s, 0.4 and 0.1
	encoder.run()

	var recorder bwe.Recorder
	clock := time.Now()
	told, arrives := clock, clock
	before := consumer.producer.streams[2]
	await(t, bob.media, "a smaller picture", func(a arrival) bool {
		number, ok := rtp.TransportSequence(a.Extension(wideID))
		if !ok {
			return false
		}
		// The link carries a megabit a second, and queues the rest.
		if now := time.Now(); arrives.Before(now) {
			arrives = now
		}
		arrives = arrives.Add(time.Duration(len(a.payload)+60) * 8 * time.Microsecond)
		recorder.Record(number, int64(arrives.Sub(clock)))
		if time.Since(told) > 100*time.Millisecond {
			told = time.Now()
			bob.send(bob.sealRTCP(recorder.AppendFeedback(nil, bob.local, a.SSRC)))
		}
		bob.transport.sendMu.Lock()
		defer bob.transport.sendMu.Unlock()
		queue := bob.transport.congestion.sender.Queue(bob.transport.server.now())
		return consumer.stream != nil && consumer.stream != before && queue > 0
	})
	stats := bob.transport.Stats()
	if stats.Estimate > 1_500_000 || stats.Arriving == 0 || stats.RoundTrip == 0 {
		t.Errorf("with a link of 1 Mbit/s %+v", stats)
	}
}

// TestAnotherWayDidNotFall: on another way it begins with less than what the one before carried. That is no fall, in
// which pictures would stop until the queue is gone.
func TestAnotherWayDidNotFall(t *testing.T) {
	const ms = int64(time.Millisecond)
	tr := &Transport{}
	s := bwe.NewSender(0)
	tr.congestion.sender = s
	tr.beginnings(8_000_000, 8_000_000, ms)
	tr.moveTo(path{socket: 1}, 2*ms)
	tr.beginnings(s.Carries(3*ms), s.Estimate(3*ms), 3*ms)
	var told bwe.Recorder
	told.Record(s.Sent(1000, 4*ms), 50*ms)
	reader := rtcp.NewReader(told.AppendFeedback(nil, 1, 2))
	reader.Next()
	s.Feedback(reader.Packet(), 100*ms)
	if tr.drowning(100 * ms) {
		t.Error("a queue stands in front of a way that just began")
	}
}

// TestFeedbackIsBounded: of a datagram full of messages that speak of many packets no more than some are taken.
func TestFeedbackIsBounded(t *testing.T) {
	const ms = int64(time.Millisecond)
	tr := &Transport{consumers: map[string]*Consumer{}}
	tr.congestion.sender = bwe.NewSender(0)
	var datagram []byte
	for i := range 2 * maxFeedback {
		number := tr.congestion.sender.Sent(1000, int64(i)*ms)
		var told bwe.Recorder
		told.Record(number, int64(i+20)*ms)
		datagram = told.AppendFeedback(datagram, 1, 2)
	}
	if err := tr.controlAll(&pipeline{traffic: new(traffic), now: 100 * ms}, datagram); err != nil {
		t.Fatal(err)
	}
	if got := tr.congestion.sender.RTT(); got != (100-maxFeedback+1)*ms {
		t.Errorf("the newest packet that was told of is %d ms old", got/ms)
	}
}

// TestProbes: while more is wanted than is known to fit, packets that nobody needs are sent in a retransmission
// stream, numbered like all others.
func TestProbes(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob, carol := join(t, router), join(t, router), join(t, router)
	var views []View
	probes := map[uint32]bool{}
	for i, c := range []*client{alice, carol} {
		encodings := []ortc.RTPEncodingParameters{single(uint32(3000 + 10*i))}
		consumer := bob.consumeAs(c.produce(camera(ortc.MimeVP8, encodings...)), 0, router.Capabilities())
		views = append(views, View{ConsumerID: consumer.ID(), Width: 1280, Height: 720})
		_, rtx := ssrcs(t, consumer)
		probes[rtx] = true
		encoder := c.encoder(encodings)
		encoder.fill.Store(2000) // 1.6 Mbit/s: both are more than is sent on trust
		encoder.run()
	}
	bob.transport.SetViews(views)
	padding, copied := 0, 0
	await(t, bob.media, "padding and copies", func(a arrival) bool {
		if !probes[a.SSRC] {
			return false
		}
		wideOf(t, a)
		if len(a.payload) > 0 {
			copied++
		} else {
			padding++
		}
		return padding > 0 && copied > 0
	})
	if got := router.server.Traffic(); got.Probes == 0 || got.ProbeBytes < 2*maxPadding {
		t.Errorf("%d probes of %d bytes are counted", got.Probes, got.ProbeBytes)
	}
}

// TestProbesDoNotOvertake: no copy of a packet is sent before the packet itself, or all that wait in front of it would
// be asked for.
func TestProbesDoNotOvertake(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	consumer := bob.consumeAs(alice.produce(camera(ortc.MimeVP8, single(3000))), 720, router.Capabilities())
	_, rtx := ssrcs(t, consumer)
	alice.sender(3000, mediaType).next(vp8(true, true, 1, 1, 1))
	bob.next()
	for _, waits := range []bool{false, true} {
		router.server.withPipeline(func(p *pipeline) {
			tr := bob.transport
			tr.sendMu.Lock()
			defer tr.sendMu.Unlock()
			if waits {
				tr.congestion.pacer.push(held{consumer: consumer, sequence: consumer.sequence.last})
				defer tr.congestion.pacer.pop()
			}
			tr.congestion.copied = 0
			p.to(tr.path)
			consumer.pad(p, worthCopying)
		})
		if got := bob.nextOf(rtx); (len(got.payload) == 0) != waits {
			t.Errorf("while something is held back (%t) a probe has %d bytes of a packet", waits, len(got.payload))
		}
	}
}
