package sfu

import (
	"encoding/binary"
	"sync/atomic"
	"testing"
	"time"

	pionrtcp "github.com/pion/rtcp"

	"stube/internal/ortc"
	"stube/internal/sfu/rtcp"
	"stube/internal/sfu/rtp"
)

const (
	framePause = 10 * time.Millisecond
	// frameTicks are the timestamp units in that time.
	frameTicks = 900
)

// encoder is a camera with simulcast: it sends a frame of two packets on each layer every 10 ms, and a key frame on
// a layer when that is asked for.
type encoder struct {
	*client
	layers  []*encoderLayer
	tick    chan struct{} // after each frame, if somebody waits
	fill    atomic.Int64  // bytes that a frame of the top layer is longer; a quarter of it on the one below, and so on
	reports atomic.Bool   // sends sender reports
}

type encoderLayer struct {
	sender
	on         atomic.Bool
	sent, keys atomic.Int64 // frames, and key frames among them
	base       uint32       // timestamp at the encoder's start
	pictureID  uint16
	tl0        byte
	owesKey    bool
	rtx        sender
}

// byRid describes layers that are told by rid only, the smallest first.
func byRid(rids ...string) []ortc.RTPEncodingParameters {
	list := make([]ortc.RTPEncodingParameters, len(rids))
	for i, rid := range rids {
		list[i] = ortc.RTPEncodingParameters{Rid: rid, ScaleResolutionDownBy: float64(int(1) << (len(rids) - 1 - i))}
	}
	return list
}

// bySSRC describes layers that are told by SSRC, the smallest first.
func bySSRC(ssrcs ...uint32) []ortc.RTPEncodingParameters {
	list := make([]ortc.RTPEncodingParameters, len(ssrcs))
	for i, ssrc := range ssrcs {
		list[i] = single(ssrc)
		list[i].ScaleResolutionDownBy = float64(int(1) << (len(ssrcs) - 1 - i))
	}
	return list
}

// encoder makes the sending side of a camera's encodings. Layers told by rid get SSRCs from 7000 on.
func (c *client) encoder(encodings []ortc.RTPEncodingParameters) *encoder {
	e := &encoder{client: c, tick: make(chan struct{})}
	for i, encoding := range encodings {
		ssrc := encoding.SSRC
		l := &encoderLayer{base: uint32(i) * 1_000_000_007, pictureID: uint16(i) * 9000, tl0: byte(i) * 70}
		if ssrc == 0 {
			ssrc = 7000 + uint32(i)*10
			l.extensions = []rtp.Extension{
				{ID: midID, Data: []byte("v")}, {ID: ridID, Data: []byte(encoding.Rid)},
			}
			l.rtx.extensions = []rtp.Extension{
				{ID: midID, Data: []byte("v")}, {ID: repairedID, Data: []byte(encoding.Rid)},
			}
		}
		l.client, l.ssrc, l.payloadType, l.sequence = c, ssrc, mediaType, uint64(i+1)*20000
		l.rtx.client, l.rtx.ssrc, l.rtx.payloadType = c, ssrc+1, rtxType
		l.on.Store(true)
		e.layers = append(e.layers, l)
	}
	return e
}

// run sends frames until the test ends.
func (e *encoder) run() {
	stop, done := make(chan struct{}), make(chan struct{})
	e.Cleanup(func() {
		close(stop)
		<-done
	})
	go func() {
		defer close(done)
		ticker := time.NewTicker(framePause)
		defer ticker.Stop()
		for frame := uint32(0); ; {
			select {
			case <-stop:
				return
			case <-ticker.C:
				e.frame(frame)
				frame++
				select {
				case e.tick <- struct{}{}:
				default:
				}
			case p := <-e.control:
				if pli, ok := p.(*pionrtcp.PictureLossIndication); ok {
					e.owe(pli.MediaSSRC)
				}
			}
		}
	}()
}

func (e *encoder) owe(ssrc uint32) {
	for _, l := range e.layers {
		if l.ssrc == ssrc {
			l.owesKey = true
		}
	}
}

