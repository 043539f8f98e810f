package relay

import (
	"container/heap"
	"math"
	"sync"
	"time"

	"stube/internal/relay/schedule"
)

const (
	// headers are the bytes of IPv4 and UDP, which a link carries too.
	headers = 28
	// never is the time of what will not happen by itself.
	never = int64(math.MaxInt64)
	// maxHeld bounds the packets that are on their way in a pipe.
	maxHeld = 20_000
)

// pipe is one direction of a client's network: a link with a queue before it, and the distance behind it. It counts on
// the caller's clock, in nanoseconds, and sends with the functions that come with the packets. It owns no goroutine.
type pipe struct {
	mu       sync.Mutex // guards what follows
	schedule schedule.Schedule
	begun    int64    // when the schedule began
	queue    []packet // before the link, the first one being sent
	waiting  int      // bytes of the queue
	done     int64    // when the first one will have been sent
	air      air      // behind the link
	last     int64    // when the last packet in order arrives
	number   uint64   // of the next packet in the air
	counters Counters
}

// packet is a packet on its way.
type packet struct {
	data   []byte
	send   func([]byte) // to where it goes
	fate   fate
	came   int64
	at     int64 // when it arrives
	number uint64
}

// shape begins a schedule.
func (p *pipe) shape(s schedule.Schedule, now int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.advance(now)
	p.schedule, p.begun = s, now
}

func (p *pipe) profile(now int64) schedule.Profile {
	return p.schedule.Profile(time.Duration(now - p.begun))
}

// enter takes a packet, whose data stay the caller's. It tells when the pipe has to be looked at next.
func (p *pipe) enter(data []byte, send func([]byte), d *dice, now int64) (next int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.advance(now)
	profile := p.profile(now)
	k := packet{send: send, fate: d.throw(profile), came: now}
	p.counters.Packets++
	size := len(data) + headers
	switch {
	case k.fate.lost:
		p.counters.Lost++
	case len(p.queue)+len(p.air) >= maxHeld,
		profile.Rate > 0 && len(p.queue) > 0 && p.waiting+size > profile.Capacity():
		p.counters.Dropped++
	default:
		k.data = append([]byte(nil), data...)
		p.queue = append(p.queue, k)
		p.waiting += size
		if len(p.queue) == 1 {
			p.start(now)
		}
		p.advance(now)
	}
	return p.next()
}

// look does what is due and tells when to look again.
func (p *pipe) look(now int64) (next int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.advance(now)
	return p.next()
}

// start puts the first packet of the queue on the link at a time.
func (p *pipe) start(at int64) {
	p.done = at
	if rate := p.profile(at).Rate; rate > 0 {
		p.done += int64(len(p.queue[0].data)+headers) * 8 * int64(time.Second) / int64(rate)
	}
}

// advance does everything that is due.
func (p *pipe) advance(now int64) {
	for len(p.queue) > 0 && p.done <= now {
		k := p.queue[0]
		p.queue[0] = packet{}
		p.queue = p.queue[1:]
		p.waiting -= len(k.data) + headers
		p.depart(k, p.done)
		if len(p.queue) > 0 {
			p.start(p.done)
		}
	}
	for len(p.air) > 0 && p.air[0].at <= now {
		k := heap.Pop(&p.air).(packet)
		p.counters.Delivered++
		p.counters.Bytes += uint64(len(k.data) + headers)
		k.send(k.data)
	}
}

// depart sends a packet on its way behind the link.
func (p *pipe) depart(k packet, now int64) {
	profile := p.profile(now)
	p.counters.Queued.Record(time.Duration(now - k.came))
	at := max(p.last, now+int64(profile.Delay+k.fate.jitter))
	if k.fate.behind > 0 {
		p.counters.Reordered++
		at += int64(k.fate.behind)
	} else {
		p.last = at
	}
	k.at, k.number = at, p.number
	p.number++
	heap.Push(&p.air, k)
}

// next is when something will be due.
func (p *pipe) next() int64 {
	next := never
	if len(p.queue) > 0 {
		next = p.done
	}
	if len(p.air) > 0 {
		next = min(next, p.air[0].at)
	}
	return next
}

// count copies the counters.
func (p *pipe) count() Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counters
}

// air are the packets behind the link, a heap by when they arrive.
type air []packet

func (a air) Len() int { return len(a) }

func (a air) Less(i, j int) bool {
	if a[i].at != a[j].at {
		return a[i].at < a[j].at
	}
	return a[i].number < a[j].number
}

func (a air) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is the heap's.
func (a *air) Push(k any) { *a = append(*a, k.(packet)) }

// Pop is the heap's.
func (a *air) Pop() any {
	last := len(*a) - 1
	k := (*a)[last]
	(*a)[last] = packet{}
	*a = (*a)[:last]
	return k
}
