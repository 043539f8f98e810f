package sfu

import (
	"fmt"
	"math"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"stube/internal/ortc"
	"stube/internal/sfu/rtp"
	"stube/internal/sfu/srtp"
	"stube/internal/sfu/udp"
)

const (
	benchPacket = 1100 // bytes on the wire, as the publisher sends it
	benchFrame  = 6    // packets of a frame, which come and go together
)

// BenchmarkForward takes frames of one publisher through the whole path, from the socket in to the sockets out, and
// reports the CPU time of the worker's thread for each forwarded packet. Only the worker's step is on the clock, not
// the publisher nor the receivers, who run in between.
func BenchmarkForward(b *testing.B) {
	for _, profile := range []srtp.Profile{srtp.AEADAES128GCM, srtp.AESCM128HMACSHA180} {
		for _, consumers := range []int{1, 10, 100, 1000} {
			b.Run(fmt.Sprintf("%v/%d", profile, consumers), func(b *testing.B) {
				bench := newForwarding(b, profile, consumers)
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				for range 600 { // fill the history, and all that is made once
					bench.round(b)
				}
				var before, after runtime.MemStats
				var spent time.Duration
				runtime.ReadMemStats(&before)
				b.ResetTimer()
				for b.Loop() {
					spent += bench.round(b)
				}
				runtime.ReadMemStats(&after)
				packets := float64(b.N * benchFrame * consumers)
				b.ReportMetric(float64(spent.Nanoseconds())/1000/packets, "cpu-µs/packet")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/packets, "allocs/packet")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// TestForwardAllocatesNothing: the packet path must not feed the garbage collector.
func TestForwardAllocatesNothing(t *testing.T) {
	bench := newForwarding(t, srtp.AEADAES128GCM, 10)
	for range 600 {
		bench.round(t)
	}
	if n := testing.AllocsPerRun(200, func() { bench.round(t) }); n != 0 {
		t.Errorf("%v allocations for a frame of %d packets to 10 consumers, want 0", n, benchFrame)
	}
}

// forwarding is a publisher, a server whose only worker is stepped by hand, and consumers that read now and then.
type forwarding struct {
	worker    *Worker
	sealer    *srtp.Sealer
	publisher *udp.Writer
	to        udp.Path
	sinks     []*udp.Reader
	sequence  uint64
	frame     uint32
	payload   [benchPacket]byte
}

func newForwarding(tb testing.TB, profile srtp.Profile, consumers int) *forwarding {
	tb.Helper()
	return newRooms(tb, 1, consumers, profile)[0]
}

// publish makes a producer whose transport has a path and keys.
func (f *forwarding) publish(tb testing.TB, router *Router, profile srtp.Profile) *Producer {
	tb.Helper()
	socket := listen(tb)
	f.publisher = udp.NewWriter(socket)
	t, err := router.NewTransport(TransportConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	f.sealer = secure(tb, t, profile)
	from := path{udp: udp.Path{Remote: socket.LocalAddr()}}
	t.sendMu.Lock()
	t.validated = []path{from}
	t.sendMu.Unlock()
	f.worker.learn(from.udp, t)
	producer, err := t.Produce(ProducerConfig{Kind: ortc.Video, Parameters: ortc.RTPParameters{
		Mid: "0",
		Codecs: []ortc.RTPCodecParameters{
			{MimeType: ortc.MimeVP8, PayloadType: 96, ClockRate: 90000},
			{MimeType: ortc.MimeRTX, PayloadType: 97, ClockRate: 90000, Parameters: ortc.CodecSettings{"apt": 96}},
		},
		Encodings: []ortc.RTPEncodingParameters{{SSRC: 1111, RTX: &ortc.RTXParameters{SSRC: 2222}}},
	}})
	if err != nil {
		tb.Fatal(err)
	}
	return producer
}

// consume makes a consumer whose transport has a path and keys.
func (f *forwarding) consume(tb testing.TB, router *Router, producer *Producer, profile srtp.Profile) {
	tb.Helper()
	socket := listen(tb)
	f.sinks = append(f.sinks, udp.NewReader(socket, 1))
	t, err := router.NewTransport(TransportConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	secure(tb, t, profile)
	t.sendMu.Lock()
	t.path = path{udp: udp.Path{Remote: socket.LocalAddr()}}
	t.congestion.pacer.tokens = math.MaxInt64 // frames come faster than from any camera: none is to be held back
	t.sendMu.Unlock()
	c, err := t.Consume(ConsumerConfig{Producer: producer, Capabilities: router.Capabilities()})
	if err != nil {
		tb.Fatal(err)
	}
	t.SetViews([]View{{ConsumerID: c.ID(), Width: 1280, Height: 720}})
}

func listen(tb testing.TB) *udp.Socket {
	tb.Helper()
	sockets, err := udp.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sockets[0].Close() })
	return sockets[0]
}

// secure gives a transport keys without a handshake, and returns the client's end.
func secure(tb testing.TB, t *Transport, profile srtp.Profile) *srtp.Sealer {
	tb.Helper()
	key, salt := make([]byte, profile.KeyLen()), make([]byte, profile.SaltLen())
	sealer, err := srtp.NewSealer(profile, key, salt)
	if err != nil {
		tb.Fatal(err)
	}
	opener, err := srtp.NewOpener(profile, key, salt)
	if err != nil {
		tb.Fatal(err)
	}
	own, err := srtp.NewSealer(profile, key, salt)
	if err != nil {
		tb.Fatal(err)
	}
	t.recvMu.Lock()
	t.opener = opener
	t.recvMu.Unlock()
	t.sendMu.Lock()
	t.sealer.Store(own)
	t.state = TransportConnected
	t.sendMu.Unlock()
	t.lastHeard.Store(t.server.now() + int64(time.Hour))
	return sealer
}

// round sends a frame, has the worker forward it, and lets the consumers read. It returns the worker's CPU time.
func (f *forwarding) round(tb testing.TB) time.Duration {
	f.send()
	start := threadTime(tb)
	if err := f.worker.step(); err != nil {
		tb.Fatal(err)
	}
	spent := threadTime(tb) - start
	for _, sink := range f.sinks {
		if datagrams, err := sink.Read(); err != nil || len(datagrams) == 0 {
			tb.Fatalf("a consumer got %d packets: %v", len(datagrams), err)
		}
	}
	return spent
}

// send sends a frame, the first a key frame.
func (f *forwarding) send() {
	f.publisher.Begin(f.to)
	for i := range benchFrame {
		h := rtp.Header{
			PayloadType: 96, SSRC: 1111, Marker: i == benchFrame-1,
			Timestamp: f.frame * 3000, Sequence: uint16(f.sequence),
		}
		buffer := f.publisher.Buffer(benchPacket)
		n := len(rtp.AppendHeader(buffer[:0], &h, nil))
		payload := f.payload[:benchPacket-n-16]
		payload[0], payload[1] = 0, 1
		if i == 0 {
			payload[0] = 0x10 // the frame begins
			if f.frame == 0 {
				payload[1] = 0 // a key frame
			}
		}
		f.publisher.Commit(f.sealer.SealRTP(buffer, n, payload, 1111, f.sequence))
		f.sequence++
	}
	f.publisher.Flush()
	f.frame++
}

func threadTime(tb testing.TB) time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(ts.Nano())
}
