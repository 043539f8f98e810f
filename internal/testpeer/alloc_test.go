package testpeer

import (
	"bytes"
	"testing"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/sfu/srtp"
	"stube/internal/signal/protocol"
)

// TestPacketsAllocateNothing sends frames of a camera into a receiver: a load of hundreds of peers must not be busy
// with its own garbage.
func TestPacketsAllocateNothing(t *testing.T) {
	key, salt := bytes.Repeat([]byte{1}, 16), bytes.Repeat([]byte{2}, 12)
	keys := dtls.Keys{
		Profile: srtp.AEADAES128GCM, LocalKey: key, LocalSalt: salt, RemoteKey: key, RemoteSalt: salt,
	}
	transport := newTransport(protocol.Transport{}, Options{})
	transport.ready(keys)
	var arrived [maxDatagram]byte
	transport.sender.write = func(packet []byte) {
		n := copy(arrived[:], packet)
		transport.receiver.rtp(arrival{data: arrived[:n], at: time.Now().UnixNano()})
	}
	options, err := VideoOptions{}.complete()
	if err != nil {
		t.Fatal(err)
	}
	video := newVideo(newTrack(nil), &transport.sender, "0", options)
	stream, err := transport.receiver.add(ortc.Video, videoParameters("0", video.streams, options.Layers))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	frame := func() { video.layers[0].frame(start) }
	for range historySize { // makes what is made once
		frame()
	}
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v allocations a frame, want 0", n)
	}
	stats := stream.stats()
	if stats.Frames < historySize || stats.Lost != 0 || stats.Corrupt != 0 || stats.Packets < stats.Frames {
		t.Errorf("received %+v", stats)
	}
	if c := transport.receiver.counters; c.Unknown+c.Unopened != 0 {
		t.Errorf("strays: %+v", c)
	}
}
