package testpeer

import (
	"fmt"
	"net/netip"

	"stube/internal/ortc"
	"stube/internal/sfu/dtls"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer/latency"
)

// Direct is a peer's media without its signalling, ICE and DTLS: one UDP socket to a fixed address, with keys that both
// ends know. It makes, takes and counts packets with the same code, and so at the same cost, as a Peer. The benchmark's
// floor is measured with it. It sends no control packets but what its streams ask for.
type Direct struct {
	transport *transport
	video     *Video
	audio     *Audio
	consumers []*stream
}

// NewDirect opens a socket to an address.
func NewDirect(remote netip.AddrPort, keys dtls.Keys) (*Direct, error) {
	d := &Direct{transport: newTransport(protocol.Transport{}, Options{})}
	l, err := dialUDP(nil, remote)
	if err != nil {
		return nil, err
	}
	if err := d.transport.adopt(l); err != nil {
		return nil, err
	}
	d.transport.use(l)
	d.transport.ready(keys)
	return d, nil
}

// LocalAddr is where the socket is reached.
func (d *Direct) LocalAddr() netip.AddrPort {
	d.transport.mu.Lock()
	defer d.transport.mu.Unlock()
	return d.transport.path.(*udpLink).localAddr()
}

// Prepare makes a camera of one layer and a microphone, which Publish will send.
func (d *Direct) Prepare(video VideoOptions, audio AudioOptions) error {
	video, err := video.complete()
	if err != nil {
		return fmt.Errorf("prepare to publish: %w", err)
	}
	if audio, err = audio.complete(); err != nil {
		return fmt.Errorf("prepare to publish: %w", err)
	}
	d.video = newVideo(newTrack(nil), &d.transport.sender, "0", video)
	d.audio = newAudio(newTrack(nil), &d.transport.sender, "1", audio)
	return nil
}

// Publish starts to send what was prepared, until Close.
func (d *Direct) Publish() {
	d.video.source.Go(d.video.run)
	d.audio.source.Go(d.audio.run)
}

// SSRCs are those of the prepared video and audio.
func (d *Direct) SSRCs() (video, audio uint32) {
	return d.video.streams[0].config.ssrc, d.audio.streams[0].config.ssrc
}

// Expect counts what comes with these SSRCs of a publisher's video and audio.
func (d *Direct) Expect(video, audio uint32) error {
	for _, of := range []struct {
		kind  ortc.MediaKind
		ssrc  uint32
		clock uint32
	}{{ortc.Video, video, videoClock}, {ortc.Audio, audio, audioClock}} {
		s, err := d.transport.receiver.add(of.kind, ortc.RTPParameters{
			Codecs:    []ortc.RTPCodecParameters{{ClockRate: of.clock}},
			Encodings: []ortc.RTPEncodingParameters{{SSRC: of.ssrc}},
		})
		if err != nil {
			return err
		}
		d.consumers = append(d.consumers, s)
	}
	return nil
}

// Received counts what came: the packets of all streams, those missing, and how long they took.
func (d *Direct) Received() (packets uint64, lost int64, took latency.Histogram) {
	r := &d.transport.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range d.consumers {
		c := s.stats()
		packets += c.Packets
		lost += c.Lost
		took.Add(&s.latency)
	}
	return packets, lost, took
}

// Strays counts the packets that nobody expected.
func (d *Direct) Strays() uint64 {
	r := &d.transport.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counters.Unknown
}

// Close ends the streams and the socket, and waits for their goroutines.
func (d *Direct) Close() {
	if d.video != nil {
		d.video.end()
		d.audio.end()
	}
	d.transport.close()
}
