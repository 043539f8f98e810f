package sfu

import (
	"encoding/binary"
	"slices"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
)

// Who sends a fuzzed datagram, and how.
const (
	fromStranger  = iota // from an address that ICE has not validated
	fromSender           // as it is
	asMedia              // sealed with a right number; the fuzzed bytes are header and payload
	asRTX                // the same in the retransmission stream
	asReport             // sealed, from the sender
	asReaction           // sealed, from the receiver
	aboutConsumer        // the same, with the consumer's SSRC as what it is about
	asFeedback           // sealed, from the receiver over TCP, which is sent transport-wide numbers
	ways
)

// fuzzed is a server with a sender and two receivers: one who tells bandwidth by REMB, and one over TCP who tells when
// packets come.
type fuzzed struct {
	stranger, sender, receiver, framed *client
	consumer                           uint32 // SSRC
	sequence                           uint64
	picture                            []byte // a packet that is handed on
}

func newFuzzed(f *testing.F) *fuzzed {
	f.Helper()
	router := newServer(f).NewRouter(RouterConfig{})
	z := &fuzzed{
		stranger: newClient(f, router), sender: join(f, router), receiver: join(f, router),
		framed: newClient(f, router), sequence: 1000,
	}
	z.stranger.dial(z.stranger.server.Addresses()[0])
	z.framed.dialTCP()
	z.framed.connect()
	producer := z.sender.produce(camera(ortc.MimeVP8, bySSRC(4000, 5000)...))
	z.consumer, _ = ssrcs(f, z.receiver.consume(producer, 720))
	z.framed.consumeAs(producer, 720, router.Capabilities())
	return z
}

// send sends one datagram.
func (z *fuzzed) send(way byte, data []byte) {
	switch way % ways {
	case fromStranger:
		z.stranger.send(data)
	case fromSender:
		z.sender.send(data)
	case asMedia:
		z.sequence += 1 + uint64(len(data)%3)
		z.sealRTP(data, 5000, z.sequence)
	case asRTX:
		z.sequence++
		z.sealRTP(data, 5001, z.sequence)
	case asReport:
		z.sendReport(z.sender, data)
	case asReaction:
		z.sendReport(z.receiver, data)
	case aboutConsumer:
		if len(data) >= 12 {
			data = append([]byte{}, data...)
			binary.BigEndian.PutUint32(data[8:], z.consumer)
		}
		z.sendReport(z.receiver, data)
	case asFeedback:
		z.sendReport(z.framed, data)
	}
}

// sealRTP seals data as a packet, if it begins with a header.
func (z *fuzzed) sealRTP(data []byte, ssrc uint32, index uint64) {
	var h rtp.Header
	if len(data) < rtp.FixedHeaderLen {
		return
	}
	packet := append([]byte{}, data...)
	packet[0] = packet[0]&0x3f | 0x80
	if h.Parse(packet) != nil {
		return
	}
	address(packet, uint16(index), h.Timestamp, ssrc)
	end := len(packet)
	packet = append(packet, make([]byte, sealOverhead)...)
	z.sender.mu.Lock()
	packet = packet[:z.sender.sealer.SealRTP(packet, h.Len, packet[h.Len:end], ssrc, index)]
	z.sender.mu.Unlock()
	z.sender.send(packet)
}

func (z *fuzzed) sendReport(from *client, data []byte) {
	if len(data) >= 8 {
		from.send(from.sealRTCP(data))
	}
}

// settle waits until all was taken, and forgets what came of it. One packet is handed on each time: a leap over 2^15
// numbers, of packets that were not, is more than receivers can follow (RFC 3711 section 3.3.1).
func (z *fuzzed) settle() {
	z.send(asMedia, z.picture)
	z.sender.barrier()
	z.receiver.barrier()
	z.framed.barrier()
	for _, c := range []*client{z.sender, z.receiver, z.framed} {
		c.mu.Lock()
		clear(c.sealed)
		c.mu.Unlock()
		for len(c.media) > 0 {
			<-c.media
		}
		for len(c.control) > 0 {
			<-c.control
		}
		for len(c.updates) > 0 {
			<-c.updates
		}
	}
}

// FuzzCriterion31Datagrams sends datagrams of any content, each behind a byte that tells its way and one for its
// length. The server must live, answer nothing to a stranger, and stay connected to the others.
func FuzzCriterion31Datagrams(f *testing.F) {
	z := newFuzzed(f)
	seed := func(way byte, data []byte) { f.Add(append([]byte{way, byte(len(data))}, data...)) }
	picture := rtp.AppendHeader(nil, &rtp.Header{Marker: true, PayloadType: mediaType, Timestamp: 9}, []rtp.Extension{
		{ID: twccID, Data: []byte{0, 1}}, {ID: sendTimeID, Data: []byte{1, 2, 3}}, {ID: descriptorID, Data: make([]byte, 30)},
	})
	z.picture = append(slices.Clip(picture), vp8(true, true, 1, 1, 1)...)
	seed(asMedia, z.picture)
	seed(asRTX, append(slices.Clip(picture), 0, 5, 0x90, 0x80))
	seed(asReport, []byte{0x80, 200, 0, 6, 0, 0, 0x13, 0x88, 27: 0})
	seed(asReaction, []byte{0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 0, 0xff, 0xff, 0xff})
	seed(aboutConsumer, []byte{0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff, 0xff})
	seed(aboutConsumer, []byte{0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0})
	seed(aboutConsumer, []byte{0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x13, 0x88, 1, 0, 0, 0})
	came := []byte{0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 0, 0x20, 2, 4, 4}
	seed(asFeedback, came)
	f.Add(slices.Concat([]byte{asMedia, byte(len(z.picture))}, z.picture, []byte{asFeedback, byte(len(came))}, came))
	seed(aboutConsumer, []byte{0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 31: 0x80})
	for _, packet := range badChecks(f, z.stranger.transport.ICEParameters()) {
		seed(fromStranger, packet)
		seed(fromSender, packet)
	}
	seed(fromSender, []byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4})
	seed(fromSender, []byte{21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0})
	f.Fuzz(func(t *testing.T, input []byte) {
		for _, c := range []*client{z.stranger, z.sender, z.receiver, z.framed} {
			c.TB = t
		}
		for len(input) >= 2 {
			way, n := input[0], min(int(input[1]), len(input)-2)
			z.send(way, input[2:2+n])
			input = input[2+n:]
		}
		z.settle()
		if n := len(z.stranger.answers); n > 0 {
			t.Errorf("a stranger got %d answers", n)
		}
		for name, c := range map[string]*client{"sender": z.sender, "receiver": z.receiver, "framed": z.framed} {
			if s := c.transport.State(); s != TransportConnected {
				t.Fatalf("the %s is in state %d", name, s)
			}
		}
	})
}
