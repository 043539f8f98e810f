package bwe_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

const (
	linkStep     = ms       // of the simulation
	feedbackTime = 100 * ms // between the messages of a receiver
	frameTime    = 33 * ms  // between frames
	second       = int64(time.Second)
	packetBytes  = 1100            // the largest packet of a frame
	paddingBytes = 280             // a packet of padding
	settleTime   = 5 * time.Second // from the start, before anything is asserted
)

// link is a way to a receiver with one queue in front of it, in simulated time. Everything on it follows from its seed.
type link struct {
	capacity func(at time.Duration) float64 // bit/s
	cross    func(at time.Duration) float64 // bit/s of others, in the same queue
	delay    time.Duration                  // one way
	jitter   time.Duration                  // more delay, 0 up to this; nothing overtakes
	loss     float64                        // share
	buffer   time.Duration                  // the longest queue
	seed     uint64
}

// call is a sender with video on a link, and what was seen of it in each 100 ms.
type call struct {
	link
	// rate gives the bit/s of video that are sent with an estimate, and what would be sent without a limit.
	rate     func(estimate float64, at time.Duration) (sent, wanted float64)
	age      time.Duration // of the sender before the first packet
	keyFrame int           // bytes more of a key frame, each 5 s; 0: there are none

	now      int64
	random   *rand.Rand
	sender   *bwe.Sender
	receiver bwe.Recorder
	free     int64 // when the link has sent all that waits
	last     int64 // arrival
	coming   []coming
	messages []coming // feedback on its way back
	frame    int
	sent     int // packets
	second   []sample
	carried  int
	queued   []time.Duration
}

// coming is a packet or a message, and when it arrives.
type coming struct {
	at       int64
	sequence uint16
	size     int
	message  []byte
}

// sample is what was seen in 100 ms.
type sample struct {
	at       time.Duration
	estimate float64 // bit/s, at its end
	carried  float64 // bit/s of video and padding that went through
	queue    time.Duration
}

func (c *call) run(t *testing.T, length time.Duration) []sample {
	t.Helper()
	c.now = 1000 * second
	start := c.now
	c.random = rand.New(rand.NewPCG(c.seed, 1))
	c.sender = bwe.NewSender(c.now - int64(c.age))
	c.free = c.now
	nextFeedback := c.now + feedbackTime
	for c.now < start+int64(length) {
		at := time.Duration(c.now - start)
		c.deliver(t)
		if c.now >= nextFeedback {
			nextFeedback += feedbackTime
			if b := c.receiver.AppendFeedback(nil, 1, 2); len(b) > 0 {
				c.messages = append(c.messages, coming{at: c.now + int64(c.delay), message: b})
			}
		}
		c.video(start, at)
		if (c.now-start)%(5*ms) == 0 {
			_, wanted := c.rate(float64(c.sender.Estimate(c.now)), at)
			for left := c.sender.Probe(uint64(wanted), c.now); left > 0; left -= paddingBytes {
				c.send(paddingBytes, at)
			}
		}
		c.others(at)
		if (c.now-start)%(100*ms) == 0 {
			c.note(at)
		}
		c.now += linkStep
	}
	return c.second
}

func (c *call) note(at time.Duration) {
	s := sample{at: at, estimate: float64(c.sender.Estimate(c.now)), carried: float64(c.carried) * 80}
	if len(c.queued) > 0 {
		slices.Sort(c.queued)
		s.queue = c.queued[len(c.queued)/2]
	}
	c.carried, c.queued = 0, c.queued[:0]
	c.second = append(c.second, s)
}

// video sends a frame when it is time.
func (c *call) video(start int64, at time.Duration) {
	if c.now < start+int64(c.frame)*frameTime {
		return
	}
	c.frame++
	rate, _ := c.rate(float64(c.sender.Estimate(c.now)), at)
	size := int(rate / 8 * float64(frameTime) / float64(second))
	if c.keyFrame > 0 && c.frame%150 == 0 {
		size += c.keyFrame
	}
	for left := size; left > 0; left -= packetBytes {
		c.send(min(left, packetBytes), at)
	}
}

// send puts a packet on the link.
func (c *call) send(size int, at time.Duration) {
	sequence := c.sender.Sent(size, c.now)
	c.sent++
	c.free = max(c.free, c.now)
	if time.Duration(c.free-c.now) > c.buffer {
		return
	}
	c.queued = append(c.queued, time.Duration(c.free-c.now))
	c.free += int64(float64(size) * 8 / c.capacity(at) * float64(second))
	if c.random.Float64() < c.loss {
		return
	}
	c.last = max(c.last, c.free+int64(c.delay)+int64(c.random.Float64()*float64(c.jitter)))
	c.coming = append(c.coming, coming{at: c.last, sequence: sequence, size: size})
}

// others takes their part of the link, in packets.
func (c *call) others(at time.Duration) {
	if c.cross == nil {
		return
	}
	if share := c.cross(at) / 8 * float64(linkStep) / float64(second) / packetBytes; c.random.Float64() < share {
		c.free = max(c.free, c.now)
		if time.Duration(c.free-c.now) <= c.buffer {
			c.free += int64(packetBytes * 8 / c.capacity(at) * float64(second))
		}
	}
}

// deliver hands over what has arrived by now.
func (c *call) deliver(t *testing.T) {
	t.Helper()
	for len(c.coming) > 0 && c.coming[0].at <= c.now {
		p := c.coming[0]
		c.coming = c.coming[1:]
		c.receiver.Record(p.sequence, p.at)
		c.carried += p.size
	}
	for len(c.messages) > 0 && c.messages[0].at <= c.now {
		r := rtcp.NewReader(c.messages[0].message)
		if !r.Next() {
			t.Fatal(r.Err())
		}
		c.sender.Feedback(r.Packet(), c.now)
		c.messages = c.messages[1:]
	}
}
