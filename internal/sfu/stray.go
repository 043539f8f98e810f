package sfu

import (
	"net/netip"
	"slices"
	"time"

	"stube/internal/sfu/rtp"
	"stube/internal/sfu/udp"
)

const (
	// strayQuiet is how long nothing may have come by the way in use before packets from another port are believed to
	// be its continuation: sound comes every 20 ms, so that whoever repeats it from elsewhere comes too early.
	strayQuiet = 30 * time.Millisecond
	// strayShare bounds the search for whose packet it is: it may take one part in so many of a Worker's time, and a while
	// of that at once, since some packets have no next one soon. One search counts for at most straySearch.
	strayShare  = 20
	strayBurst  = 200 * time.Millisecond
	straySearch = time.Millisecond
)

// adopt finds the Transport of a packet of media or its control that comes from an unknown port: a router on the way
// forgot the flow and made a new one, of which the client cannot know before its next connectivity check. Who proves
// by their keys that they sent it, and had been at the same address before, is sent to that port from now on. Only the
// port may be another one: media can't be turned to an address that nobody checked.
func (w *Worker) adopt(d *udp.Datagram, from path) *Transport {
	if !isMedia(d.Payload) || w.pipe.now < w.nextStray {
		return nil
	}
	began := w.server.now()
	var found *Transport
	w.server.transports.Range(func(_, value any) bool {
		t, ok := value.(*Transport)
		if ok && t.near(from) && t.newest(d.Payload, w.stray[:]) {
			found = t
		}
		return found == nil
	})
	took := min(w.server.now()-began, int64(straySearch)) // what else the machine did meanwhile doesn't count
	w.nextStray = max(w.nextStray, w.pipe.now-int64(strayBurst)) + strayShare*took
	if found == nil || !found.follow(from, w.pipe.now) {
		return nil
	}
	w.settle(found)
	w.learn(from.udp, found)
	return found
}

// isMedia tells SRTP and SRTCP from the rest (RFC 7983).
func isMedia(packet []byte) bool { return packet[0] >= 128 && packet[0] <= 191 }

// near tells whether a path is the client's but for the port.
func (t *Transport) near(p path) bool {
	if t.closed.Load() {
		return false
	}
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	return t.state == TransportConnected && p.besides(t.path)
}

// besides tells whether two paths are of UDP and differ at most in the client's port.
func (p path) besides(other path) bool {
	other.udp.Remote = netip.AddrPortFrom(other.udp.Remote.Addr(), p.udp.Remote.Port())
	return p.tcp == nil && p == other
}

// newest tells whether the client sent this packet, and after all that came until now. It works on a copy.
func (t *Transport) newest(packet, scratch []byte) bool {
	scratch = scratch[:copy(scratch, packet)]
	t.recvMu.Lock()
	defer t.recvMu.Unlock()
	if t.opener == nil {
		return false
	}
	if rtp.IsRTCP(scratch) {
		return t.opener.NewestRTCP(scratch)
	}
	var h rtp.Header
	if h.Parse(scratch) != nil {
		return false
	}
	in := t.inbound[h.SSRC]
	return in != nil && t.opener.NewestRTP(&in.window, scratch, h.Len, h.SSRC)
}

// stray is where a client's newest packet came from when something had just come by the way in use.
type stray struct {
	from path
	at   int64
}

// follow sends by another path from now on, until ICE validates one, if the client fell silent on its own. If that is
// not known yet, the tick will see: of who only receives no other packet may come for a second.
func (t *Transport) follow(to path, now int64) bool {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	if t.closed.Load() || !to.besides(t.path) {
		return false
	}
	if now-t.lastHeard.Load() < int64(strayQuiet) {
		t.stray = stray{to, now}
		return false
	}
	t.adopt(to, now)
	return true
}

// followStray follows the client's newest packet if nothing came by the way in use since. sendMu is held.
func (t *Transport) followStray(now int64) {
	s := t.stray
	switch {
	case s.at == 0:
	case t.lastHeard.Load() >= s.at || !s.from.besides(t.path):
		t.stray = stray{}
	case now-s.at >= int64(strayQuiet):
		t.adopt(s.from, now)
	}
}

// adopt sends by another path of the same network as before: what is known of that stays. sendMu is held.
func (t *Transport) adopt(to path, now int64) {
	t.heard(now)
	t.path, t.adopted, t.stray = to, to, stray{}
}

// isValidated tells whether ICE has validated a path.
func (t *Transport) isValidated(p path) bool {
	t.sendMu.Lock()
	defer t.sendMu.Unlock()
	return slices.Contains(t.validated, p)
}
