package sfu

import (
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

// TestReceiverReports tells a sender what of its packets came.
func TestReceiverReports(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice := join(t, router)
	alice.produce(microphone(1111))
	voice := alice.sender(1111, opusType)
	voice.sequence = 65500
	alice.report(&pionrtcp.SenderReport{SSRC: 1111, NTPTime: 0x1122_3344_5566_7788, RTPTime: voice.timestamp})
	voice.next([]byte{0}) // the stream begins, so that a report finds it
	for i := range 100 {
		if i%4 == 3 {
			voice.lose(1)
		} else {
			voice.next([]byte{byte(i)})
		}
	}
	alice.barrier()
	alice.report(&pionrtcp.SenderReport{SSRC: 1111, NTPTime: 0x1122_3344_5566_7788, RTPTime: voice.timestamp})
	var block pionrtcp.ReceptionReport
	awaitControl(alice, "a receiver report", func(r *pionrtcp.ReceiverReport) bool {
		for _, b := range r.Reports {
			if b.SSRC == 1111 && b.LastSequenceNumber >= 65500+99 && b.LastSenderReport != 0 {
				block = b
				return true
			}
		}
		return false
	})
	if block.LastSequenceNumber != 65500+99 || block.TotalLost != 24 {
		t.Errorf("the highest is %d (%d lost), want %d (24 lost)", block.LastSequenceNumber, block.TotalLost, 65500+99)
	}
	if block.LastSenderReport != 0x3344_5566 || block.Delay > 2<<16 {
		t.Errorf("the last sender report is %x, %d ago", block.LastSenderReport, block.Delay)
	}
}

// TestSenderReports: sound and picture of one sender lie on one clock, whatever their layers and delays.
func TestSenderReports(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	encodings := byRid("q", "h")
	sound := bob.consume(alice.produce(microphone(1111)), 0)
	vision := bob.consume(alice.produce(camera(ortc.MimeVP8, encodings...)), 720)
	soundSSRC, _ := ssrcs(t, sound)
	visionSSRC, _ := ssrcs(t, vision)
	voice, picture := alice.sender(1111, opusType), alice.encoder(encodings)
	picture.reports.Store(true)
	picture.run()
	began := time.Now() // frame 0 was taken near second 1000 of the sender's clock
	const voiceBase = 777_000_000
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	late := time.After(deadline)
	captured := map[uint32]float64{} // by SSRC: the receiver's time of second 1000 of the sender's clock
	var sent, bytes uint32
	screen := &viewer{client: bob, ssrc: visionSSRC}
	var offset uint32 // what the picture's timestamps of layer 1 were moved by
	for len(captured) < 2 || sent < 100 {
		select {
		case <-ticker.C:
			passed := time.Since(began)
			voice.timestamp = voiceBase + uint32(passed.Milliseconds()*48)
			alice.report(&pionrtcp.SenderReport{
				SSRC: 1111, NTPTime: rtcp.NTP(int64(1000*time.Second + passed)), RTPTime: voice.timestamp,
			})
			voice.next([]byte{1, 2, 3})
		case a := <-bob.media:
			if a.SSRC == soundSSRC {
				sent, bytes = sent+1, bytes+3
			} else if p, ok := screen.look(a); ok && p.layer == 1 {
				offset = p.arrival.Timestamp - p.number*frameTicks
			}
		case p := <-bob.control:
			sr, ok := p.(*pionrtcp.SenderReport)
			if !ok || sent < 50 {
				continue
			}
			at := float64(sr.NTPTime) / (1 << 32)
			switch sr.SSRC {
			case soundSSRC:
				captured[sr.SSRC] = at - float64(int32(sr.RTPTime-voiceBase))/48000
				if sr.PacketCount < sent || sr.PacketCount > sent+20 || sr.OctetCount != sr.PacketCount*3 {
					t.Errorf("the report counts %d packets and %d bytes, came %d and %d", sr.PacketCount, sr.OctetCount, sent, bytes)
				}
			case visionSSRC:
				captured[sr.SSRC] = at - float64(int32(sr.RTPTime-offset))/90000
			}
		case <-late:
			t.Fatalf("reports came of %v", captured)
		}
	}
	if off := captured[soundSSRC] - captured[visionSSRC]; off < -0.05 || off > 0.05 {
		t.Errorf("sound and picture are %.3f s apart", off)
	}
}

// TestSenderReportWithoutASendersClock goes by the time that passed since the newest packet.
func TestSenderReportWithoutASendersClock(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob := join(t, router), join(t, router)
	media, _ := ssrcs(t, bob.consume(alice.produce(microphone(1111)), 0))
	voice := alice.sender(1111, opusType)
	began := time.Now()
	sr := paced(t, func() {
		voice.timestamp = 5000 + uint32(time.Since(began).Milliseconds()*48)
		voice.next([]byte{1})
	}, bob.control, "a sender report", func(p pionrtcp.Packet) bool {
		sr, ok := p.(*pionrtcp.SenderReport)
		return ok && sr.SSRC == media
	}).(*pionrtcp.SenderReport)
	want := 5000 + uint32(time.Since(began).Milliseconds()*48)
	if off := int32(sr.RTPTime - want); off < -4800 || off > 4800 {
		t.Errorf("the timestamp is %d off", off)
	}
}

// TestTransportFeedback tells a sender of each packet with a transport-wide number.
func TestTransportFeedback(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice := join(t, router)
	alice.produce(camera(ortc.MimeVP8, single(3000)))
	picture := alice.sender(3000, mediaType)
	lost := map[uint16]bool{65530: true, 3: true}
	want := map[uint16]bool{}
	for n := uint16(65500); n != 50; n++ {
		if lost[n] {
			continue
		}
		want[n] = true
		picture.extensions = []rtp.Extension{{ID: twccID, Data: []byte{byte(n >> 8), byte(n)}}}
		picture.next(vp8(true, true, n, 1, 1))
	}
	for len(want) > 0 {
		f := awaitControl[*pionrtcp.TransportLayerCC](alice, "transport-wide feedback", nil)
		if f.MediaSSRC != 3000 {
			t.Errorf("feedback about SSRC %d", f.MediaSSRC)
		}
		n := f.BaseSequenceNumber
		for _, came := range statuses(f) {
			if came && lost[n] {
				t.Errorf("%d was lost", n)
			}
			if came {
				delete(want, n)
			}
			n++
		}
	}
}

// statuses tells of each packet that feedback is about whether it came.
func statuses(f *pionrtcp.TransportLayerCC) []bool {
	var all []bool
	for _, chunk := range f.PacketChunks {
		switch c := chunk.(type) {
		case *pionrtcp.RunLengthChunk:
			for range c.RunLength {
				all = append(all, c.PacketStatusSymbol != pionrtcp.TypeTCCPacketNotReceived)
			}
		case *pionrtcp.StatusVectorChunk:
			for _, s := range c.SymbolList {
				all = append(all, s != pionrtcp.TypeTCCPacketNotReceived)
			}
		}
	}
	return all[:min(len(all), int(f.PacketStatusCount))]
}

// TestBandwidth: an estimate below what is sent takes the layer down, and more is tried later.
func TestBandwidth(t *testing.T) {
	camera, screen, _, consumer := watch(t, byRid("q", "h", "f"))
	camera.fill.Store(2000) // 1.6 Mbit/s, 0.4 and 0.1
	camera.run()
	screen.follow(2)
	estimate := func(bitrate float32) {
		screen.report(&pionrtcp.ReceiverEstimatedMaximumBitrate{
			SenderSSRC: screen.local, Bitrate: bitrate, SSRCs: []uint32{screen.ssrc},
		})
	}
	await(t, camera.tick, "a measured bitrate", func(struct{}) bool {
		screen.lookAtAll()
		screen.transport.sendMu.Lock()
		defer screen.transport.sendMu.Unlock()
		return screen.transport.sentBitrate() > 1_000_000
	})
	estimate(700_000)
	screen.follow(1)
	screen.wantLayer(1, true)
	screen.view(consumer, 180)
	screen.wantLayer(0, false) // that is all the view takes
	screen.view(consumer, 720)
	screen.wantLayer(1, true)
	estimate(100_000_000)
	screen.follow(2)
	screen.wantLayer(2, false)
}

// TestPriority: what matters most keeps its quality.
func TestPriority(t *testing.T) {
	router := newServer(t).NewRouter(RouterConfig{})
	alice, bob, carol := join(t, router), join(t, router), join(t, router)
	encodings := byRid("q", "f")
	var views []View
	var consumers []*Consumer
	for i, c := range []*client{alice, bob} {
		producer := c.produce(camera(ortc.MimeVP8, encodings...))
		consumer := carol.consume(producer, 720)
		consumers = append(consumers, consumer)
		views = append(views, View{ConsumerID: consumer.ID(), Width: 1280, Height: 720, Priority: Priority(1 - i)})
		e := c.encoder(encodings)
		e.fill.Store(2000) // 1.6 Mbit/s and 0.4
		e.run()
	}
	carol.transport.SetViews(views)
	layers := map[string]ConsumerUpdate{}
	settle := func(want ...ConsumerUpdate) {
		t.Helper()
		await(t, carol.updates, "the layers of both", func(u ConsumerUpdate) bool {
			layers[u.ConsumerID] = u
			for i, w := range want {
				w.ConsumerID = consumers[i].ID()
				if layers[w.ConsumerID] != w {
					return false
				}
			}
			return true
		})
	}
	settle(ConsumerUpdate{Layer: 1}, ConsumerUpdate{Layer: 1})
	paced(t, func() {
		carol.report(&pionrtcp.ReceiverEstimatedMaximumBitrate{SenderSSRC: carol.local, Bitrate: 2_600_000})
	}, carol.updates, "the less important one's lower layer", func(u ConsumerUpdate) bool {
		return u == ConsumerUpdate{ConsumerID: consumers[0].ID(), Layer: 0, Limited: true}
	})
}
