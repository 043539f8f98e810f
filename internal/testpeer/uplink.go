package testpeer

import (
	"sync"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

const (
	// lookInterval is how often it is looked at what the way up carries; a probe's packets need it that often.
	lookInterval = 5 * time.Millisecond
	// spare is the part of a layer's cost, 1/spare, that must be free for it to begin: as libwebrtc has it.
	spare = 5
	// overhead are the bytes of a picture's packet beside its payload: the RTP header with its extensions, the tag, UDP
	// and IPv4.
	overhead = 24 + 16 + 8 + 20
	// repairTime is for how long what is left of the estimate is saved up for repairs, and repairBytes the least of it.
	repairTime  = 0.2 // s
	repairBytes = 1500
)

// uplink follows what the way up carries, as a browser does: it estimates that from the server's transport-wide
// feedback about the pictures' packets, which it numbers, and pays from it for the layers of the tracks, for repairs
// and for probes. It is safe for concurrent use and owns no goroutine. The nil one is of a peer that sends all it has.
type uplink struct {
	begun time.Time

	mu        sync.Mutex // guards what follows; nothing else is locked under it
	estimator *bwe.Sender
	tracks    []*Track // with pictures; those published first are paid for first
	repairs   float64  // bytes that may be sent again
	looked    int64
}

func newUplink() *uplink {
	return &uplink{begun: time.Now(), estimator: bwe.NewSender(0)}
}

// now is the estimator's time. It must be asked under the lock, so that it never runs backwards.
func (u *uplink) now() int64 { return int64(time.Since(u.begun)) }

// number notes a packet with so many bytes of payload, and gives its transport-wide number.
func (u *uplink) number(payload int) uint16 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.estimator.Sent(payload+overhead, u.now())
}

// feedback takes what the server tells of arrivals.
func (u *uplink) feedback(message rtcp.Packet) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.estimator.Feedback(message, u.now())
}

// restart forgets the way, because packets go another one.
func (u *uplink) restart() {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.estimator.Restart(u.now())
}

// add pays for a track's layers from now on, for the smallest one at first.
func (u *uplink) add(t *Track) {
	if u == nil {
		return
	}
	t.paid.Store(0)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tracks = append(u.tracks, t)
}

func (u *uplink) remove(gone *Track) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for i, t := range u.tracks {
		if t == gone {
			u.tracks = append(u.tracks[:i], u.tracks[i+1:]...)
			return
		}
	}
}

// repair tells whether so many bytes may be sent again now.
func (u *uplink) repair(payload int) bool {
	if u == nil {
		return true
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.repairs <= 0 {
		return false
	}
	u.repairs -= float64(payload + overhead)
	return true
}

// look has each track send what the way up pays for, and probes whether it carries more. Call it each lookInterval.
func (u *uplink) look() {
	stream, size := u.pay()
	for size > 0 {
		sent := stream.repeat()
		if sent == 0 {
			return
		}
		size -= sent
	}
}

// pay chooses the tracks' layers, and tells of which stream how many bytes are to be sent again as a probe.
func (u *uplink) pay() (probing *outgoing, size int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.tracks) == 0 {
		return nil, 0
	}
	now := u.now()
	rate := u.estimator.Estimate(now)
	left, wanted := rate, uint64(0)
	for _, t := range u.tracks {
		costs := t.costs[:min(int(t.wanted.Load())+1, len(t.costs))]
		sent := payable(costs, int(t.paid.Load())+1, left)
		t.afford(max(sent-1, 0), framesFor(t.costs[0], left))
		left -= min(left, sum(costs[:sent]))
		wanted += sum(costs)
		probing = t.streams[max(sent-1, 0)]
	}
	passed := time.Duration(now - u.looked).Seconds()
	u.repairs = min(u.repairs+float64(left)/8*passed, max(float64(rate)/8*repairTime, repairBytes))
	u.looked = now
	return probing, u.estimator.Probe(wanted+wanted/spare, now)
}

// payable is how many of a track's layers, which cost so many bit/s, the smallest first, a rate pays for, while so many
// of them are sent. The smallest always is: less cannot be sent. One that isn't sent begins only where there is spare.
func payable(costs []uint64, sent int, rate uint64) int {
	total := uint64(0)
	for i, cost := range costs {
		total += cost
		need := total
		if i >= sent {
			need += total / spare
		}
		if i > 0 && need > rate {
			return i
		}
	}
	return len(costs)
}

// framesFor is how many frames, of allFrames, of a layer that costs so many bit/s a rate pays for.
func framesFor(cost, rate uint64) int {
	return int(allFrames * min(rate, cost) / cost)
}

func sum(costs []uint64) (total uint64) {
	for _, cost := range costs {
		total += cost
	}
	return total
}

// follow looks at the way up until the peer is closed.
func (p *Peer) follow() {
	pace := time.NewTicker(lookInterval)
	defer pace.Stop()
	for {
		select {
		case <-pace.C:
			p.send.sender.uplink.look()
		case <-p.ctx.Done():
			return
		}
	}
}
