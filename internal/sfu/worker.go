package sfu

import (
	"errors"
	"math"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"stube/internal/sfu/udp"
)

const (
	// batchSize is how many messages a Worker takes from its socket at once.
	batchSize = 32
	// tickInterval is how often a Worker looks for periodic work while packets come, and how soon at the earliest it
	// wakes for it when none do.
	tickInterval = 20 * time.Millisecond
	// sweepInterval is how often a Worker forgets the addresses that are no longer used.
	sweepInterval = 10 * time.Second
	// minPaths is how many addresses a Worker always has room for.
	minPaths = 256
	// maxReadErrors is how many reads in a row may fail before a Worker gives up.
	maxReadErrors = 1000
)

// ticker is what has periodic work. tick is called by one Worker, about each tickInterval while packets come. It tells
// when it has to be called again though none come: waking a sleeping processor costs more than the work. The time is
// never when the ticker is closed and to be forgotten.
type ticker interface {
	tick(p *pipeline) (next int64)
}

// never is the time of a ticker that is not to be called again.
const never = math.MaxInt64

// Worker is a goroutine with a UDP socket: it carries each packet that arrives there all the way to its receivers.
// The kernel gives all packets of one client to the same Worker, by their addresses (SO_REUSEPORT).
type Worker struct {
	server  *Server
	address int // index of the bound address
	socket  *udp.Socket

	// The goroutine's own.
	reader    *udp.Reader
	pipe      *pipeline
	paths     map[udp.Path]*Transport // validated by ICE
	fullAt    int                     // how many paths there may be before those of the past are forgotten
	lastPath  udp.Path                // the last look-up in paths: packets come in runs
	last      *Transport
	tickers   []ticker
	nextTick  int64
	nextSweep int64
	wake      int64        // when the wait for packets ends, by the last tick
	bursting  []*Transport // those that a probe is sent to, or for whom packets are held back
	nextBurst int64        // when its next burst is due
	received  uint64       // datagrams
	nextStray int64        // when it may again be searched for whose a packet from an unknown port is
	stray     [maxPacket]byte

	traffic traffic // written by the goroutine, read by anybody

	// Guarded by mu; so is setting the socket's deadline.
	mu      sync.Mutex
	joining []ticker
	urged   bool  // the deadline is in the past, for a tick at once
	awaited int64 // the deadline otherwise; 0: another one
}

func newWorker(s *Server, address, index int, socket *udp.Socket) *Worker {
	w := &Worker{
		server: s, address: address, socket: socket,
		reader: udp.NewReader(socket, batchSize), paths: make(map[udp.Path]*Transport), fullAt: minPaths,
	}
	w.pipe = newPipeline(s, &w.traffic, index)
	w.pipe.worker = w
	return w
}

// add has the Worker call t's tick from now on.
func (w *Worker) add(t ticker) {
	w.mu.Lock()
	w.joining = append(w.joining, t)
	w.mu.Unlock()
	w.urge()
}

// settle makes the Worker the home of a transport, whose packets arrive here.
func (w *Worker) settle(t *Transport) {
	if t.home.Swap(w) != w {
		w.add(t)
	}
}

// urge has the Worker look for periodic work at once, even if it waits for packets.
func (w *Worker) urge() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.urged {
		w.urged, w.awaited = true, 0
		_ = w.socket.SetReadDeadline(time.Unix(1, 0))
	}
}

func (w *Worker) run() {
	failed := 0
	for {
		err := w.step()
		switch {
		case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
			failed = 0
		case errors.Is(err, net.ErrClosed):
			return
		default:
			if failed++; failed > maxReadErrors {
				w.server.log.Error("a media socket cannot be read any more", "error", err)
				return
			}
		}
	}
}

// step waits for a batch of packets or for the time of the periodic work, and does what is to be done.
func (w *Worker) step() error {
	datagrams, err := w.reader.Read()
	w.pipe.now = w.server.now()
	w.received += uint64(len(datagrams))
	for i := range datagrams {
		w.pipe.arrived = w.pipe.now - int64(datagrams[i].Waited)
		w.receive(&datagrams[i])
	}
	w.pipe.fanOut()
	// Whatever ended the wait set a deadline that has passed, and only a tick or a probe sets the next.
	if w.pipe.now >= w.nextTick || errors.Is(err, os.ErrDeadlineExceeded) && w.expected() {
		w.tick()
	}
	w.burst()
	w.pipe.flush()
	return err
}

// tick does the periodic work and sets the time of the next.
func (w *Worker) tick() {
	w.mu.Lock()
	for _, t := range w.joining {
		if !slices.Contains(w.tickers, t) { // it may have been away and come back since the last tick
			w.tickers = append(w.tickers, t)
		}
	}
	clear(w.joining)
	w.joining = w.joining[:0]
	w.urged = false
	w.mu.Unlock()

	next := int64(never)
	kept := w.tickers[:0]
	for _, t := range w.tickers {
		if due := t.tick(w.pipe); due != never {
			kept = append(kept, t)
			next = min(next, due)
		}
	}
	clear(w.tickers[len(kept):])
	w.tickers = kept
	if w.pipe.now >= w.nextSweep {
		w.nextSweep = w.pipe.now + int64(sweepInterval)
		w.sweep()
	}
	w.publish()
	w.nextTick = w.pipe.now + int64(tickInterval)
	w.sleepUntil(next)
}

// sleepUntil sets when the wait for packets ends if none come. While addresses are known it ends for the next sweep at
// the latest: those of people who have left are not kept until others come.
func (w *Worker) sleepUntil(next int64) {
	if len(w.paths) > 0 {
		next = min(next, w.nextSweep)
	}
	w.wake = max(next, w.nextTick)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.await(w.wake)
}

// expected tells whether it is time for a tick, when the wait for packets ended without any.
func (w *Worker) expected() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.urged || w.pipe.now >= w.wake
}

// await sets when the wait for packets ends if none come. Mostly that is the same time as before, which costs nothing.
// mu is held.
func (w *Worker) await(next int64) {
	if w.urged || next == w.awaited { // urged: the deadline is in the past, and stays there
		return
	}
	w.awaited = next
	deadline := time.Time{}
	if next != never {
		deadline = w.server.epoch.Add(time.Duration(next))
	}
	_ = w.socket.SetReadDeadline(deadline)
}

// learn notes that ICE has validated an address for a transport.
func (w *Worker) learn(p udp.Path, t *Transport) {
	if w.paths[p] == t {
		return
	}
	if len(w.paths) >= w.fullAt { // a client may come from any number of addresses, one after the other
		w.sweep()
	}
	w.paths[p] = t
	w.last = nil
}

// sweep forgets the addresses that no transport uses any more.
func (w *Worker) sweep() {
	for p, t := range w.paths {
		if !t.uses(path{socket: w.address, udp: p}) {
			delete(w.paths, p)
		}
	}
	w.fullAt = max(minPaths, 2*len(w.paths))
	w.last, w.lastPath = nil, udp.Path{}
}

// lookup finds the transport that ICE has validated for an address.
func (w *Worker) lookup(p udp.Path) *Transport {
	if w.last != nil && p == w.lastPath {
		return w.last
	}
	t := w.paths[p]
	if t == nil {
		return nil
	}
	if t.closed.Load() {
		delete(w.paths, p)
		return nil
	}
	w.last, w.lastPath = t, p
	return t
}
