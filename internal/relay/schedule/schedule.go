// Package schedule says what a network does to packets in one direction, and how that changes over time.
//
// It is data with a strict text form, for command lines and tests. It owns no goroutine, and must not know packets,
// sockets or clocks.
package schedule

import "time"

// Profile is what a network does to packets in one direction. The zero value does nothing.
type Profile struct {
	Delay  time.Duration // of each packet
	Jitter time.Duration // up to so much more, evenly spread; packets stay in order

	Loss        float64 // share of packets that are lost, each by itself: 0 none, 1 all
	Burst       float64 // share of packets that are lost in bursts, beside Loss
	BurstLength float64 // packets of a burst on average; 1 and more

	Reorder   float64       // share of packets that others overtake
	ReorderBy time.Duration // how much later than in order they come

	Rate       int           // bit/s of the link, with the headers of IP and UDP; 0: no limit
	Queue      time.Duration // how long at Rate the queue before the link may be; what doesn't fit is dropped
	QueueBytes int           // or how many bytes; with neither it is DefaultQueue
}

// DefaultQueue is the length of a queue that nobody set.
const DefaultQueue = 200 * time.Millisecond

// Capacity is how many bytes the queue holds.
func (p Profile) Capacity() int {
	if p.QueueBytes > 0 {
		return p.QueueBytes
	}
	queue := p.Queue
	if queue == 0 {
		queue = DefaultQueue
	}
	return int(float64(p.Rate) / 8 * queue.Seconds())
}

// Step is a change: from At on the network does what Profile says.
type Step struct {
	At      time.Duration
	Profile Profile
}

// Schedule is a network that changes: steps in order of time. Before the first, and without any, it does nothing.
type Schedule []Step

// Steady is a schedule that stays at one profile.
func Steady(p Profile) Schedule { return Schedule{{Profile: p}} }

// Profile is what the network does at a moment after the schedule's start.
func (s Schedule) Profile(at time.Duration) Profile {
	var current Profile
	for _, step := range s {
		if step.At > at {
			break
		}
		current = step.Profile
	}
	return current
}
