package sfu

import "sync/atomic"

// counters count what the media server did with packets that did not simply pass. They are touched only for what is
// rare, so that workers do not contend for them.
type counters struct {
	unknownAddress, malformed, unauthentic, replayed, unroutable atomic.Uint64
	notReady, tcpQueueFull                                       atomic.Uint64
}

// Counters tell how many packets the Server received and sent, and how many it dropped and why.
type Counters struct {
	// UnknownAddress came from an address that ICE has not validated, or were STUN for nobody.
	UnknownAddress uint64
	// Malformed were no valid STUN, DTLS, RTP or RTCP.
	Malformed uint64
	// Unauthentic failed their integrity check.
	Unauthentic uint64
	// Replayed were seen before or too old to tell.
	Replayed uint64
	// Unroutable belonged to no producer or consumer.
	Unroutable uint64
	// NotReady came before the transport had its keys.
	NotReady uint64
	// TCPQueueFull could not be written to an ICE-TCP connection.
	TCPQueueFull uint64
}

// Counters gives the counts since the Server's start.
func (s *Server) Counters() Counters {
	c := &s.counters
	return Counters{
		UnknownAddress: c.unknownAddress.Load(), Malformed: c.malformed.Load(), Unauthentic: c.unauthentic.Load(),
		Replayed: c.replayed.Load(), Unroutable: c.unroutable.Load(), NotReady: c.notReady.Load(),
		TCPQueueFull: c.tcpQueueFull.Load(),
	}
}
