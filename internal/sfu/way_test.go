package sfu

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"stube/internal/ortc"
	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

// way is a call in simulated time: cameras of some layers each, and a voice, on their way to a client whose link has a
// queue in front of it, and who gives transport-wide feedback. What is sent is decided as in the Server; packets have a
// size and no bytes. Everything follows from the seed.
type way struct {
	rate             func(at time.Duration) float64 // bit/s of the link
	loss             float64                        // share, behind the queue
	buffer           time.Duration                  // the longest queue
	distance, jitter time.Duration                  // to the client and back, each way
	layers           []int                          // bit/s of each camera
	fps              int
	seed             uint64

	random    *rand.Rand
	transport *Transport
	pipe      *pipeline
	cameras   []*filmed
	recorder  bwe.Recorder
	start     int64
	free      int64 // when the link has sent all that waits
	last      int64 // arrival
	coming    []underway
	messages  []underway
	looks     []seenOf // of 100 ms each
}

// filmed is a camera and its consumer.
type filmed struct {
	consumer *Consumer
	sequence int64
	asked    []int64 // when key frames are due, by layer; 0: none is
	askedAt  []int64
}

// underway is a packet or a message, and when it arrives.
type underway struct {
	at       int64
	sequence uint16
	message  []byte
}

// seenOf is what was seen of the link in 100 ms.
type seenOf struct {
	bytes, dropped  int
	longest         time.Duration
	waits           []time.Duration
	voice, voiceBad int // packets of the voice; those that came over 200 ms later than they could, or not at all
	shown           int // pictures that are sent
}

const (
	wayStep  = int64(time.Millisecond)
	lookTime = int64(100 * time.Millisecond)
	wayHead  = 36 // bytes of RTP header
)

// at gives the look at a time.
func (w *way) at(now int64) *seenOf {
	i := int((now - w.start) / lookTime)
	for len(w.looks) <= i {
		w.looks = append(w.looks, seenOf{})
	}
	return &w.looks[i]
}

// open makes the client and so many cameras.
func (w *way) open(count int) {
	w.random = rand.New(rand.NewPCG(w.seed, 7))
	w.transport = &Transport{consumers: map[string]*Consumer{}, bySSRC: map[uint32]*Consumer{}}
	w.transport.home.Store(&Worker{urged: true})
	w.start = 1000 * int64(time.Second)
	w.pipe = &pipeline{traffic: &traffic{}, now: w.start}
	w.free = w.start
	for i := range count {
		sender := &Transport{}
		sender.home.Store(&Worker{urged: true})
		p := &Producer{kind: ortc.Video, transport: sender, clockRate: 90000}
		p.height.Store(720)
		p.consumers.Store(&[]*Consumer{})
		for j := range w.layers {
			s := &stream{producer: p, layer: j, scale: float64(int(1) << (len(w.layers) - 1 - j))}
			p.streams = append(p.streams, s)
		}
		c := &Consumer{
			id: strconv.Itoa(i), ssrc: uint32(i), rtxSSRC: 1000, producer: p, transport: w.transport, wide: true,
			target: none, targetRate: allLayers, viewed: true, view: View{Width: 1280, Height: 720, Priority: 2},
		}
		c.desired.Store(none)
		w.transport.consumers[c.id] = c
		w.cameras = append(w.cameras, &filmed{
			consumer: c, asked: make([]int64, len(w.layers)), askedAt: make([]int64, len(w.layers)),
		})
	}
}

// run plays for a time.
func (w *way) run(t *testing.T, lasts time.Duration) {
	t.Helper()
	p := w.pipe
	for end := p.now + int64(lasts); p.now < end; p.now += wayStep {
		passed := p.now - w.start
		w.deliver(t)
		if passed%lookTime == 0 {
			if b := w.recorder.AppendFeedback(nil, 1, 2); len(b) > 0 {
				w.messages = append(w.messages, underway{at: p.now + int64(w.distance), message: b})
			}
			for _, f := range w.cameras {
				if f.consumer.stream != nil {
					w.at(p.now).shown++
				}
			}
		}
		if passed%int64(20*time.Millisecond) == 0 {
			w.voice()
		}
		for i, f := range w.cameras {
			if frame := int64(time.Second) / int64(w.fps); (passed+frame*int64(i)/10)%frame < wayStep {
				w.film(f)
			}
		}
		if passed%int64(500*time.Millisecond) == 0 {
			w.measure()
		}
		w.tick(passed)
		for _, s := range p.keyFrames {
			w.ask(s)
		}
		p.keyFrames = p.keyFrames[:0]
	}
}

// tick does the periodic work, as Transport.tick.
func (w *way) tick(passed int64) {
	t, p := w.transport, w.pipe
	if passed%int64(tickInterval) == 0 && p.now >= t.nextTick.Load() {
		t.nextTick.Store(aligned(p.now, idleInterval))
		t.choose(p)
		w.probe()
		if len(p.keyFrames) > 0 {
			t.nextTick.Store(p.now + int64(waitingInterval))
		}
	} else if g := &t.congestion; passed%int64(burstInterval) == 0 && g.sender != nil && g.sender.Probing() {
		w.probe()
	}
}