// frame sends the frame of the given number on all layers.
func (e *encoder) frame(number uint32) {
	for i, l := range e.layers {
		if !l.on.Load() {
			continue
		}
		l.timestamp = l.base + number*frameTicks
		if e.reports.Load() && number%20 == 0 {
			e.sendReport(l, number)
		}
		if l.owesKey {
			l.keys.Add(1)
		}
		l.pictureID++
		l.tl0++
		for _, start := range []bool{true, false} {
			l.marker = !start
			l.next(e.packet(i, number, start, l.owesKey))
		}
		l.sent.Add(1)
		l.owesKey = false
	}
}

// packet makes half a frame: descriptor, layer and frame number, then what fills it.
func (e *encoder) packet(layer int, number uint32, start, key bool) []byte {
	l := e.layers[layer]
	p := vp8(start, key, l.pictureID&0x7fff, l.tl0, byte(layer))
	p = binary.BigEndian.AppendUint32(p, number)
	return append(p, make([]byte, (e.fill.Load()>>(2*(len(e.layers)-1-layer)))/2)...)
}

// sendReport tells when, on the sender's clock, the frame was taken: frame 0 at second 1000.
func (e *encoder) sendReport(l *encoderLayer, number uint32) {
	e.client.report(&pionrtcp.SenderReport{
		SSRC: l.ssrc, RTPTime: l.timestamp,
		NTPTime: rtcp.NTP(int64(1000*time.Second) + int64(number)*int64(framePause)),
	})
}

// picture is what a receiver makes of an encoder's packet.
type picture struct {
	arrival
	rtp.VP8
	layer  int
	number uint32 // of the frame
}

func readPicture(t testing.TB, a arrival) picture {
	t.Helper()
	p := picture{arrival: a, VP8: pictureOf(t, a)}
	if len(a.payload) < 13 {
		t.Fatalf("a packet of %d bytes", len(a.payload))
	}
	p.layer, p.number = int(a.payload[8]), binary.BigEndian.Uint32(a.payload[9:])
	return p
}

// viewer follows a consumer's packets and checks that each goes on from the one before.
type viewer struct {
	*client
	ssrc uint32
	last *picture
}

// follow takes packets until one of the layer comes, and returns it.
func (v *viewer) follow(layer int) picture {
	v.Helper()
	late := time.After(deadline)
	for {
		select {
		case a := <-v.media:
			if p, ok := v.look(a); ok && p.layer == layer {
				return p
			}
		case <-late:
			v.Fatalf("no packet of layer %d came", layer)
		}
	}
}

// look checks a packet, if it is one of the consumer's.
func (v *viewer) look(a arrival) (p picture, ok bool) {
	v.Helper()
	if a.SSRC != v.ssrc || a.repeated {
		return p, false
	}
	p = readPicture(v, a)
	v.compare(p)
	v.last = &p
	return p, true
}

// lookAtAll checks what has come.
func (v *viewer) lookAtAll() {
	v.Helper()
	for {
		select {
		case a := <-v.media:
			v.look(a)
		default:
			return
		}
	}
}

// longestGap is how far a frame's timestamp may be from the one before: a layer counts as gone after 1.5 s only.
const longestGap = 3 * 90000

// compare checks a packet against the one before.
func (v *viewer) compare(p picture) {
	v.Helper()
	if v.last == nil {
		if !p.KeyFrame {
			v.Errorf("begins with a packet that is no key frame")
		}
		return
	}
	last := v.last
	if p.Sequence != last.Sequence+1 {
		v.Errorf("number %d follows %d", p.Sequence, last.Sequence)
	}
	if p.layer != last.layer && !p.KeyFrame {
		v.Errorf("layer %d begins with a packet that is no key frame", p.layer)
	}
	step := int32(p.arrival.Timestamp - last.arrival.Timestamp)
	if step < 0 || step > longestGap {
		v.Errorf("the timestamp goes on by %d", step)
	}
	wantID, wantTL0 := last.PictureID, last.TL0
	if p.Start {
		wantID, wantTL0 = (wantID+1)&0x7fff, wantTL0+1
		if step == 0 {
			v.Errorf("two frames with one timestamp")
		}
	}
	if p.PictureID != wantID || p.TL0 != wantTL0 {
		v.Errorf("picture %d, TL0 %d; want %d, %d", p.PictureID, p.TL0, wantID, wantTL0)
	}
}