// probe sends padding, where there is a stream for it.
func (w *way) probe() {
	g := &w.transport.congestion
	if g.sender == nil || w.transport.padder() == nil {
		return
	}
	for size := g.sender.Probe(g.wanted, w.pipe.now); size > 0; size -= 300 {
		w.send(256)
	}
}

// ask has a key frame come after a while.
func (w *way) ask(s *stream) {
	for _, f := range w.cameras {
		if f.consumer.producer == s.producer && w.pipe.now-f.askedAt[s.layer] >= int64(keyFrameInterval) {
			f.askedAt[s.layer] = w.pipe.now
			f.asked[s.layer] = w.pipe.now + int64(60*time.Millisecond)
		}
	}
}

// film makes the frames of a moment.
func (w *way) film(f *filmed) {
	now, c := w.pipe.now, f.consumer
	for i, s := range c.producer.streams {
		s.lastPacket.Store(now)
		key := f.asked[i] != 0 && now >= f.asked[i]
		size := float64(w.layers[i]) / 8 / float64(w.fps) * (0.8 + 0.4*w.random.Float64())
		if key {
			size, f.asked[i] = 3*size, 0
		}
		f.sequence++
		packets := int(size)/1150 + 1
		s.layerBytes[0][0] += uint64(size) + uint64(packets)*wireOverhead
		if c.stream != s && key && s.layer == c.targetStream() && !c.waits && !c.idle() {
			c.sequence.start(s, f.sequence)
			c.stream, c.stopped = s, false
		}
		for range packets {
			if c.stream == s && !c.idle() {
				c.sent.bytes += uint64(int(size) / packets)
				w.send(int(size) / packets)
			}
		}
	}
}

// measure computes what is sent, and what the layers cost.
func (w *way) measure() {
	for _, f := range w.cameras {
		f.consumer.measure(w.pipe.now)
		for _, s := range f.consumer.producer.streams {
			s.measureLayers(int64(measureInterval))
		}
	}
}

// send numbers a packet of video of so many bytes of payload, and puts it on the link.
func (w *way) send(payload int) {
	var place [2]byte
	w.transport.number(place[:], payload+wayHead, w.pipe.now)
	if at, ok := w.link(payload + wayHead + datagramOverhead); ok {
		number := uint16(place[0])<<8 | uint16(place[1])
		w.coming = append(w.coming, underway{at: at, sequence: number})
	}
}

// voice sends a packet of sound.
func (w *way) voice() {
	look := w.at(w.pipe.now)
	look.voice++
	if at, ok := w.link(150); !ok || at-w.pipe.now-int64(w.distance) > int64(200*time.Millisecond) {
		look.voiceBad++
	}
}

// link tells when a packet arrives, if it does.
func (w *way) link(size int) (at int64, ok bool) {
	now := w.pipe.now
	look := w.at(now)
	w.free = max(w.free, now)
	if time.Duration(w.free-now) > w.buffer {
		look.dropped++
		return 0, false
	}
	w.free += int64(float64(size) * 8 / w.rate(time.Duration(now-w.start)) * float64(time.Second))
	wait := time.Duration(w.free - now)
	look.longest, look.waits = max(look.longest, wait), append(look.waits, wait)
	w.at(w.free).bytes += size
	if w.random.Float64() < w.loss {
		return 0, false
	}
	w.last = max(w.last, w.free+int64(w.distance)+int64(w.random.Float64()*float64(w.jitter)))
	return w.last, true
}

// deliver hands over what has arrived by now.
func (w *way) deliver(t *testing.T) {
	t.Helper()
	for len(w.coming) > 0 && w.coming[0].at <= w.pipe.now {
		w.recorder.Record(w.coming[0].sequence, w.coming[0].at)
		w.coming = w.coming[1:]
	}
	for len(w.messages) > 0 && w.messages[0].at <= w.pipe.now {
		r := rtcp.NewReader(w.messages[0].message)
		if !r.Next() {
			t.Fatal(r.Err())
		}
		w.transport.receiveFeedback(w.pipe, r.Packet())
		w.messages = w.messages[1:]
	}
}

// between sums up the looks between two moments.
func (w *way) between(from, to time.Duration) seenOf {
	var sum seenOf
	for _, l := range w.looks[from/100/time.Millisecond : to/100/time.Millisecond] {
		sum.bytes += l.bytes
		sum.dropped += l.dropped
		sum.longest = max(sum.longest, l.longest)
		sum.waits = append(sum.waits, l.waits...)
		sum.voice += l.voice
		sum.voiceBad += l.voiceBad
		sum.shown += l.shown
	}
	slices.Sort(sum.waits)
	return sum
}

// share is that of a link of so many bit/s that was used in a time.
func (l seenOf) share(rate float64, in time.Duration) float64 {
	return float64(l.bytes) * 8 / in.Seconds() / rate
}

func (l seenOf) missing() float64 { return float64(l.voiceBad) / float64(max(l.voice, 1)) }

// wait is what so many of a hundred packets didn't wait longer than.
func (l seenOf) wait(percent int) time.Duration { return l.waits[(len(l.waits)-1)*percent/100] }

// since is the time after a moment from which on for a second all is good.
func (w *way) since(from, to time.Duration, good func(seenOf) bool) (time.Duration, bool) {
	for at := from; at+time.Second <= to; at += 100 * time.Millisecond {
		if good(w.between(at, at+time.Second)) {
			return at - from, true
		}
	}
	return 0, false
}
